// Making elements. Words go in as text, never as HTML.

export const find = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// h("button", {class: "main", onclick: run, "aria-label": "Stop"}, "Stop"): nothing, false and null are left out.
export function h(name, given = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(node.dataset, value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/vendor/icons.svg#${name}`);
  svg.append(use);
  return svg;
}

// A dot in a colour that a blueprint names.
export function swatch(colour) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 2 2");
  svg.setAttribute("aria-hidden", "true");
  const circle = document.createElementNS(SVG, "circle");
  for (const [key, value] of Object.entries({ cx: 1, cy: 1, r: 1, fill: colour })) circle.setAttribute(key, value);
  svg.append(circle);
  return svg;
}

export const button = (words, run, { kind = "", image = "", ...more } = {}) =>
  h("button", { type: "button", class: `button ${kind}`, onclick: run, ...more }, image && icon(image), words);

// A choice of which one is pressed: [[value, words or an icon's name, label]].
export function segments(label, choices, value, choose) {
  const group = h("div", { class: "segments", role: "group", "aria-label": label });
  for (const [key, image, name] of choices)
    group.append(
      h("button", { type: "button", "aria-pressed": String(key === value), title: name, "aria-label": name, data: { key },
        onclick: () => { mark(key); choose(key); } }, icon(image)),
    );
  const mark = (key) => all("button", group).forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.key === key)));
  return group;
}

// JSON that the server put into the page.
export const given = (id) => JSON.parse(document.getElementById(id).textContent);
