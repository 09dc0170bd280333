// Before Tab is pressed: writes down what takes the focus from now on, in window.__focused; gives the number of controls.
() => {
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]:not([tabindex='-1'])";
  const worn = (style) => [style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor, style.color, style.textDecorationLine].join("|");
  // A focus may be shown by the control, by a ring drawn around it, or by the card that it stands in.
  const look = (element) => {
    const all = [worn(getComputedStyle(element)), worn(getComputedStyle(element, "::before")), worn(getComputedStyle(element, "::after"))];
    for (let above = element.parentElement, steps = 0; above && steps < 4 && above.tagName !== "MAIN"; above = above.parentElement, steps += 1) {
      const style = getComputedStyle(above);
      all.push(style.outlineStyle === "none" ? "" : style.outlineWidth + style.outlineColor, style.boxShadow, style.borderColor, style.backgroundColor);
    }
    return all.join("|");
  };
  const named = (element) => (element.getAttribute("aria-label") || element.innerText || element.value || element.placeholder || element.title || element.name || element.tagName.toLowerCase()).replace(/\s+/g, " ").trim().slice(0, 60);
  const inSight = (element) => {
    const rect = element.getBoundingClientRect();
    return element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && rect.width > 1 && rect.height > 1 && rect.right + scrollX > 0 && rect.bottom + scrollY > 0;
  };
  scrollTo(0, 0);
  // Of radio buttons with one name Tab stops at one.
  const radios = new Set();
  const all = [...document.querySelectorAll(CONTROLS)].filter((element) => {
    if (element.disabled || element.tabIndex < 0 || !inSight(element) || element.closest("[inert]")) return false;
    if (element.type !== "radio") return true;
    const group = `${element.form?.id ?? ""}|${element.name}`;
    if (radios.has(group)) return false;
    radios.add(group);
    return true;
  });
  // What looks like a button but takes no focus.
  const left = [...document.querySelectorAll("[onclick], [role=button], [role=link], [role=tab]")].filter((element) => inSight(element) && element.tabIndex < 0 && !element.closest("[role=tablist], [role=listbox], [role=menu]"));
  // Where they stand before anything scrolls.
  const places = all.map((element) => element.getBoundingClientRect());
  const before = new Map(all.map((element) => [element, look(element)]));
  const seen = [];
  window.__focused = () => {
    removeEventListener("focusin", listen, true);
    const reached = new Set(seen.map((one) => one.element));
    const group = (element) => element.type === "radio" && [...reached].some((other) => other.type === "radio" && other.name === element.name);
    return {
      controls: all.length,
      steps: seen.map(({ text, top, left: across, marked, at }) => ({ text, top, left: across, marked, at })),
      missed: all.map((element, at) => ({ text: named(element), at })).filter((_, at) => !reached.has(all[at]) && !group(all[at])),
      unfocusable: left.map(named),
    };
  };
  const listen = ({ target }) => {
    if (target === document.body || target === document) return;
    const own = before.get(target);
    const at = all.indexOf(target);
    seen.push({ element: target, at, text: named(target), top: Math.round(places[at]?.top ?? 0), left: Math.round(places[at]?.left ?? 0), marked: own === undefined || look(target) !== own });
  };
  addEventListener("focusin", listen, true);
  document.activeElement?.blur?.();
  getSelection().removeAllRanges();
  // A date has a place for each of its parts, a frame controls of its own.
  const parts = all.reduce((sum, element) => sum + (/^(date|time|month|week)/.test(element.type) ? 7 : 0), 0);
  const frames = document.querySelectorAll("iframe").length;
  return { controls: all.length, further: parts + frames * 25, frames };
}
