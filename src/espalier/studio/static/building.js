// An app while it is written: what stands already grows along the trellis, the app itself appears beside it.
import { post } from "./api.js";
import { all, button, find, given } from "./dom.js";
import { ended, stageWords, watch } from "./events.js";
import { Frame } from "./frame.js";
import { say, trying, wrong } from "./notices.js";
import { offer } from "./palette.js";
import { trellis } from "./trellis.js";
import { seconds } from "./words.js";

const build = given("build");
const draw = trellis(find("[data-trellis]"));
const frame = new Frame(find("[data-window]"));
const stage = find("[data-stage]");
const written = find("[data-written]");
const acts = find("[data-acts]");
const bud = find("[data-bud]");
const work = find(".work");
let over = ended(build.state);
let section = 0;

const started = Date.now() / 1000 - (over ? 0 : Math.max(0, Date.now() / 1000 - (build.started || build.created)));
const clock = setInterval(() => { if (!over) find("[data-seconds]").textContent = seconds(Date.now() / 1000 - started); }, 100);

for (const tab of all("[data-show]"))
  tab.addEventListener("click", () => {
    work.dataset.shown = tab.dataset.show;
    all("[data-show]").forEach((one) => one.setAttribute("aria-selected", String(one === tab)));
    frame.fit();
  });

const stop = () => trying(() => post(`/api/builds/${build.id}/cancel`));
const again = (pressed) => trying(async () => { await post(`/api/builds/${build.id}/again`); location.reload(); }, pressed);
const change = () => {
  try { sessionStorage.setItem("prompt", build.prompt); } catch { /* then it is said anew */ }
  location.assign("/#prompt");
};

function show(text, done = false) {
  const name = draw(text, done);
  if (name) { find("[data-name]").textContent = name; document.title = `${name} · Espalier`; }
  written.textContent = text;
}

function finish(state, words) {
  over = true;
  clearInterval(clock);
  bud.dataset.state = state === "done" ? "done" : "failed";
  stage.textContent = "";
  if (state === "done") return;
  if (build.ended && build.started) find("[data-seconds]").textContent = seconds(build.ended - build.started);
  find("[data-wrong]").replaceChildren(wrong({ message: stageWords(state), todo: words }));
  acts.replaceChildren(
    state === "refused" ? "" : button("Try again", (event) => again(event.currentTarget), { kind: "main", image: "rotate-ccw" }),
    button("Say it otherwise", change, { image: "pencil" }),
  );
}

show(build.written["0"] || "", over);
if (build.written["0"]) frame.show(build.preview);
if (over) finish(build.state, build.words);
else {
  stage.textContent = stageWords(build.state, build.stage);
  acts.replaceChildren(button("Stop", stop, { image: "square" }));
}
if (!over || build.state === "done")
  watch(build.id, {
    state: (said) => { if (!ended(said.state)) stage.textContent = stageWords(said.state, said.stage); },
    text: (said, texts) => { if (said.answer === 0) show(texts[0]); },
    section: (said) => { if (said.number > section) { section = said.number; frame.show(said.preview); } },
    report: (said) => { find("[data-unit]").textContent = `seconds · check ${Math.round(said.score * 100)} %`; },
    done: (said) => {
      show(written.textContent, true);
      find("[data-seconds]").textContent = seconds(said.seconds);
      finish("done");
      location.replace(`${said.url}#made`);
    },
    failed: (said) => finish(said.state, said.words),
    lost: () => { stage.textContent = "The studio does not answer. What is written is kept; trying again."; },
    back: () => say("The studio is back."),
  });

offer(() => [
  ...(over ? [{ name: "Try again", image: "rotate-ccw", run: again }] : [{ name: "Stop writing", image: "square", run: stop }]),
  { name: "What the model writes", image: "code", run: () => { find("details.more").open = true; } },
]);
