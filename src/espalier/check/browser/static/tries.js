// Presses buttons and looks whether anything comes of it; leads of links are looked at, not followed. The last thing that is
// done with a page. Gives { tried, dead: [{ text, block, why }], leads: [addresses of this app] }.
async ({ most, seed }) => {
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const words = (text) => (text || "").replace(/\s+/g, " ").trim().slice(0, 60);
  const named = (element) => words(element.getAttribute("aria-label") || element.innerText || element.value || element.title) || element.tagName.toLowerCase();
  const block = (element) => words(element.closest("main section")?.querySelector("h1, h2, h3")?.textContent);
  const inSight = (element) => {
    const rect = element.getBoundingClientRect();
    return element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) && rect.width > 1 && rect.height > 1 && rect.right + scrollX > 0 && rect.bottom + scrollY > 0;
  };
  const dead = [];
  const tell = (element, why) => dead.push({ text: named(element), block: block(element), why });

  const leads = new Set();
  for (const link of document.querySelectorAll("a")) {
    if (!inSight(link) || link.closest(".skip")) continue;
    const said = link.getAttribute("href");
    if (said === null) {
      if (!link.hasAttribute("aria-current") && !link.hasAttribute("aria-disabled") && link.getAttribute("role") !== "button") tell(link, "it is a link that leads nowhere");
    } else if (said.trim() === "" || said.trim() === "#" || /^\s*javascript:/i.test(said)) {
      tell(link, "its address is empty");
    } else if (/^(mailto|tel|sms|data|blob):/i.test(said)) {
      continue;
    } else {
      const url = new URL(link.href);
      if (url.origin !== location.origin) continue;
      if (url.pathname === location.pathname && url.hash) {
        const name = decodeURIComponent(url.hash.slice(1));
        if (name !== "top" && !document.getElementById(name) && !document.getElementsByName(name).length) tell(link, `it leads to "#${name}", which is not on the page`);
      } else if (!link.hasAttribute("download")) leads.add(url.pathname + url.search);
    }
  }

  const buttons = [...document.querySelectorAll("main button, main summary, main [role=button], main [role=tab], header button, header summary, aside button, aside summary, dialog[open] button")].filter((element) => !element.disabled && element.getAttribute("aria-disabled") !== "true" && inSight(element));
  // Another part for another app; alike buttons of rows only once.
  const alike = new Map();
  for (const button of buttons) {
    const key = `${named(button)}|${button.closest("section")?.id ?? button.closest("header, aside")?.tagName}`;
    if (!alike.has(key)) alike.set(key, button);
  }
  let chosen = [...alike.values()];
  if (chosen.length > most) {
    const start = seed % chosen.length;
    chosen = [...chosen.slice(start), ...chosen.slice(0, start)].slice(0, most);
  }

  let signs = 0;
  const sign = () => { signs += 1; };
  const observer = new MutationObserver(sign);
  observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  const events = ["focusin", "invalid", "toggle", "close", "htmx:beforeRequest", "hashchange", "popstate", "change", "select"];
  for (const name of events) addEventListener(name, sign, true);
  const submitted = (event) => { sign(); event.preventDefault(); };
  addEventListener("submit", submitted);
  const { fetch, open, print } = window;
  window.fetch = (...given) => { sign(); return fetch(...given); };
  window.open = () => { sign(); return null; };
  window.print = sign;
  let tried = 0;
  for (const button of chosen) {
    if (!button.isConnected || !inSight(button)) continue;
    tried += 1;
    button.scrollIntoView({ block: "center", inline: "center", behavior: "instant" });
    const rect = button.getBoundingClientRect();
    const top = document.elementFromPoint(rect.left + rect.width / 2, rect.top + rect.height / 2);
    if (top && !button.contains(top) && !top.contains(button) && top.closest("label")?.control !== button) {
      tell(button, `it is covered by "${named(top)}" and cannot be pressed`);
      continue;
    }
    observer.takeRecords();
    signs = 0;
    const here = location.href;
    const at = [scrollX, scrollY];
    button.click();
    for (let wait = 0; wait < 8 && !signs && location.href === here; wait += 1) await pause(wait < 4 ? 5 : 40);
    if (!signs && observer.takeRecords().length) signs += 1;
    if (!signs && location.href === here && scrollX === at[0] && scrollY === at[1]) tell(button, "nothing happens when it is pressed");
    for (const dialog of document.querySelectorAll("dialog[open]")) dialog.close();
    for (const details of document.querySelectorAll("details.menu[open]")) details.open = false;
    await pause(0);
  }
  observer.disconnect();
  for (const name of events) removeEventListener(name, sign, true);
  Object.assign(window, { fetch, open, print });
  try { localStorage.clear(); sessionStorage.clear(); } catch { /* none to clear */ }
  return { tried, dead, leads: [...leads] };
}
