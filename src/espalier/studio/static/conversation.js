// The talk: what was asked for, in the order it was, what came of it, and the box to ask for more.
import { get, post } from "./api.js";
import { compare } from "./compare.js";
import { ask } from "./dialogs.js";
import { button, find, h, icon } from "./dom.js";
import { ended, stageWords, watch } from "./events.js";
import { fail, say, trying } from "./notices.js";
import { changeList, effect } from "./proposals.js";
import { ago, count, dollars, seconds, share } from "./words.js";

export function conversation(here) {
  const list = find("[data-stem]");
  const scroll = find("[data-said]");
  const form = find("[data-ask]");
  const box = find("#request");
  const pointed = find("[data-pointed]");
  const point = find("[data-point]");
  const whole = new Map(); // builds with everything of them, by id
  const stops = new Map(); // what is watched, by build
  let block = "";

  // --- asking ---------------------------------------------------------------------------------------------------------

  const names = (said) => {
    const [key, , number] = [said.slice(0, said.lastIndexOf(":")), ":", Number(said.slice(said.lastIndexOf(":") + 1))];
    const page = here.app.pages.find((one) => [one.key, one.name, one.slug].includes(key));
    return page ? `${page.blocks[number] || "block"} on ${page.name}` : said;
  };
  function pointAt(said) {
    block = said;
    pointed.hidden = !said;
    pointed.replaceChildren(icon("mouse-pointer-click"), said ? names(said) : "", h("button", { type: "button", "aria-label": "Point at nothing", onclick: () => pointAt("") }, "✕"));
  }
  const picking = (on) => { point.setAttribute("aria-pressed", String(on)); here.pick(on); };
  point.addEventListener("click", () => picking(point.getAttribute("aria-pressed") !== "true"));
  here.pointed = (said) => { picking(false); pointAt(said.block); if (matchMedia("(max-width: 59.99rem)").matches) here.show("talk"); box.focus(); };
  document.addEventListener("keydown", (event) => event.key === "Escape" && point.getAttribute("aria-pressed") === "true" && picking(false));
  here.askAbout = (said) => { pointAt(said); if (matchMedia("(max-width: 59.99rem)").matches) here.show("talk"); box.focus(); };

  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const words = box.value.trim();
    if (!words) return box.focus();
    const said = await trying(() => post(here.url("/request"), { request: words, block, base: here.app.head }), find("button.main", form));
    if (!said) return;
    box.value = "";
    pointAt("");
    await here.again().catch(fail);
    down();
  });

  // --- what was asked -------------------------------------------------------------------------------------------------

  const fetchWhole = async (id) => { const build = await get(`/api/builds/${id}`); whole.set(id, build); return build; };
  const down = () => scroll.scrollTo({ top: scroll.scrollHeight, behavior: "smooth" });
  const redraw = async (id) => { await fetchWhole(id); draw(); };

  function follow(id) {
    if (stops.has(id)) return;
    stops.set(id, watch(id, {
      state: (said) => { const node = find(`[data-build="${id}"] [data-stage]`); if (node && !ended(said.state)) node.textContent = stageWords(said.state, said.stage); },
      text: (said, texts) => { const node = find(`[data-build="${id}"] .writing`); if (node) node.textContent = texts[Math.max(...Object.keys(texts))].slice(-900); },
      done: (said) => { stops.delete(id); done(id, said); },
      failed: () => { stops.delete(id); here.again().then(() => redraw(id)).catch(fail); },
      lost: () => { const node = find(`[data-build="${id}"] [data-stage]`); if (node) node.textContent = "The studio does not answer; trying again"; },
    }));
  }
  async function done(id, said) {
    await here.again().catch(fail);
    await redraw(id).catch(fail);
    down();
    const build = whole.get(id);
    const written = build.candidates.filter((one) => one.text);
    if (written.length > 1) return compare(here, build, chosen);
    if (said.proposal && here.app.builds.at(-1)?.id === id && !matchMedia("(max-width: 59.99rem)").matches) lookAt(build);
  }
  const chosen = (id) => here.again().then(() => redraw(id)).catch(fail);
  const lookAt = (build) =>
    here.look({ build: build.id, candidate: build.candidate }, "This is the proposal; nothing is changed yet.", [button("Apply", () => apply(build), { kind: "main little" })]);
  async function apply(build) {
    const app = await here.change("/apply", "Applied.", { body: { build: build.id, base: build.proposal.current ? here.app.head : build.base } });
    if (app) await redraw(build.id).catch(fail);
  }
  const drop = (build, pressed) => trying(async () => { await post(`/api/builds/${build.id}/drop`); here.lookAway(); await here.again(); await redraw(build.id); }, pressed);
  const again = (build, pressed) => trying(async () => { await post(`/api/builds/${build.id}/again`); whole.delete(build.id); await here.again(); }, pressed);
  const thumbs = async (build, up) => {
    const reason = up ? "" : await ask("What is wrong with it?", { label: "In a few words, or nothing", yes: "Send" });
    if (reason === null) return;
    await trying(async () => { await post(`/api/builds/${build.id}/thumbs`, { up, reason }); say(up ? "Good to know." : "Thank you: that is how it learns."); await redraw(build.id); });
  };

  function facts(build) {
    const one = build.candidates.find((candidate) => candidate.number === build.candidate);
    if (!one || !one.text) return null;
    const given = build.outcomes?.filter((outcome) => outcome.kind === "thumbs").at(-1);
    const up = given ? (given.detail ?? given).up : null;
    const thumb = (which, image, label) => button("", () => thumbs(build, which), { kind: "plain little only-icon", image, "aria-label": label, title: label, "aria-pressed": String(up === which) });
    return h("div", { class: "section" },
      h("p", { class: "facts" }, h("span", {}, `${seconds(one.seconds.total || 0)} s`), h("span", {}, `check ${share(one.score)}`), h("span", {}, dollars(one.cost)), one.rented ? h("span", {}, `${dollars(one.rented)} if rented`) : null),
      h("details", { class: "more" }, h("summary", {}, "How it was made"),
        h("dl", { class: "pairs" }, ...[
          ["Model", [one.model, one.adapter].filter(Boolean).join(" + ")], ["Asked at", one.endpoint],
          ["Tokens", `${one.tokens_in.toLocaleString()} read, ${one.tokens_out.toLocaleString()} written`],
          ["Seconds", Object.entries(one.seconds).filter(([key, value]) => key !== "total" && value).map(([key, value]) => `${key} ${Number(value).toFixed(1)}`).join(", ")],
          ["Tries", one.tries.map((each) => `${each.kind} ${share(each.score)}${each.taken && one.tries.length > 1 ? " (taken)" : ""}`).join(", ")],
          ["Notes", one.notes.join(" ")],
        ].filter(([, value]) => value).flatMap(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]))),
      h("div", { class: "row" }, thumb(true, "thumbs-up", "Good"), thumb(false, "thumbs-down", "Not good"),
        build.candidates.length < 4 && (build.kind === "build" || !build.decision) ? button("Another try", (event) => again(build, event.currentTarget), { kind: "plain little", image: "refresh-cw" }) : null,
        build.candidates.filter((each) => each.text).length > 1 && !build.decision ? button("Compare", () => compare(here, build, chosen), { kind: "plain little", image: "columns-2" }) : null));
  }

  function card(build) {
    const proposal = build.proposal;
    return h("div", { class: "proposal" },
      proposal.changes.length ? changeList(proposal.changes) : h("p", { class: "muted small" }, "This would change nothing. Say it in other words."),
      effect(proposal.effect),
      proposal.current ? null : h("p", { class: "small muted" }, "The app has changed since this was asked; both are put together when it is applied."),
      h("footer", {}, button("Apply", () => apply(build), { kind: "main little", disabled: !proposal.changes.length || Boolean(proposal.effect.refused) }),
        button("Look at it", () => lookAt(build), { kind: "little", image: "eye" }),
        button("Drop", (event) => drop(build, event.currentTarget), { kind: "plain little" })));
  }

  function entry(brief) {
    const build = whole.get(brief.id);
    const first = brief.kind === "build";
    const state = brief.state === "done" ? (first ? "applied" : brief.decision || "open") : ended(brief.state) ? brief.state : "busy";
    const words = first ? here.app.prompt : brief.request;
    const node = h("li", { data: { build: brief.id, state } },
      h("p", { class: `person${words.length > 500 ? " long" : ""}` }, words),
      brief.block ? h("p", { class: "about-block" }, icon("mouse-pointer-click"), names(brief.block)) : null);
    if (state === "busy") {
      node.append(h("p", { class: "stage-words", data: { stage: "" }, role: "status" }, stageWords(brief.state)), h("pre", { class: "writing", "aria-hidden": "true" }),
        h("div", {}, button("Stop", () => trying(() => post(`/api/builds/${brief.id}/cancel`)), { kind: "little", image: "square" })));
      return node;
    }
    if (["failed", "refused", "cancelled"].includes(state)) {
      node.append(h("p", { class: "small" }, brief.words || stageWords(brief.state)),
        brief.id !== here.app.builds.at(-1).id ? "" : h("div", { class: "row" }, state === "refused" ? null : button("Try again", (event) => again(brief, event.currentTarget), { kind: "little", image: "rotate-ccw" }),
          button("Say it otherwise", () => { box.value = words; box.focus(); }, { kind: "plain little" })));
      return node;
    }
    if (state === "open" && build?.proposal) node.append(card(build));
    if (state !== "open") node.append(h("p", { class: "at" }, first ? `made ${ago(brief.created)}` : `${state} ${ago(brief.ended || brief.created)}`));
    if (build) { const said = facts(build); if (said) node.append(said); }
    else node.append(h("details", { class: "more", ontoggle: () => redraw(brief.id).catch(fail) }, h("summary", {}, "More")));
    return node;
  }

  function draw() {
    const { app } = here;
    const begun = app.builds.some((one) => one.kind === "build") ? [] : [h("li", { data: { state: "applied" } }, h("p", { class: "muted" }, app.versions.at(-1)?.said || "The beginning"), h("p", { class: "at" }, ago(app.created)))];
    list.replaceChildren(...begun, ...app.builds.map(entry));
    if (!app.builds.some((one) => one.kind === "edit"))
      list.append(h("li", { data: { state: "cancelled" } }, h("p", { class: "muted" }, "Say below what should be different, or point at it. ", count(app.pages.length, "page"), ", ", count(app.entities.length, "kind of record", "kinds of records"), " so far.")));
    for (const one of app.builds) if (!ended(one.state)) follow(one.id);
  }

  draw();
  // Of the newest and of what waits for a decision everything is shown.
  const wanted = here.app.builds.filter((one, index, every) => index === every.length - 1 || (one.kind === "edit" && one.state === "done" && !one.decision)).filter((one) => ended(one.state));
  Promise.all(wanted.map((one) => fetchWhole(one.id))).then(() => { draw(); scroll.scrollTop = scroll.scrollHeight; }).catch(fail);
  return { name: "talk", update: draw, shown: () => { scroll.scrollTop = scroll.scrollHeight; } };
}
