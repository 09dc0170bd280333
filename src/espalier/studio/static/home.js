// The start page: the sentence, the examples that change, the gallery.
import { get, post } from "./api.js";
import { all, find, given } from "./dom.js";
import { trying, wrong } from "./notices.js";

const form = find("[data-prompt]");
const box = find("#prompt");
const place = find("[data-wrong]");
const example = find("[data-example]");
const kept = "prompt";
const remember = (words) => { try { sessionStorage.setItem(kept, words); } catch { /* then it is not kept */ } };

// What was being said stays when the page is left.
try { box.value ||= sessionStorage.getItem(kept) || ""; } catch { /* nothing was kept */ }

function shape() {
  // The bud runs along the wire: a sentence of some 120 letters has told enough.
  form.style.setProperty("--written", `${Math.min(100, (box.value.length / 120) * 100)}%`);
  example.hidden = Boolean(box.value);
  remember(box.value);
}
box.addEventListener("input", () => { place.replaceChildren(); shape(); });
shape();

const examples = given("examples");
let at = 0;
function turn() {
  if (box.value || document.hidden) return;
  box.classList.add("turning");
  setTimeout(() => { at = (at + 1) % examples.length; box.placeholder = examples[at]; box.classList.remove("turning"); }, 300);
}
setInterval(turn, 6500);
const take = () => { box.value = examples[at]; shape(); box.focus(); box.setSelectionRange(box.value.length, box.value.length); };
example.addEventListener("click", take);

box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" && !box.value) { event.preventDefault(); take(); }
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
});
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const build = find(".button.main", form);
  build.disabled = true;
  place.replaceChildren();
  try {
    const said = await post("/api/builds", { prompt: box.value });
    remember("");
    location.assign(said.url);
  } catch (error) {
    build.disabled = false;
    place.replaceChildren(wrong(error));
    box.focus();
  }
});
for (const start of all("[data-from]"))
  start.addEventListener("click", async () => {
    const said = await trying(() => post("/api/builds", { from: start.dataset.from }), start);
    if (said) location.assign(said.url);
  });

// Where builds are under way, the list is looked at again now and then.
if (find(".tag.heed"))
  setInterval(async () => {
    if (document.hidden || box.value) return;
    const { builds } = await get("/api/builds").catch(() => ({ builds: [] }));
    const busy = builds.filter((one) => ["queued", "writing", "judging", "repairing"].includes(one.state)).length;
    if (busy < all(".tag.heed").length) location.reload();
  }, 5000);
