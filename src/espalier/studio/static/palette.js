// The command palette: everything a page can do, by its name. Ctrl or Cmd with K opens it.
import { get } from "./api.js";
import { h, icon } from "./dom.js";
import { fail } from "./notices.js";

const sources = [];
// give: a function that returns commands: {name, image, hint?, run}
export const offer = (give) => sources.push(give);

let apps = null;
const known = () => apps ||= get("/api/apps").then((said) => said.apps, () => []);
let shown = null;

export async function open() {
  if (shown) return shown.close();
  const opener = document.activeElement;
  let commands = sources.flatMap((give) => give());
  let here = [];
  let at = 0;
  const input = h("input", { type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-label": "Search and commands", placeholder: "What do you want to do?", autocomplete: "off", spellcheck: "false" });
  const list = h("div", { role: "listbox", id: "palette-list", "aria-label": "Commands" });
  const dialog = shown = h("dialog", { class: "palette", "aria-label": "Search and commands" }, input, list);

  const draw = () => {
    here = matching(commands, input.value);
    at = Math.min(at, Math.max(0, here.length - 1));
    list.replaceChildren(...here.map((one, index) =>
      h("div", { role: "option", id: `command-${index}`, "aria-selected": String(index === at), onclick: () => run(one), onpointermove: () => index !== at && move(index) },
        icon(one.image), h("span", {}, one.name), one.hint && h("small", {}, one.hint))));
    if (!here.length) list.append(h("p", { class: "none" }, "Nothing is called that."));
    input.setAttribute("aria-activedescendant", here.length ? `command-${at}` : "");
  };
  const move = (to) => {
    at = (to + here.length) % here.length;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === at)));
    list.children[at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", `command-${at}`);
  };
  const run = (one) => {
    dialog.close();
    Promise.resolve().then(one.run).catch(fail);
  };
  input.addEventListener("input", () => { at = 0; draw(); });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); if (here.length) move(at + (event.key === "ArrowDown" ? 1 : -1)); }
    if (event.key === "Enter" && here[at]) { event.preventDefault(); run(here[at]); }
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => { dialog.remove(); shown = null; opener?.focus?.(); });
  document.body.append(dialog);
  draw();
  dialog.showModal();
  input.focus();
  const more = (await known()).filter((app) => app.url !== location.pathname).map((app) => ({ name: app.name, image: "layout-grid", hint: "app", run: () => location.assign(app.url) }));
  if (shown === dialog && more.length) { commands = [...commands, ...more]; draw(); }
}

// All words must be there; names that begin with the first come first.
function matching(commands, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const rank = (one) => {
    const name = one.name.toLowerCase();
    if (!words.every((word) => `${name} ${(one.hint || "").toLowerCase()}`.includes(word))) return -1;
    return !words.length ? 1 : name.startsWith(words[0]) ? 3 : name.includes(` ${words[0]}`) ? 2 : 1;
  };
  return commands.map((one) => [rank(one), one]).filter(([score]) => score > 0).sort((a, b) => b[0] - a[0]).map(([, one]) => one);
}
