// The view Checks: what the check found when the app was built.
import { find, h, icon } from "./dom.js";
import { share } from "./words.js";

const GROUPS = { static: "Read", use: "Used", asked: "Asked for", browser: "In a browser", look: "Look" };
const IMAGES = { passed: "circle-check", failed: "circle-x", unfinished: "circle" };

export function checks(here) {
  const panel = find("#panel-checks");
  const place = h("div", { class: "page" });
  panel.append(h("div", { class: "roll" }, place));

  const finding = (one) => h("div", { class: "small" }, [one.where && `${one.where}: `, one.why, one.suggestion && ` ${one.suggestion}`]);
  const line = (one) =>
    h("li", { data: { state: one.state } }, icon(IMAGES[one.state] || "circle"),
      h("div", {}, h("span", { class: "name" }, one.says || one.name),
        one.findings?.length ? h("div", { class: "findings" }, one.findings.map(finding)) : null),
      h("span", { class: "push tag" }, GROUPS[one.group] || one.group));

  function draw() {
    const { report } = here.app;
    if (!report) {
      place.replaceChildren(h("header", {}, h("h1", {}, "No check of this version"), h("p", {}, "What the model writes is checked when it is written: every page is opened as everybody, every form filled, what must be forbidden is tried. This version was made by hand, so nothing was checked beyond that it reads.")));
      return;
    }
    const order = { failed: 0, unfinished: 1, passed: 2 };
    const list = [...report.checks].sort((a, b) => (order[a.state] ?? 3) - (order[b.state] ?? 3));
    const failed = list.filter((one) => one.state === "failed").length;
    place.replaceChildren(
      h("div", { class: "score" }, h("strong", {}, share(report.score)),
        h("div", {}, h("h1", {}, failed ? `${failed} of ${list.length} checks found something` : "Every check passed"), h("p", { class: "muted" }, `works ${share(report.works)}, is what was asked ${share(report.asked)}`))),
      h("ul", { class: "wires checks" }, list.map(line)));
  }
  draw();
  return { name: "checks", update: draw };
}
