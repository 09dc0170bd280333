// Two answers to the same words, side by side: which is better?
import { get, post } from "./api.js";
import { button, h } from "./dom.js";
import { open } from "./dialogs.js";
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
  const dialog = open("Which is better?", [
    h("div", { class: "side-by-side" }, written.map((one, index) =>
      h("article", {},
        h("iframe", { src: shown[index], title: `Answer ${one.number}` }),
        h("div", { class: "row" },
          button(`Take ${one.number === 1 ? "the first" : `number ${one.number}`}`, (event) => take(one, event.currentTarget), { kind: "main" }),
          h("span", { class: "muted small number" }, `check ${share(one.score)}, ${seconds(one.seconds.total || 0)} s`, one.chosen ? ", now" : ""))))),
    h("footer", {}, button("Decide later", () => dialog.close())),
  ], { wide: true });
}
