// The window that shows an app: two frames, so that the old one stays until the new one is there; widths; pointing at a block.
import { h } from "./dom.js";

const WIDTHS = { phone: 390, tablet: 820, desktop: 1280 };

export class Frame {
  // place: the element with class `window`, in a `ground`. heard: {page({path, title}), block({block, rect})}.
  constructor(place, heard = {}) {
    this.place = place;
    this.heard = heard;
    this.width = matchMedia("(min-width: 60rem)").matches ? "desktop" : "";
    this.now = null;
    this.coming = null;
    this.picking = false;
    this.ready = new WeakSet(); // frames whose page has said that it is there
    this.pointer = h("div", { class: "pointer", hidden: true });
    this.place.append(this.pointer);
    addEventListener("message", (event) => this.#hear(event));
    new ResizeObserver(() => this.fit()).observe(place.parentElement);
  }

  show(url) {
    if (!url || url === this.url) return;
    this.url = url;
    this.coming?.remove();
    const frame = (this.coming = h("iframe", { class: "coming", title: "The app", src: url }));
    frame.addEventListener("load", () => this.#arrived(frame), { once: true });
    this.place.prepend(frame);
    this.place.classList.add("loading");
    if (!this.now) this.#arrived(frame, true); // nothing to keep on show meanwhile
  }

  reload() {
    const url = this.url;
    this.url = "";
    this.show(url);
  }

  // phone, tablet, desktop; "" as wide as there is room. A window wider than the room is drawn smaller.
  resize(width) {
    this.width = width;
    this.fit();
  }

  fit() {
    const ground = this.place.parentElement;
    const room = ground.clientWidth;
    const wide = this.width ? WIDTHS[this.width] : room;
    this.scale = wide > room && room ? room / wide : 1;
    const style = this.place.style;
    style.width = this.width ? `${wide}px` : "100%";
    style.height = this.scale < 1 ? `${ground.clientHeight / this.scale}px` : "100%";
    style.transform = this.scale < 1 ? `scale(${this.scale})` : "";
    // A box wider than the ground would begin at its edge: it is moved to the middle.
    style.marginLeft = this.scale < 1 ? `${(room - wide) / 2}px` : "";
    style.marginRight = style.marginLeft;
  }

  pick(on) {
    this.picking = on;
    this.pointer.hidden = true;
    this.#tell();
  }

  #arrived(frame, early = false) {
    if (frame !== this.coming && frame !== this.now) return;
    frame.classList.remove("coming");
    if (!early) this.place.classList.remove("loading");
    if (this.now && this.now !== frame) this.now.remove();
    this.now = frame;
    this.coming = null;
    this.#tell();
  }

  #tell() {
    // Before its page is there, a frame is of our own origin: the page says when it is, then it is told.
    if (this.now && this.ready.has(this.now)) this.now.contentWindow.postMessage({ espalier: "pick", on: this.picking }, new URL(this.url, location).origin);
  }

  #hear(event) {
    const frame = [this.now, this.coming].find((one) => one && event.source === one.contentWindow);
    const said = event.data;
    if (!frame || !said?.espalier) return;
    if (said.espalier === "page") { this.ready.add(frame); this.#tell(); this.heard.page?.(said); }
    if (!this.picking || frame !== this.now) return;
    if (said.espalier === "over") this.#point(said.rect);
    if (said.espalier === "block") { this.#point(said.rect); this.heard.block?.(said); }
  }

  #point(rect) {
    this.pointer.hidden = false;
    for (const [key, value] of Object.entries({ left: rect.x, top: rect.y, width: rect.width, height: rect.height })) this.pointer.style[key] = `${value}px`;
  }
}
