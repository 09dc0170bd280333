// The view History: every version, newest on top, and drafts that came too late.
import { get, post } from "./api.js";
import { button, find, h } from "./dom.js";
import { open, sure } from "./dialogs.js";
import { trying } from "./notices.js";
import { changeList } from "./proposals.js";
import { ago, moment } from "./words.js";

const HOW = { build: "written", edit: "asked for", patch: "changed", hand: "by hand", move: "moved", restore: "brought back", rename: "renamed", gallery: "from the gallery", branch: "branched", duplicate: "duplicated" };

export function history(here) {
  const panel = find("#panel-history");
  const drafts = h("div", {});
  const list = h("ol", { class: "stem history" });
  panel.append(h("div", { class: "roll" }, h("div", { class: "page" }, drafts, list)));

  const look = (one) => here.look({ version: one.number }, `Version ${one.number}, ${moment(one.at)}.`, one.head ? [] : [button("Bring back", () => restore(one), { kind: "main little" })]);
  const restore = (one) => here.change("/restore", `Version ${one.number} is back.`, { body: { version: one.number } });
  const differences = (one) => trying(async () => {
    const said = await get(here.url(`/versions/${one.number}`));
    const dialog = open(`Version ${one.number}`, [h("p", { class: "muted" }, said.against ? `What is different from version ${said.against}` : "The beginning"), said.changes.length ? changeList(said.changes) : null,
      h("details", { class: "more" }, h("summary", {}, "The blueprint"), h("pre", { class: "model scroller", tabindex: "0" }, said.text)), h("footer", {}, button("Close", () => dialog.close()))]);
  });
  const branch = (one) => trying(async () => {
    if (!(await sure("A new app from here?", `It begins as version ${one.number} and goes its own way. The data stays with this one.`, { yes: "Make it" }))) return;
    location.assign((await post(here.url("/branch"), { version: one.number })).url);
  });

  function draw() {
    const { app } = here;
    list.replaceChildren(...app.versions.map((one) =>
      h("li", { data: { on: String(one.on), head: String(one.head) } },
        h("p", { class: `what${["edit", "build"].includes(one.how) ? " person" : ""}` }, one.said || HOW[one.how] || one.how),
        h("p", { class: "facts" }, h("span", {}, `version ${one.number}`), one.head ? h("span", { class: "tag heed" }, "now") : null, one.number === app.live ? h("span", { class: "tag good" }, "published") : null,
          h("span", {}, HOW[one.how] || one.how), one.author && document.body.dataset.alone === undefined ? h("span", {}, one.author) : null, h("time", { title: moment(one.at) }, ago(one.at)), one.on ? null : h("span", {}, "off the line")),
        h("div", { class: "acts" },
          button("", () => differences(one), { kind: "plain little only-icon", image: "file-text", "aria-label": `What version ${one.number} changed`, title: "What it changed" }),
          one.head ? null : button("", () => look(one), { kind: "plain little only-icon", image: "eye", "aria-label": `Look at version ${one.number}`, title: "Look at it" }),
          one.head ? null : button("", () => restore(one), { kind: "plain little only-icon", image: "rotate-ccw", "aria-label": `Bring version ${one.number} back`, title: "Bring it back" }),
          button("", () => branch(one), { kind: "plain little only-icon", image: "git-branch", "aria-label": `A new app from version ${one.number}`, title: "A new app from here" })))));
    drafts.hidden = !app.drafts.length;
    drafts.replaceChildren(h("div", { class: "section" }, h("h2", {}, "Drafts"), h("p", { class: "muted small" }, "What you sent when somebody else was faster."), h("ul", { class: "wires" }, app.drafts.map((one) =>
      h("li", {}, h("span", {}, `on version ${one.base}, ${ago(one.at)}`), h("span", { class: "push row" },
        button("Open in the editor", () => here.edit(one.text), { kind: "little" }),
        button("Throw away", (event) => trying(async () => { await post(here.url(`/drafts/${one.id}/drop`)); await here.again(); }, event.currentTarget), { kind: "plain little" })))))));
  }
  draw();
  return { name: "history", update: draw };
}
