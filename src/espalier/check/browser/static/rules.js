// Runs axe-core in a page, from the address given, and says what it finds serious. Contrast is measured apart, over the real ground.
async ({ address, tags }) => {
  if (!window.axe) {
    await new Promise((resolve, reject) => {
      const tag = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
      document.head.append(tag);
      tag.remove();
    });
  }
  const found = await window.axe.run(document, { resultTypes: ["violations"], runOnly: tags, rules: { "color-contrast": { enabled: false } }, iframes: false });
  return found.violations
    .filter((one) => one.impact === "serious" || one.impact === "critical")
    .map((one) => ({ rule: one.id, impact: one.impact, help: one.help, element: one.nodes[0].html.replace(/\s+/g, " ").slice(0, 160), count: one.nodes.length }));
}
