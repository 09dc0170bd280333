// The view Preview: the app in a window, at some width, as some role, with sample or real data; a version or a proposal when asked to.
import { get } from "./api.js";
import { button, find, h, segments } from "./dom.js";
import { Frame } from "./frame.js";
import { trying } from "./notices.js";
import { offer } from "./palette.js";

const ROLES = { anyone: "a visitor", user: "anybody signed in", admin: "admin" };
const WIDTHS = [["", "layers", "As wide as there is room"], ["phone", "smartphone", "Phone"], ["tablet", "tablet", "Tablet"], ["desktop", "monitor", "Desktop"]];

export function preview(here) {
  const panel = find("#panel-preview");
  const box = h("div", { class: "window" });
  const role = h("select", { class: "select little", "aria-label": "Seen as", onchange: () => load() });
  const data = h("select", { class: "select little", "aria-label": "Data", onchange: () => load() }, h("option", { value: "sample" }, "sample data"), h("option", { value: "real" }, "real data"));
  const widths = segments("Width", WIDTHS.slice(1), matchMedia("(min-width: 60rem)").matches ? "desktop" : "", () => {});
  const looking = h("div", { class: "looking", hidden: true });
  panel.append(
    h("div", { class: "tools" }, widths, h("label", {}, h("span", {}, "as"), role), h("label", {}, h("span", {}, "with"), data),
      h("span", { class: "push" }),
      button("", () => frame.reload(), { kind: "plain little only-icon", image: "refresh-cw", "aria-label": "Load again", title: "Load again" }),
      button("", () => trying(openAlone), { kind: "plain little only-icon", image: "external-link", "aria-label": "Open in a tab of its own", title: "Open in a tab of its own" })),
    looking,
    h("div", { class: "ground" }, box),
  );
  const frame = new Frame(box, { block: (said) => here.pointed?.(said) });
  let shown = {}; // what is looked at beside the head: {version} or {build, candidate}, and words

  // Pressing the width that is on makes it as wide as there is room.
  widths.addEventListener("click", (event) => {
    const key = event.target.closest("button")?.dataset.key;
    if (key === undefined) return;
    const next = frame.width === key ? "" : key;
    frame.resize(next);
    for (const one of widths.children) one.setAttribute("aria-pressed", String(one.dataset.key === next));
  });

  const address = async (more = {}) => {
    const wanted = new URLSearchParams({ role: role.value, data: data.value, ...more });
    return (await get(here.url(`/preview?${wanted}`))).url;
  };
  const openAlone = async () => window.open(await address(asked()), "_blank", "noopener");
  const asked = () => (shown.build ? { build: shown.build, candidate: shown.candidate || "" } : { version: shown.version || here.app.head });
  async function load() {
    const url = await trying(() => address(asked()));
    if (url) frame.show(url);
  }

  function fill() {
    const now = role.value;
    role.replaceChildren(...here.app.roles.map((name) => h("option", { value: name }, ROLES[name] || name)));
    role.value = here.app.roles.includes(now) ? now : here.app.roles[0];
  }

  // Look at another version or at a proposal; acts: what may be done with it.
  here.look = (what, words, acts = []) => {
    shown = what;
    looking.replaceChildren(h("span", {}, words), h("span", { class: "push" }), ...acts, button("Back to now", () => here.lookAway(), { kind: "little" }));
    looking.hidden = false;
    here.show("preview");
    return load();
  };
  here.lookAway = () => {
    if (looking.hidden) return;
    shown = {};
    looking.hidden = true;
    load();
  };
  here.pick = (on) => {
    if (on) { here.lookAway(); here.show("preview"); }
    frame.pick(on);
  };

  fill();
  load();
  offer(() => [
    ...here.app.roles.map((name) => ({ name: `See it as ${ROLES[name] || name}`, image: "eye", run: () => { role.value = name; here.show("preview"); return load(); } })),
    ...WIDTHS.map(([key, image, name]) => ({ name: key ? `Width: ${name.toLowerCase()}` : "Width: all there is", image, run: () => { here.show("preview"); const pressed = [...widths.children].find((one) => one.dataset.key === (key || frame.width)); if (frame.width !== key) pressed?.click(); } })),
    { name: data.value === "real" ? "With sample data" : "With real data", image: "database", run: () => { data.value = data.value === "real" ? "sample" : "real"; here.show("preview"); return load(); } },
  ]);
  return {
    name: "preview",
    shown: () => frame.fit(),
    update: () => { fill(); shown = {}; looking.hidden = true; load(); },
  };
}
