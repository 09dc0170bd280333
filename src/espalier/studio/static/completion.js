// What may stand at a place of a blueprint: from the JSON Schema, by the keys above the place; and names that the text itself declares.

// The language's field types; the schema says of a field only that it is a text. A test holds this list to the language.
export const TYPES = ["bool", "color", "date", "datetime", "email", "file", "image", "int", "json", "location", "long", "marks", "money", "number", "percent", "phone", "rating", "serial", "tags", "text", "time", "url"];
const WHO = ["anyone", "user", "nobody", "own"];
const LINE = /^( *)((?:- +)*)("[^"]*"|'[^']*'|[^:#]*?)(:(?: |$)|$)/;

// The keys above a line: [{key, item}] from the root; item: the key stands in a list's item.
export function above(lines, number, indent) {
  const path = [];
  let limit = indent;
  for (let at = number - 1; at >= 0 && limit > 0; at--) {
    const found = LINE.exec(lines[at]);
    if (!found || !lines[at].trim()) continue;
    const deep = found[1].length + found[2].length;
    const own = found[1].length;
    if (found[2] && own < limit) { path.unshift({ item: true }); limit = own; if (own === 0) break; continue; }
    if (found[4] && deep < limit) { path.unshift({ key: found[3].trim().replace(/^["']|["']$/g, "") }); limit = deep; }
  }
  return path;
}

export function completer(schema) {
  const resolve = (one) => {
    let node = one;
    while (node?.$ref) node = { ...schema.$defs[node.$ref.split("/").at(-1)], ...(node.description ? { description: node.description } : {}) };
    return node || {};
  };
  const choices = (one) => { const node = resolve(one); return node.anyOf ? node.anyOf.flatMap(choices) : [node]; };

  // The schemas that may stand at a path; siblings: keys in the same item of a list, by which its kind is known.
  function at(path, siblings) {
    let nodes = [schema];
    for (const step of path)
      nodes = nodes.flatMap(choices).flatMap((node) => (step.item ? (node.items ? [node.items] : []) : node.properties?.[step.key] ? [node.properties[step.key]] : node.additionalProperties && node.additionalProperties !== true ? [node.additionalProperties] : []));
    nodes = nodes.flatMap(choices);
    const fitting = nodes.filter((node) => node.required?.length && node.required.every((key) => siblings.includes(key)));
    return fitting.length ? fitting : nodes;
  }

  return function complete(context) {
    const line = context.state.doc.lineAt(context.pos);
    const before = line.text.slice(0, context.pos - line.from);
    const lines = context.state.doc.toString().split("\n");
    const number = line.number - 1;
    const value = /^( *)((?:- +)?)("[^"]*"|'[^']*'|[^:#]+): +(.*)$/.exec(before);
    if (value) return ofValue(context, value, lines, number);

    const key = /^( *)((?:- +)?)([\w ]*)$/.exec(before);
    if (!key || (!key[3] && !context.explicit && !key[2])) return null;
    const indent = key[1].length + key[2].length;
    const path = above(lines, number, key[2] ? key[1].length : indent);
    if (key[2]) {
      // A dash may stand as far left as the key that it belongs to.
      if (!path.length || lines[number].search(/\S/) === 0) return null;
      path.push({ item: true });
    }
    const siblings = key[2] ? [] : nearby(lines, number, indent);
    const nodes = at(path, siblings);
    const options = [];
    for (const node of nodes) {
      const first = key[2] ? node.required?.[0] : null;
      for (const [name, one] of Object.entries(node.properties || {})) {
        if (siblings.includes(name) || (key[2] && first && name !== first)) continue;
        const said = resolve(one);
        const block = /^(object|array)$/.test(said.type) && !key[2];
        options.push({ label: name, type: "property", detail: key[2] ? "block" : "", info: (key[2] ? node.description : said.description) || undefined, apply: block ? `${name}:` : `${name}: `, boost: node.required?.includes(name) ? 1 : 0 });
      }
    }
    return options.length ? { from: context.pos - key[3].length, options: unique(options), validFor: /^\w*$/ } : null;
  };

  function ofValue(context, found, lines, number) {
    const [, spaces, dash, name, written] = found;
    const indent = spaces.length + dash.length;
    const word = /[\w-]*$/.exec(written)[0];
    const path = above(lines, number, dash ? spaces.length : indent);
    if (dash) path.push({ item: true });
    const entities = declared(lines, "data");
    const options = [];
    const add = (labels, type, detail = "") => options.push(...labels.map((label) => ({ label, type, detail })));
    if (path.length === 2 && path[0].key === "data" && !written.includes(" ")) {
      add(TYPES, "type");
      add(entities, "class", "a record");
    } else {
      const nodes = at([...path, { key: name.trim() }], [name.trim(), ...nearby(lines, number, indent)]);
      for (const node of nodes) {
        if (node.enum) add(node.enum.map(String), "enum");
        if (node.type === "boolean") add(["true", "false"], "enum");
        if (/\bEntity\b/.test(node.description || "")) add(entities, "class", "a record");
        if (/-> Page/.test(node.description || "")) add(declared(lines, "pages").map((page) => page.replace(/ \(.*\)$/, "")), "class", "a page");
        if (/who may/.test(node.description || "") || path[0]?.key === "access") { add(WHO, "keyword"); add(roles(lines), "keyword", "a role"); }
      }
      if (name.trim() === "signup") add(["invite", "user", ...roles(lines)], "keyword");
    }
    return options.length ? { from: context.pos - word.length, options: unique(options), validFor: /^[\w-]*$/ } : null;
  }
}

const unique = (options) => [...new Map(options.map((one) => [one.label, one])).values()];

// The keys of the same mapping as a line.
function nearby(lines, number, indent) {
  const found = [];
  const look = (step) => {
    for (let at = number + step; at >= 0 && at < lines.length; at += step) {
      if (!lines[at].trim()) continue;
      const said = LINE.exec(lines[at]);
      const deep = said ? said[1].length + said[2].length : lines[at].search(/\S/);
      if (deep < indent) return;
      if (step === 1 && said?.[2] && deep === indent) return;
      if (said?.[4] && deep === indent) found.push(said[3].trim());
      if (step === -1 && said?.[2] && deep === indent) return;
    }
  };
  look(-1);
  look(1);
  return found;
}

// The names that a section declares: entities under data, pages under pages.
export function declared(lines, section) {
  const found = [];
  let inside = false;
  for (const line of lines) {
    if (/^\S/.test(line)) inside = line.startsWith(`${section}:`);
    const name = inside && /^ {2}(?! )("[^"]+"|[^:#\s][^:]*):/.exec(line);
    if (name) found.push(name[1].replace(/"/g, "").trim());
  }
  return found;
}
const roles = (lines) => (lines.find((line) => line.startsWith("roles:")) || "").replace(/^roles: */, "").replace(/[[\]]/g, "").split(",").map((one) => one.trim()).filter(Boolean);
