// A change in sentences, and what it does to the data: for proposals, for saving by hand, for the history.
import { h } from "./dom.js";

export const changeList = (changes) => h("ul", { class: "changes" }, changes.map((one) => h("li", { data: { kind: one.kind } }, one.words)));

export function effect(said) {
  if (said.refused) return h("div", { class: "message wrong small" }, h("strong", {}, "The data stands in the way"), said.refused);
  if (!said.notes.length) return null;
  return h("div", { class: "message heed small" }, h("strong", {}, said.kept ? "What happens to the data" : "What would happen to data"), said.notes.map((note) => h("span", {}, note)));
}
