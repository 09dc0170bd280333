// Runs axe-core in a page, from the address given, and says what it finds serious. Contrast is measured apart, over the real
// ground. Takes the shapes out of drawings: to be done when no more pictures are taken.
async ({ address, only }) => {
  if (!window.axe) {
    await new Promise((resolve, reject) => {
      const tag = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
      document.head.append(tag);
      tag.remove();
    });
  }
  // Drawings have thousands of shapes that no rule looks at.
  for (const drawing of document.querySelectorAll("svg[aria-hidden=true]")) drawing.replaceChildren();
  const rules = only.some((name) => name.startsWith("wcag")) ? { "color-contrast": { enabled: false } } : {};
  const found = await window.axe.run(document, { rules, resultTypes: ["violations"], runOnly: only, iframes: false, preload: false });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => ({ rule: one.id, impact: one.impact, help: one.help, element: one.nodes[0].html.replace(/\s+/g, " ").slice(0, 160), count: one.nodes.length }));
}
