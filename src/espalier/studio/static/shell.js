// What every page has: the palette, menus, light and dark, forms that speak to the API, times.
import { post } from "./api.js";
import { all, find } from "./dom.js";
import { link, sure } from "./dialogs.js";
import { say, trying } from "./notices.js";
import { offer, open } from "./palette.js";
import { ago, day, keys } from "./words.js";

for (const node of all("[data-command-key]")) node.textContent = keys("K");
for (const node of all("[data-ago]")) { node.textContent = ago(Number(node.dataset.ago)); node.title = day(Number(node.dataset.ago)); }
for (const node of all("[data-day]")) node.textContent = day(Number(node.dataset.day));

// Light and dark: as the machine has it, then light, then dark.
const themes = ["", "light", "dark"];
const themeNames = { "": "As the machine", light: "Light", dark: "Dark" };
const theme = () => document.documentElement.dataset.theme || "";
const label = () => { const node = find("[data-theme-turn] span"); if (node) node.textContent = `Appearance: ${themeNames[theme()].toLowerCase()}`; };
function turn(to = themes[(themes.indexOf(theme()) + 1) % 3]) {
  if (to) document.documentElement.dataset.theme = to;
  else delete document.documentElement.dataset.theme;
  try { localStorage.setItem("theme", to); } catch { /* it lasts for this page */ }
  label();
}
label();
find("[data-theme-turn]")?.addEventListener("click", () => turn());

// Menus stand under what opened them.
for (const menu of all("[popover][data-under]")) {
  const opener = find(`[popovertarget="${menu.id}"]`);
  menu.addEventListener("toggle", () => {
    if (!menu.matches(":popover-open")) return;
    const box = opener.getBoundingClientRect();
    menu.style.top = `${box.bottom + 6}px`;
    menu.style.left = `${Math.max(8, Math.min(box.right - menu.offsetWidth, innerWidth - menu.offsetWidth - 8))}px`;
    find("a, button", menu)?.focus();
  });
}

// Forms with data-api: sent as JSON; then a link is shown, words are said, another page comes, or this one anew.
for (const form of all("form[data-api]"))
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { api, sure: question, sureWords, sureButton, done, go, link: words } = form.dataset;
    if (question && !(await sure(question, sureWords, { yes: sureButton, danger: true }))) return;
    const given = Object.fromEntries(new FormData(form));
    for (const box of all("[data-boolean]", form)) given[box.name] = box.checked;
    const said = await trying(() => post(api, given), event.submitter);
    if (!said) return;
    if (words !== undefined) link("The link", said.link, words);
    else if (go) location.assign(go);
    else if (done) say(done);
    else location.reload();
  });

if (document.body.dataset.signedIn !== undefined) {
  const go = (url) => () => location.assign(url);
  offer(() => [
    { name: "New app", image: "plus", run: go("/#prompt") },
    { name: "All apps", image: "house", run: go("/") },
    { name: "Your model", image: "cpu", run: go("/model") },
    ...(document.body.dataset.alone === undefined ? [{ name: "People", image: "users", run: go("/people") }] : []),
    { name: "Account", image: "user", run: go("/account") },
    ...themes.map((one) => ({ name: `Appearance: ${themeNames[one].toLowerCase()}`, image: one === "light" ? "sun" : one === "dark" ? "moon" : "sun-moon", run: () => turn(one) })),
  ]);
  find("[data-palette]")?.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      open();
    }
  }, true);
}
