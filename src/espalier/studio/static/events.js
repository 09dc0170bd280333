// A build as it happens. The browser reconnects by itself and the server sends what was missed.

// heard: {state, text, section, report, done, failed, lost, back}: functions for what a page wants to know.
// texts gathers what each answer says so far. Returns a function that stops watching.
export function watch(build, heard) {
  const source = new EventSource(`/api/builds/${build}/events`);
  const texts = {};
  let lost = false;
  const on = (name, work) => source.addEventListener(name, (event) => {
    const said = JSON.parse(event.data);
    work?.(said);
    heard[name]?.(said, texts);
  });
  on("state");
  on("text", (said) => (texts[said.answer] = (texts[said.answer] || "").slice(0, said.from) + said.piece));
  on("section");
  on("report");
  on("done", () => source.close());
  on("failed", () => source.close());
  source.onerror = () => {
    if (source.readyState === EventSource.CLOSED) heard.closed?.();
    else if (!lost) { lost = true; heard.lost?.(); }
  };
  source.onopen = () => { if (lost) { lost = false; heard.back?.(); } };
  return () => source.close();
}

const WORDS = { queued: "Waiting for its turn", writing: "Writing", judging: "Checking that it works", repairing: "Mending what the check found", done: "Done", cancelled: "Stopped", failed: "Did not work", refused: "Not done" };
export const stageWords = (state, stage = "") => (stage && stage !== "checking" ? `${WORDS[state] || state}: ${stage}` : WORDS[state] || state);
export const ended = (state) => ["done", "failed", "refused", "cancelled"].includes(state);
