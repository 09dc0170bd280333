// Questions in front of the page.
import { button, h } from "./dom.js";
import { say } from "./notices.js";

// A dialog with a title and what is in it; closes by Escape, by its buttons and beside it. Returns the element.
export function open(title, parts, { wide = false, closed = () => {} } = {}) {
  const heading = h("h2", { id: "dialog-title" }, title);
  const dialog = h("dialog", { class: wide ? "wide" : "", "aria-labelledby": "dialog-title" }, h("div", { class: "sheet" }, heading, parts));
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => { document.body.append(document.querySelector(".notices")); dialog.remove(); closed(); });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

// Is somebody sure? Resolves to true or false.
export const sure = (title, words, { yes = "Yes", danger = false } = {}) =>
  new Promise((resolve) => {
    let answer = false;
    const dialog = open(title, [
      words && h("div", {}, words),
      h("footer", {}, button("Cancel", () => dialog.close(), { autofocus: danger }), button(yes, () => { answer = true; dialog.close(); }, { kind: danger ? "danger" : "main", autofocus: !danger })),
    ], { closed: () => resolve(answer) });
  });

// A line of text; resolves to it, or to null when nothing was said.
export const ask = (title, { label, value = "", hint = "", yes = "Save" } = {}) =>
  new Promise((resolve) => {
    let answer = null;
    const input = h("input", { class: "input", name: "line", value, autofocus: true });
    const form = h("form", { method: "dialog", class: "section", onsubmit: () => { answer = input.value.trim(); } },
      h("label", { class: "field" }, h("span", {}, label), input, hint && h("span", { class: "hint" }, hint)),
      h("footer", { class: "row" }, h("span", { class: "push" }), button("Cancel", () => dialog.close()), h("button", { class: "button main" }, yes)));
    const dialog = open(title, form, { closed: () => resolve(answer) });
    input.select();
  });

// A link to pass on.
export function link(title, address, words = "") {
  const input = h("input", { class: "input model", readonly: true, value: address, "aria-label": "The link" });
  const copy = async () => {
    input.select();
    try { await navigator.clipboard.writeText(address); say("Copied."); } catch { document.execCommand("copy"); }
  };
  const dialog = open(title, [words && h("p", { class: "muted" }, words), input,
    h("footer", {}, button("Close", () => dialog.close()), button("Copy", copy, { kind: "main", image: "copy" }))]);
}
