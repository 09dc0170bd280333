// The workspace of an app. This file holds its state and the tabs; each view is a module of its own.
import { get, post } from "./api.js";
import { checks } from "./checks.js";
import { conversation } from "./conversation.js";
import { all, find, given, h, icon } from "./dom.js";
import { sure } from "./dialogs.js";
import { blueprint } from "./editor.js";
import { history } from "./history.js";
import { fail, say } from "./notices.js";
import { pages } from "./pages.js";
import { offer } from "./palette.js";
import { preview } from "./preview.js";
import { publish, settings } from "./settings.js";

// What all views share. app: as GET /api/apps/ID says it; set() tells every view of a newer one.
export const here = {
  app: given("app"),
  views: [],
  set(app) {
    this.app = app;
    draw();
    for (const view of this.views) view.update?.(app);
  },
  async again() {
    this.set(await get(this.url()));
  },
  url: (rest = "") => `/api/apps/${here.app.id}${rest}`,
  // A change of the app: says what was done, with a way back. What somebody else changed meanwhile is shown.
  async change(rest, said, { words = "", body = {} } = {}) {
    try {
      const app = await post(this.url(rest), { base: this.app.head, ...body });
      this.set(app);
      if (words || said) say(words || said, { action: rest === "/undo" || !app.can.undo ? null : ["Undo", () => this.undo()] });
      return app;
    } catch (error) {
      if (error.status === 409 && error.said.head) return moved(error);
      fail(error);
      return null;
    }
  },
  undo: () => here.change("/undo", "", { words: "One step back." }),
  redo: () => here.change("/redo", "", { words: "One step forward." }),
  show: (name) => show(name),
};

// Somebody was faster: both changes together where that reads, or this one over theirs, or theirs.
async function moved(error) {
  const { head, yours, together, draft } = error.said;
  await here.again();
  if (!yours) { fail(error); return null; }
  const words = [h("p", {}, "Yours was made on an older version. It is kept as a draft, so nothing is lost either way."),
    together ? h("p", { class: "muted" }, "The two changes do not get in each other's way: they can stand together.") : h("p", { class: "muted" }, "They touch the same things: yours would replace theirs. Theirs stays in the history.")];
  if (!(await sure("Somebody changed the app meanwhile", words, { yes: together ? "Use both" : "Use mine" }))) {
    say("Theirs stays.", { todo: "Yours is under History, as a draft." });
    return null;
  }
  const app = await here.change("/apply", together ? "Both changes are in." : "Yours is in.", { body: { text: together || yours, base: head } });
  if (app && draft) await post(here.url(`/drafts/${draft}/drop`)).then(() => here.again(), () => {});
  return app;
}

// --- tabs -------------------------------------------------------------------------------------------------------------

const work = find(".work");
const tabs = all('[role="tab"]');
const seen = () => tabs.filter((tab) => tab.offsetParent !== null);
const phone = matchMedia("(max-width: 59.99rem)");

function show(name, { focus = false } = {}) {
  work.dataset.shown = name === "talk" ? "talk" : "stage";
  for (const tab of tabs) {
    const on = tab.dataset.tab === name;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    if (on && focus) tab.focus();
    if (on && phone.matches) tab.scrollIntoView({ block: "nearest", inline: "nearest" });
    const panel = find(`#panel-${tab.dataset.tab}`);
    if (panel && name !== "talk") panel.hidden = !on;
  }
  for (const view of here.views) if (view.name === name) view.shown?.();
}
for (const tab of tabs) {
  tab.addEventListener("click", () => show(tab.dataset.tab));
  tab.addEventListener("keydown", (event) => {
    const list = seen();
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step) { event.preventDefault(); show(list[(list.indexOf(tab) + step + list.length) % list.length].dataset.tab, { focus: true }); }
  });
}
phone.addEventListener("change", () => { if (!phone.matches && work.dataset.shown === "talk") show("preview"); });

// --- the bar ----------------------------------------------------------------------------------------------------------

const bar = { name: find("[data-name]"), version: find("[data-version]"), undo: find("[data-undo]"), redo: find("[data-redo]"), publish: find("[data-publish]") };
bar.undo.addEventListener("click", () => here.undo());
bar.redo.addEventListener("click", () => here.redo());
bar.publish.addEventListener("click", () => publish(here));

function draw() {
  const { app } = here;
  bar.name.textContent = app.name;
  document.title = `${app.name} · Espalier`;
  bar.version.textContent = `version ${app.head}`;
  bar.undo.disabled = !app.can.undo;
  bar.redo.disabled = !app.can.redo;
  bar.publish.replaceChildren(app.published && !app.behind ? icon("globe") : "", app.published ? (app.behind ? "Publish changes" : "Published") : "Publish");
  bar.publish.classList.toggle("main", !app.published || app.behind);
}

const writes = (node) => node.closest?.("input, textarea, select, [contenteditable], dialog");
document.addEventListener("keydown", (event) => {
  const command = event.metaKey || event.ctrlKey;
  if (command && event.key.toLowerCase() === "z" && !writes(event.target)) {
    event.preventDefault();
    if (event.shiftKey) here.redo();
    else here.undo();
  }
  if (event.key === "/" && !command && !writes(event.target)) { event.preventDefault(); if (phone.matches) show("talk"); find("#request").focus(); }
});

const names = { preview: ["Preview", "eye"], pages: ["Pages", "layers"], blueprint: ["Blueprint", "code"], checks: ["Checks", "shield-check"], history: ["History", "history"], settings: ["Settings", "settings"] };
offer(() => [
  { name: "Ask for a change", image: "message-square", hint: "/", run: () => { if (phone.matches) show("talk"); find("#request").focus(); } },
  ...(here.app.can.undo ? [{ name: "Undo", image: "undo-2", run: here.undo }] : []),
  ...(here.app.can.redo ? [{ name: "Redo", image: "redo-2", run: here.redo }] : []),
  { name: here.app.published ? "Publish changes" : "Publish", image: "globe", run: () => publish(here) },
  ...(here.app.published ? [{ name: "Open the published app", image: "external-link", run: () => window.open(here.app.address, "_blank", "noopener") }] : []),
  ...Object.entries(names).map(([key, [name, image]]) => ({ name: `Show ${name.toLowerCase()}`, image, run: () => show(key, { focus: true }) })),
]);

draw();
here.views.push(preview(here), conversation(here), pages(here), blueprint(here), checks(here), history(here), settings(here));
if (location.hash === "#made") window.history.replaceState(null, "", location.pathname);
