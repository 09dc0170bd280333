// Two answers to the same words, side by side: which is better?
import { get, post } from "./api.js";
import { button, h } from "./dom.js";
import { open } from "./dialogs.js";
import { Frame } from "./frame.js";
import { trying } from "./notices.js";
import { seconds, share } from "./words.js";

// chosen(build id) is called when one was taken.
export async function compare(here, build, chosen) {
  const written = build.candidates.filter((one) => one.text).slice(-2);
  const take = (one, pressed) => trying(async () => {
    await post(`/api/builds/${build.id}/choose`, { candidate: one.number });
    dialog.close();
    chosen(build.id);
  }, pressed);
  const address = async (one) => (build.app ? (await get(here.url(`/preview?${new URLSearchParams({ build: build.id, candidate: one.number })}`))).url : one.preview);
  const shown = await trying(() => Promise.all(written.map(address)));
  if (!shown) return;
  const windows = written.map(() => h("div", { class: "window" }));
  const dialog = open("Which is better?", [
    h("div", { class: "side-by-side" }, written.map((one, index) =>
      h("article", {},
        h("div", { class: "ground" }, windows[index]),
        h("div", { class: "row" },
          button(`Take ${one.number === 1 ? "the first" : `number ${one.number}`}`, (event) => take(one, event.currentTarget), { kind: "main" }),
          h("span", { class: "muted small number" }, `check ${share(one.score)}, ${seconds(one.seconds.total || 0)} s`, one.chosen ? ", now" : ""))))),
    build.kind === "build" && here.app.versions.some((one) => !["build", "gallery"].includes(one.how))
      ? h("p", { class: "muted small" }, "Taking one makes the app what this answer says. What was changed since stays in the history.") : null,
    h("footer", {}, button("Decide later", () => dialog.close())),
  ], { wide: true });
  windows.forEach((place, index) => new Frame(place).show(shown[index]));
}
