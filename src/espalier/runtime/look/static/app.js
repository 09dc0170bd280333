// What scripts add to pages that work without them: menus that close politely, dialogs, toasts, colour mode, boards to drag,
// boxes to search in, previews, charts. Alpine components are registered here by name because the content security policy allows
// no code in attributes. Libraries for boards and charts are fetched when a page first needs one.
const script = document.currentScript;
const vendor = script.dataset.vendor;
const loading = new Map();

function library(name) {
  if (!loading.has(name)) {
    loading.set(name, new Promise((resolve, reject) => {
      const tag = document.createElement("script");
      tag.src = `${vendor}/${name}.js`;
      tag.onload = resolve;
      tag.onerror = reject;
      document.head.append(tag);
    }));
  }
  return loading.get(name);
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function csrf() {
  try {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRF"] || "";
  } catch {
    return "";
  }
}

function toast(text, tone = "danger") {
  const made = document.createElement("div");
  made.className = "toast";
  made.dataset.tone = tone;
  made.textContent = text;
  document.getElementById("toasts")?.append(made);
  setTimeout(() => made.remove(), 6000);
}

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

document.addEventListener("alpine:init", () => {
  const { Alpine } = window;

  // <details class="menu">: closed by a click elsewhere, by Escape, and by following one of its links.
  Alpine.data("menu", () => ({
    init() {
      const menu = this.$root;
      this.away = (event) => {
        if (menu.open && (!menu.contains(event.target) || event.target.closest(".menu-item"))) menu.open = false;
      };
      this.escape = (event) => {
        if (event.key !== "Escape" || !menu.open) return;
        menu.open = false;
        menu.querySelector("summary").focus();
      };
      document.addEventListener("click", this.away);
      menu.addEventListener("keydown", this.escape);
    },
    destroy() {
      document.removeEventListener("click", this.away);
    },
  }));

  Alpine.data("colourMode", () => ({
    turn() {
      const root = document.documentElement;
      const dark = root.dataset.mode ? root.dataset.mode === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.mode = dark ? "light" : "dark";
      try {
        localStorage.setItem("mode", root.dataset.mode);
      } catch { /* storage is off: the choice holds for this page */ }
      document.dispatchEvent(new Event("colourmode"));
    },
  }));

  Alpine.data("toast", () => ({
    init() {
      // Bad news stays until it is dismissed.
      if (this.$root.dataset.tone !== "danger") setTimeout(() => this.$root.remove(), 6000);
    },
    dismiss() {
      this.$root.remove();
    },
  }));

  Alpine.data("copyLink", () => ({
    words: "",
    init() {
      this.label = this.$root.querySelector("[data-label]").dataset.label;
      this.words = this.label;
    },
    async copy() {
      await navigator.clipboard.writeText(new URL(this.$root.dataset.url, location.href).href);
      this.words = "Copied";
      setTimeout(() => { this.words = this.label; }, 2000);
    },
  }));

  Alpine.data("filePreview", () => ({
    show(event) {
      const file = event.target.files[0];
      const place = this.$refs.preview;
      if (!file || !file.type.startsWith("image/")) return;
      const picture = document.createElement("img");
      picture.alt = "";
      picture.src = URL.createObjectURL(file);
      picture.onload = () => URL.revokeObjectURL(picture.src);
      place.replaceChildren(picture);
    },
  }));

  // A form with unsaved words asks before the page is left.
  Alpine.data("guarded", () => ({
    init() {
      let dirty = false;
      this.$root.addEventListener("input", () => { dirty = true; });
      this.$root.addEventListener("submit", () => { dirty = false; });
      this.leave = (event) => { if (dirty) event.preventDefault(); };
      addEventListener("beforeunload", this.leave);
    },
    destroy() {
      removeEventListener("beforeunload", this.leave);
    },
  }));

  Alpine.data("filters", () => ({
    send() {
      if (!this.$root.hasAttribute("hx-get")) this.$root.requestSubmit();
    },
  }));

  // A select becomes a box to search in (the ARIA combobox pattern); the select stays as the value that is sent.
  Alpine.data("combobox", () => ({
    init() {
      const root = this.$root;
      const select = this.$refs.select;
      const url = root.dataset.url;
      const all = () => [...select.options].filter((option) => option.value);
      if (!url && all().length < 8) return;
      const id = select.id;
      const input = document.createElement("input");
      const list = document.createElement("ul");
      const chosen = () => (select.value ? select.selectedOptions[0].textContent : "");
      Object.assign(input, { className: "input", type: "text", autocomplete: "off", id, placeholder: select.options[0]?.textContent ?? "", value: chosen() });
      for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": `${id}-list` })) input.setAttribute(name, value);
      for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
      input.required = select.required;
      select.required = false;
      Object.assign(list, { className: "combobox-list", id: `${id}-list`, hidden: true });
      list.setAttribute("role", "listbox");
      select.id = `${id}-select`;
      select.hidden = true;
      root.append(input, list);
      let at = -1;
      let latest = 0;

      const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
      const choose = (value, words) => {
        if (![...select.options].some((option) => option.value === value)) select.add(new Option(words, value));
        select.value = value;
        input.value = words;
        input.setCustomValidity("");
        close();
        select.dispatchEvent(new Event("change", { bubbles: true }));
      };
      const draw = (pairs) => {
        list.replaceChildren(...pairs.slice(0, 50).map(([value, words], number) => {
          const item = document.createElement("li");
          item.id = `${id}-option-${number}`;
          item.setAttribute("role", "option");
          item.setAttribute("aria-selected", "false");
          item.textContent = words;
          item.dataset.value = value;
          item.addEventListener("mousedown", (event) => { event.preventDefault(); choose(value, words); });
          return item;
        }));
        if (!pairs.length) {
          const none = document.createElement("li");
          none.className = "combobox-none";
          none.textContent = "Nothing found";
          list.append(none);
        }
        at = -1;
        list.hidden = false;
        input.setAttribute("aria-expanded", "true");
      };
      const search = async () => {
        const words = input.value === chosen() ? "" : input.value.trim();
        const mine = ++latest;
        const own = all().map((option) => [option.value, option.textContent]).filter(([, label]) => label.toLowerCase().includes(words.toLowerCase()));
        draw(own);
        if (!url || !words) return;
        const answer = await fetch(`${url}${url.includes("?") ? "&" : "?"}q=${encodeURIComponent(words)}`, { headers: { Accept: "application/json" } });
        if (answer.ok && mine === latest && document.activeElement === input) draw(await answer.json());
      };
      const mark = (number) => {
        const items = [...list.querySelectorAll("[role=option]")];
        if (!items.length) return;
        at = (number + items.length) % items.length;
        items.forEach((item, each) => item.setAttribute("aria-selected", String(each === at)));
        items[at].scrollIntoView({ block: "nearest" });
        input.setAttribute("aria-activedescendant", items[at].id);
      };
      let wait;
      input.addEventListener("input", () => {
        if (!input.value) select.value = "";
        else input.setCustomValidity("Choose one from the list.");
        clearTimeout(wait);
        wait = setTimeout(search, url ? 150 : 0);
      });
      input.addEventListener("focus", () => { input.select(); search(); });
      input.addEventListener("blur", () => { close(); if (input.value) { input.value = chosen(); input.setCustomValidity(""); } });
      input.addEventListener("keydown", (event) => {
        if (event.key === "ArrowDown" || event.key === "ArrowUp") {
          event.preventDefault();
          if (list.hidden) search();
          else mark(at + (event.key === "ArrowDown" ? 1 : -1));
        } else if (event.key === "Enter" && at >= 0) {
          event.preventDefault();
          const item = list.children[at];
          choose(item.dataset.value, item.textContent);
        } else if (event.key === "Escape") close();
      });
    },
  }));

  // Cards are dragged between columns; the select on each card does the same by keyboard.
  Alpine.data("board", () => ({
    async init() {
      const root = this.$root;
      root.addEventListener("change", (event) => {
        const select = event.target.closest(".ticket-move select");
        if (!select) return;
        const card = select.closest(".ticket");
        const place = [...root.querySelectorAll(".column-cards")].find((column) => column.dataset.value === select.value);
        const from = card.parentElement;
        place.append(card);
        select.focus();
        this.move(card, from, place);
      });
      if (matchMedia("(pointer: coarse)").matches) return;
      await library("sortable");
      for (const column of root.querySelectorAll(".column-cards")) {
        window.Sortable.create(column, {
          group: "board", animation: calm() ? 0 : 120, ghostClass: "ticket-ghost", filter: "select, button, a", preventOnFilter: false,
          onEnd: ({ item, from, to }) => { if (from !== to) this.move(item, from, to); },
        });
      }
    },
    async move(card, from, to) {
      const root = this.$root;
      const body = new URLSearchParams({ [root.dataset.field]: to.dataset.value, csrf: root.dataset.csrf || csrf() });
      this.count();
      const select = card.querySelector(".ticket-move select");
      if (select) select.value = to.dataset.value;
      let failed = "The card could not be moved. Please try again.";
      try {
        const answer = await fetch(root.dataset.url.replace("{}", card.dataset.id), { method: "POST", body, headers: { "X-CSRF": csrf(), "HX-Request": "true" } });
        if (answer.ok) return;
        const words = (await answer.text()).trim();
        if (words && words.length < 200 && !words.startsWith("<")) failed = words;
      } catch { /* no connection: said below */ }
      from.append(card);
      if (select) select.value = from.dataset.value;
      this.count();
      toast(failed);
    },
    count() {
      for (const column of this.$root.querySelectorAll(".column")) {
        column.querySelector("[data-count]").textContent = column.querySelectorAll(".ticket").length;
      }
    },
  }));

  Alpine.data("chart", () => ({
    async init() {
      const root = this.$root;
      const wanted = JSON.parse(root.dataset.chart);
      await library("chart");
      await document.fonts?.ready;
      // Kept out of the component's state: Alpine would wrap the chart in a proxy, which breaks it.
      let made = null;
      const draw = () => {
        made?.destroy();
        made = new window.Chart(root.querySelector("canvas"), settings(wanted));
      };
      const device = matchMedia("(prefers-color-scheme: dark)");
      document.addEventListener("colourmode", draw);
      device.addEventListener("change", draw);
      this.stop = () => {
        document.removeEventListener("colourmode", draw);
        device.removeEventListener("change", draw);
        made?.destroy();
      };
      draw();
    },
    destroy() {
      this.stop?.();
    },
  }));
});

// A chart in the app's own colours and type: thin grid, few lines, no box.
function settings({ kind, labels, series, target, unit }) {
  const colours = Array.from({ length: 8 }, (_, number) => token(`series-${number + 1}`));
  const style = document.documentElement.dataset.style;
  const round = kind === "pie" || kind === "donut";
  const line = kind === "line" || kind === "area";
  const radius = { friendly: 8, minimal: 3, bold: 0, elegant: 0 }[style] ?? 4;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const number = (value) => (typeof value === "number" ? value.toLocaleString(document.documentElement.lang) : value) + (unit ? ` ${unit}` : "");
  const datasets = series.map((each, at) => ({
    label: each.name,
    data: each.values,
    backgroundColor: round ? labels.map((_, slice) => colours[slice % 8]) : kind === "area" ? colours[at % 8] + "2e" : colours[at % 8],
    borderColor: round ? token("surface") : colours[at % 8],
    borderWidth: round ? (each.values.filter(Boolean).length > 1 ? 2 : 0) : line ? 2.25 : 0,
    borderRadius: round ? 0 : radius,
    maxBarThickness: 44,
    fill: kind === "area",
    tension: style === "friendly" || style === "elegant" ? 0.35 : 0,
    pointRadius: line ? (each.values.length > 24 ? 0 : 3) : undefined,
    pointBackgroundColor: colours[at % 8],
    pointHoverRadius: 5,
  }));
  if (target !== null && target !== undefined && !round) {
    datasets.push({ type: "line", label: "Target", data: labels.map(() => target), borderColor: token("muted"), backgroundColor: token("muted"), borderDash: [5, 5], borderWidth: 1.5, pointRadius: 0, fill: false });
  }
  const axis = { border: { display: false }, ticks: { color: token("muted"), font, maxRotation: 0, autoSkipPadding: 16 } };
  return {
    type: { area: "line", donut: "doughnut" }[kind] ?? kind,
    data: { labels, datasets },
    options: {
      responsive: true, maintainAspectRatio: false, animation: calm() ? false : { duration: 350 }, cutout: kind === "donut" ? "64%" : undefined,
      interaction: round ? undefined : { mode: "index", intersect: false },
      scales: round ? {} : {
        x: { ...axis, grid: { display: false } },
        y: { ...axis, beginAtZero: true, grid: { color: token("border"), drawTicks: false }, ticks: { ...axis.ticks, padding: 8, maxTicksLimit: 6, callback: number } },
      },
      plugins: {
        legend: { display: round || datasets.length > 1, position: round ? "right" : "bottom", labels: { color: token("text"), font, boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: Math.min(radius, 5), padding: 14 } },
        tooltip: { backgroundColor: token("inverse"), titleColor: token("on-inverse"), bodyColor: token("on-inverse"), titleFont: { ...font, weight: "600" }, bodyFont: font, padding: 10, cornerRadius: radius, displayColors: datasets.length > 1, callbacks: { label: (item) => ` ${round ? item.label : item.dataset.label}: ${number(item.raw)}` } },
      },
    },
  };
}

// Rows that lead somewhere, dialogs, questions before deeds: for whatever is on the page now or later.
document.addEventListener("click", async (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    return;
  }
  if (event.target instanceof HTMLDialogElement) {
    event.target.close();
    return;
  }
  const row = event.target.closest("tr[data-link]");
  if (row && !event.target.closest("a, button, input, select, label, summary, form") && !String(getSelection())) {
    if (event.metaKey || event.ctrlKey) open(row.dataset.link, "_blank", "noopener");
    else location.assign(row.dataset.link);
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-confirm]");
  const dialog = document.getElementById("confirm");
  if (!button || button.dataset.sure || !dialog?.showModal) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  dialog.querySelector("[data-words]").textContent = button.dataset.confirm;
  dialog.querySelector("[data-label]").textContent = button.textContent.trim() || button.getAttribute("aria-label") || "Yes";
  dialog.returnValue = "";
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "yes") return;
    button.dataset.sure = "yes";
    button.click();
    delete button.dataset.sure;
  }, { once: true });
  dialog.showModal();
}, true);

document.addEventListener("htmx:responseError", (event) => {
  const text = event.detail.xhr.responseText.trim();
  toast(text && text.length < 200 && !text.startsWith("<") ? text : "That did not work. Please try again.");
});
document.addEventListener("htmx:sendError", () => toast("There is no connection right now. Please try again."));
// Server code says { "toast": "Saved" } in HX-Trigger.
document.addEventListener("toast", (event) => toast(event.detail.value ?? event.detail, "success"));
