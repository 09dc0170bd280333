// In previews only: tells the studio which block somebody points at, and which page the frame shows.
// The studio asks with {espalier: "pick", on: true}; the answers are {espalier: "block", block: "PAGE:INDEX", rect, kind} when one is
// chosen, {espalier: "over", ...} while the pointer moves, and {espalier: "page", path, title} on every page.
const studio = new URL(import.meta.url).searchParams.get("studio") || "*";
let picking = false;
let over = null;

const say = (said) => window.parent !== window && window.parent.postMessage(said, studio);
const blockOf = (node) => (node instanceof Element ? node.closest("[data-block]") : null);
const about = (node) => {
  const box = node.getBoundingClientRect();
  return { block: node.dataset.block, rect: { x: box.x, y: box.y, width: box.width, height: box.height } };
};

window.addEventListener("message", (event) => {
  if (event.source !== window.parent || (studio !== "*" && event.origin !== studio)) return;
  if (event.data && event.data.espalier === "pick") {
    picking = Boolean(event.data.on);
    document.documentElement.toggleAttribute("data-picking", picking);
  }
});
document.addEventListener("pointermove", (event) => {
  if (!picking) return;
  const block = blockOf(event.target);
  if (block && block !== over) {
    over = block;
    say({ espalier: "over", ...about(block) });
  }
});
document.addEventListener(
  "click",
  (event) => {
    if (!picking) return;
    event.preventDefault();
    event.stopPropagation();
    const block = blockOf(event.target);
    if (block) say({ espalier: "block", ...about(block) });
  },
  true,
);
say({ espalier: "page", path: location.pathname, title: document.title });
