// The view Settings: name, address, who may work on it, taking it away, throwing it away; and publishing.
import { get, post } from "./api.js";
import { button, find, h, icon } from "./dom.js";
import { ask, link, open, sure } from "./dialogs.js";
import { fail, say, trying } from "./notices.js";
import { offer } from "./palette.js";
import { day } from "./words.js";

// Publish an app, or bring what is published up to what it is now; what is there already is shown.
export async function publish(here) {
  const { app } = here;
  if (app.published && !app.behind) return shown(here);
  let slug = "";
  if (!app.published) {
    slug = await ask("Publish", { label: "Address", value: app.slug, hint: `${document.body.dataset.apps}/…  Small letters, digits and dashes. Anybody who can reach it may use the app, as its access says.`, yes: "Publish" });
    if (slug === null) return;
  }
  await trying(async () => {
    const said = await post(here.url("/publish"), { slug });
    await here.again();
    if (said.notes?.length) say(said.notes.join(" "));
    shown(here);
  });
}

function shown(here) {
  const { app } = here;
  const dialog = open(`${app.name} is published`, [
    h("input", { class: "input model", readonly: true, value: app.address, "aria-label": "Its address" }),
    h("footer", {}, button("Go in as its admin", () => enter(here)), h("a", { class: "button main", href: app.address, target: "_blank", rel: "noopener" }, icon("external-link"), "Open it"), button("Close", () => dialog.close())),
  ]);
}
const enter = (here) => trying(async () => window.open((await post(here.url("/enter"))).url, "_blank", "noopener"));

export function settings(here) {
  const panel = find("#panel-settings");
  const place = h("div", { class: "page" });
  panel.append(h("div", { class: "roll" }, place));
  const alone = document.body.dataset.alone !== undefined;

  const line = (name, words, ...acts) => h("li", {}, h("div", {}, h("span", { class: "name" }, name), words && h("p", { class: "muted small" }, words)), h("span", { class: "push row" }, ...acts));
  const rename = async () => {
    const name = await ask("Another name", { label: "Name", value: here.app.name });
    if (!name || name === here.app.name) return;
    await trying(async () => { await post(here.url("/rename"), { name, base: here.app.head }); await here.again(); say(`Called ${name} now.`, { action: ["Undo", here.undo] }); });
  };
  const readdress = async () => {
    const slug = await ask("Its word in the studio’s addresses", { label: "Address", value: here.app.slug, hint: "Small letters, digits and dashes." });
    if (!slug || slug === here.app.slug) return;
    const said = await trying(() => post(here.url("/rename"), { slug }));
    if (said) location.assign(said.url);
  };
  const unpublish = async () => {
    if (!(await sure("Take it off the net?", "Its address answers no more. The data stays.", { yes: "Unpublish" }))) return;
    await trying(async () => { await post(here.url("/unpublish")); await here.again(); say("It is not published any more."); });
  };
  const look = () => trying(async () => link("A link to look at it", (await post(here.url("/share"), { view: true })).link, "Anybody with it may look at the app for a week, with sample data. Nothing they do there is kept."));
  const invite = async () => {
    const email = await ask("Work on it together", { label: "Email", hint: "A colleague here becomes an editor at once. For anybody else you get a link that works once.", yes: "Share" });
    if (email === null) return;
    await trying(async () => {
      const said = await post(here.url("/share"), { email });
      if (said.link) link("The link", said.link, "Send this. It works once and makes whoever opens it an editor of this app.");
      else { say(`${said.editor.name} may work on it now.`); await here.again(); }
    });
  };
  const duplicate = () => trying(async () => {
    location.assign((await post(here.url("/duplicate"), { data: false })).url);
  });
  const remove = async () => {
    const { app } = here;
    if (!(await sure(`Delete ${app.name}?`, "It can be brought back from the start page for 30 days.", { yes: "Delete", danger: true }))) return;
    try { await post(here.url("/delete")); location.assign("/"); } catch (error) { fail(error); }
  };

  function uses(used) {
    if (!used.length) return null;
    const most = Math.max(1, ...used.map((one) => one.visits));
    return h("section", { class: "section" }, h("h2", {}, "Use"), h("div", { class: "scroller", tabindex: "0", role: "region", "aria-label": "Use by day" }, h("table", { class: "figures" },
      h("thead", {}, h("tr", {}, ["Day", "Visits", "Faults"].map((word) => h("th", { scope: "col" }, word)))),
      h("tbody", {}, used.map((one) => h("tr", {}, h("th", { scope: "row" }, one.day), h("td", {}, String(one.visits), " ", h("meter", { min: 0, max: most, value: one.visits })), h("td", { class: one.faults ? "bad" : "" }, String(one.faults))))))));
  }

  function draw() {
    const { app } = here;
    place.replaceChildren(...[
      h("section", { class: "section" }, h("h2", {}, "The app"), h("ul", { class: "wires" },
        line(app.name, app.about, button("Rename", rename, { kind: "little" })),
        line(`/apps/${app.slug}`, "Where it is in the studio", button("Change", readdress, { kind: "little" })),
        app.published
          ? line(h("a", { href: app.address, target: "_blank", rel: "noopener" }, app.address), app.behind ? "Published, but not the newest version" : "Published", app.behind ? button("Publish changes", () => publish(here), { kind: "main little" }) : null, button("Enter as admin", () => enter(here), { kind: "little" }), button("Unpublish", unpublish, { kind: "little" }))
          : line("Not published", "Nobody but you can use it yet", button("Publish", () => publish(here), { kind: "little", image: "globe" })))),
      h("section", { class: "section" }, h("h2", {}, "People"), h("ul", { class: "wires" },
        line("A link to look", "With sample data, for a week", app.yours ? button("Make a link", look, { kind: "little", image: "share-2" }) : null),
        alone ? null : line("Editors", app.editors.length ? "" : "Only you work on it", app.yours ? button("Share", invite, { kind: "little", image: "user-plus" }) : null),
        alone ? null : app.editors.map((one) => line(one.name, one.email, app.yours ? button("Remove", (event) => trying(async () => { await post(here.url("/unshare"), { editor: one.id }); await here.again(); }, event.currentTarget), { kind: "little" }) : null)))),
      uses(app.used),
      h("section", { class: "section" }, h("h2", {}, "Take it elsewhere"), h("ul", { class: "wires" },
        line("Export", "Blueprint, data, files, and how to run it anywhere, as a zip", h("a", { class: "button little", href: here.url("/export"), download: "" }, icon("download"), "Download")),
        line("Duplicate", "A new app that begins as this one, without its data", button("Duplicate", duplicate, { kind: "little", image: "copy" })),
        app.yours ? line("Delete", "For 30 days it can be brought back", button("Delete", remove, { kind: "little danger", image: "trash-2" })) : null)),
      h("p", { class: "muted small" }, `Made ${day(app.created)}.`),
    ].filter(Boolean));
  }
  draw();
  offer(() => [
    { name: "Rename the app", image: "pencil", run: rename },
    { name: "Export the app", image: "download", run: () => location.assign(here.url("/export")) },
    { name: "Duplicate the app", image: "copy", run: duplicate },
    ...(here.app.yours ? [{ name: "Share a link to look", image: "share-2", run: look }, { name: "Delete the app", image: "trash-2", run: remove }] : []),
  ]);
  return { name: "settings", update: draw };
}
