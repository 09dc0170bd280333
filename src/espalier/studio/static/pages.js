// The view Pages: what stands on which page, to be put in another order by dragging or with Alt and the arrow keys.
import { find, h, icon } from "./dom.js";
import { count } from "./words.js";

export function pages(here) {
  const panel = find("#panel-pages");
  const map = h("div", { class: "page-map" });
  panel.append(h("div", { class: "roll" }, h("div", { class: "page" }, h("p", { class: "muted" }, "Drag a block to another place on its page", h("span", { class: "for-keys" }, ", or use Alt and the arrow keys"), "."), map)));
  let held = null;
  let wanted = "";

  async function move(page, from, to) {
    if (from === to) return;
    wanted = `${page.key}:${to}`;
    await here.change("/move", `Moved on ${page.name}.`, { body: { page: page.key, from, to } });
  }

  function block(page, kind, index) {
    const node = h("li", { class: "block", tabindex: "0", data: { place: `${page.key}:${index}` }, "aria-label": `${kind}, ${index + 1} of ${page.blocks.length} on ${page.name}. Alt and arrow keys move it.` },
      icon("grip-vertical"), kind,
      h("button", { type: "button", "aria-label": `Ask about ${kind}`, title: "Ask for a change of this", onclick: () => here.askAbout(`${page.key}:${index}`) }, icon("message-square")));
    node.addEventListener("keydown", (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const to = index + step;
      if (event.altKey) { if (to >= 0 && to < page.blocks.length) move(page, index, to); }
      else node.parentElement.children[to]?.focus();
    });
    node.addEventListener("pointerdown", (event) => {
      // A finger scrolls the page, but for the handle.
      if (event.button === 0 && !event.target.closest("button") && (event.pointerType === "mouse" || event.target.closest(".icon"))) hold(event, node, page, index);
    });
    return node;
  }

  function hold(event, node, page, from) {
    const list = node.parentElement;
    node.setPointerCapture(event.pointerId);
    held = { to: from };
    const clear = () => [...list.children].forEach((one) => one.classList.remove("before", "after", "held"));
    const moved = (now) => {
      if (Math.abs(now.clientY - event.clientY) < 5) return;
      clear();
      node.classList.add("held");
      const boxes = [...list.children].map((one) => one.getBoundingClientRect());
      let to = boxes.findIndex((box) => now.clientY < box.top + box.height / 2);
      if (to === -1) to = boxes.length;
      held.to = to > from ? to - 1 : to;
      const mark = list.children[held.to];
      if (held.to !== from) mark.classList.add(held.to > from ? "after" : "before");
    };
    const end = (now) => {
      node.removeEventListener("pointermove", moved);
      clear();
      const { to } = held;
      held = null;
      if (now.type === "pointerup") move(page, from, to);
    };
    node.addEventListener("pointermove", moved);
    node.addEventListener("pointerup", end, { once: true });
    node.addEventListener("pointercancel", end, { once: true });
  }

  function draw() {
    map.replaceChildren(...here.app.pages.map((page) =>
      h("section", {}, h("h3", {}, page.name, h("small", {}, [page.who && `for ${page.who}`, page.each && `one for each ${page.each}`].filter(Boolean).join(", ") || count(page.blocks.length, "block"))),
        h("ol", {}, page.blocks.map((kind, index) => block(page, kind, index))))));
    if (wanted) { find(`[data-place="${CSS.escape(wanted)}"]`, map)?.focus(); wanted = ""; }
  }
  draw();
  return { name: "pages", update: draw };
}
