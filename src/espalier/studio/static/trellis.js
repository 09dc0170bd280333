// An app while it is written: a stem with a wire for each part of the blueprint, and buds for what stands in it.
import { h, swatch } from "./dom.js";

const PARTS = [["app", "Name"], ["theme", "Look"], ["roles", "People"], ["data", "Data"], ["access", "Access"], ["pages", "Pages"], ["seed", "Samples"], ["automations", "By itself"]];
const HEAD = /^(\w+):[ \t]*(.*)$/;
const CHILD = /^ {2}(?! )("[^"]+"|'[^']+'|[^:#\s][^:]*):/;
const COLOUR = /(?:primary|accent|background): *["']?(#[0-9a-fA-F]{3,8}|[a-z]+)/g;
const bare = (text) => text.trim().replace(/^(["'])(.*)\1$/, "$2");

// What a blueprint's text says so far: [{key, name, buds, colours}] in the order of the language; `last` is the part being written.
export function parts(text) {
  const found = new Map();
  let last = "";
  for (const line of text.split("\n")) {
    const head = HEAD.exec(line);
    if (head) {
      last = head[1] === "about" || head[1] === "tagline" ? "app" : head[1] === "signup" ? "roles" : head[1];
      if (!found.has(last)) found.set(last, { buds: [], text: "" });
      const here = found.get(last);
      here.text += `${line}\n`;
      if (head[1] === "app" && head[2]) here.buds.push(bare(head[2]));
      if (head[1] === "roles") here.buds.push(...head[2].replace(/[[\]]/g, "").split(",").map(bare).filter(Boolean));
      continue;
    }
    const here = found.get(last);
    if (!here) continue;
    here.text += `${line}\n`;
    const child = CHILD.exec(line);
    if (child && ["data", "pages", "access", "seed", "automations"].includes(last)) here.buds.push(bare(child[1]).replace(/ \([^)]*\)$/, ""));
  }
  const theme = found.get("theme");
  const colours = theme ? [...theme.text.matchAll(COLOUR)].map((one) => one[1]).filter((one) => !["light", "dark"].includes(one)) : [];
  const style = theme && /style: *(\w+)/.exec(theme.text);
  if (theme && style) theme.buds.push(style[1]);
  return { last, list: PARTS.map(([key, name]) => ({ key, name, there: found.has(key), buds: found.get(key)?.buds || [], colours: key === "theme" ? colours : [] })) };
}

// Draws into an <ol>. draw(text, over): nothing that stands already is drawn anew, so that it does not move.
export function trellis(list) {
  const rows = new Map(PARTS.map(([key, name]) => {
    const buds = h("ul", { class: "buds" });
    const row = h("li", { data: { state: "bare" } }, h("span", { class: "part" }, name), buds);
    list.append(row);
    return [key, { row, buds }];
  }));
  return function draw(text, over = false) {
    const { last, list: said } = parts(text);
    let furthest = null;
    for (const part of said) {
      const { row, buds } = rows.get(part.key);
      row.dataset.state = !part.there ? "bare" : part.key === last && !over ? "growing" : "grown";
      row.hidden = over && !part.there;
      if (part.there) furthest = row;
      const want = [...part.colours.map((colour) => ({ colour })), ...part.buds.map((name) => ({ name }))];
      while (buds.children.length > want.length) buds.lastChild.remove();
      want.forEach((one, index) => {
        const words = one.colour || one.name;
        const there = buds.children[index];
        if (there?.dataset.words === words) return;
        const bud = h("li", { title: words, data: { words, ...(one.colour ? { swatch: "" } : {}) } }, one.colour ? swatch(one.colour) : null, words);
        if (there) there.replaceWith(bud);
        else buds.append(bud);
      });
    }
    const height = furthest ? furthest.offsetTop + furthest.offsetHeight : 0;
    list.style.setProperty("--grown", list.offsetHeight ? `${Math.min(100, (height / list.offsetHeight) * 100)}%` : "0%");
    return said[0].buds[0] || "";
  };
}
