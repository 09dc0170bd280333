// Short words at the foot of the page: what was done, what failed, and a way back.
import { find, h } from "./dom.js";

// action: [words, function]
export function say(words, { todo = "", action = null, lasts = 6000 } = {}) {
  const note = h("div", { class: "notice" }, h("p", {}, words, todo && h("small", {}, todo)));
  const leave = () => note.remove();
  if (action) note.append(h("button", { type: "button", onclick: () => { leave(); action[1](); } }, action[0]));
  note.append(h("button", { type: "button", class: "close", "aria-label": "Close", onclick: leave }, "✕"));
  const place = find(".notices");
  (document.querySelector("dialog[open]") || document.body).append(place);
  place.replaceChildren(note);
  let timer = setTimeout(leave, lasts);
  note.addEventListener("pointerenter", () => clearTimeout(timer));
  note.addEventListener("pointerleave", () => (timer = setTimeout(leave, 2500)));
}

export const fail = (error) => {
  if (!(error && "todo" in error)) console.error(error);
  say(error.message || "Something went wrong here.", { todo: error.todo, lasts: 10000 });
};

// Run something that may fail; what fails is said. The button is not to be pressed twice meanwhile.
export async function trying(work, pressed = null) {
  if (pressed) pressed.disabled = true;
  try {
    return await work();
  } catch (error) {
    fail(error);
    return undefined;
  } finally {
    if (pressed) pressed.disabled = false;
  }
}

export const wrong = (error) =>
  h("div", { class: "message wrong", role: "alert" }, h("strong", {}, error.message || error.words), error.todo && h("span", {}, error.todo));
