// What scripts add to the blocks that show records: rows that move, pictures in large, boards to drag, charts, frames that grow.
// Everything is found by its data attributes, now or after a part of the page was drawn anew. It leans on app.js for libraries
// (`library`), tokens, toasts and the form token.
const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const { library, token, toast, csrf } = window;

// Rows that move: buttons, arrow keys by the browser, and a gentle step now and then while nobody looks closer.
function carousel(root) {
  const track = root.querySelector("[data-track]");
  const section = root.closest("section");
  const turns = section?.querySelector(".turns");
  if (!track) return;
  const fits = () => track.scrollWidth <= track.clientWidth + 4;
  const step = (direction) => {
    const slide = track.firstElementChild?.getBoundingClientRect().width ?? track.clientWidth;
    const by = Math.max(1, Math.floor(track.clientWidth / (slide + 16))) * (slide + 16);
    const end = track.scrollLeft + track.clientWidth >= track.scrollWidth - 8;
    const left = direction > 0 && end ? 0 : track.scrollLeft + direction * by;
    track.scrollTo({ left, behavior: calm() ? "auto" : "smooth" });
  };
  if (turns) {
    turns.hidden = fits();
    addEventListener("resize", () => { turns.hidden = fits(); }, { passive: true });
    turns.addEventListener("click", (event) => {
      const button = event.target.closest("[data-turn]");
      if (button) step(Number(button.dataset.turn));
    });
  }
  let still = calm();
  const hold = () => { still = true; };
  const go = () => { still = calm(); };
  for (const name of ["pointerenter", "focusin", "touchstart"]) section.addEventListener(name, hold, { passive: true });
  for (const name of ["pointerleave", "focusout"]) section.addEventListener(name, go);
  const timer = setInterval(() => {
    if (!track.isConnected) clearInterval(timer);
    else if (!still && !document.hidden && !fits() && visible(track)) step(1);
  }, 6000);
}

function visible(element) {
  const box = element.getBoundingClientRect();
  return box.bottom > 0 && box.top < innerHeight;
}

// Pictures in large, in one dialog for the page.
let viewer;
function lightbox(link) {
  const links = [...link.closest("ul").querySelectorAll("[data-pictures]")];
  const all = links.flatMap((one) => JSON.parse(one.dataset.pictures).map((url) => ({ url, link: one })));
  let at = all.findIndex((one) => one.link === link);
  if (!viewer) {
    viewer = document.createElement("dialog");
    viewer.className = "viewer";
    viewer.innerHTML = '<button class="button-icon viewer-close" type="button" aria-label="Close" autofocus></button><button class="button-icon viewer-back" type="button" aria-label="Picture before"></button><img class="viewer-picture" alt=""><button class="button-icon viewer-on" type="button" aria-label="Next picture"></button><p class="viewer-words"><strong></strong> <span></span> <a class="link">Open</a></p>';
    for (const [name, sign] of [["close", "×"], ["back", "‹"], ["on", "›"]]) viewer.querySelector(`.viewer-${name}`).textContent = sign;
    viewer.addEventListener("click", (event) => { if (event.target === viewer || event.target.closest(".viewer-close")) viewer.close(); });
    viewer.querySelector(".viewer-back").addEventListener("click", () => viewer.turn(-1));
    viewer.querySelector(".viewer-on").addEventListener("click", () => viewer.turn(1));
    viewer.addEventListener("keydown", (event) => {
      if (event.key === "ArrowLeft") viewer.turn(-1);
      if (event.key === "ArrowRight") viewer.turn(1);
    });
    document.body.append(viewer);
  }
  const show = () => {
    const { url, link: from } = all[at];
    const picture = viewer.querySelector("img");
    picture.src = url;
    picture.alt = from.dataset.title;
    viewer.querySelector("strong").textContent = from.dataset.title;
    viewer.querySelector("span").textContent = from.dataset.words;
    viewer.querySelector("a").href = from.href;
    for (const name of ["back", "on"]) viewer.querySelector(`.viewer-${name}`).hidden = all.length < 2;
  };
  viewer.turn = (by) => { at = (at + by + all.length) % all.length; show(); };
  show();
  viewer.showModal();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-pictures]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || !("showModal" in HTMLDialogElement.prototype)) return;
  event.preventDefault();
  lightbox(link);
});

// Boards.
function board(root) {
  const columns = [...root.querySelectorAll(".column-cards")];
  const said = root.parentElement.querySelector("[data-said]");
  const count = () => {
    for (const column of root.querySelectorAll(".column")) column.querySelector("[data-count]").textContent = column.querySelectorAll(".ticket").length;
  };
  const buttons = (card) => {
    const at = columns.indexOf(card.parentElement);
    for (const button of card.querySelectorAll("[data-move]")) {
      const to = columns[at + Number(button.dataset.move)];
      button.hidden = false;
      button.disabled = !to;
      button.setAttribute("aria-label", to ? `Move ${card.querySelector(".ticket-title").textContent.trim()} to ${to.dataset.title}` : "There is no further column");
    }
  };
  const move = async (card, from, to, before) => {
    count();
    buttons(card);
    let failed = "The card could not be moved. Please try again.";
    try {
      const body = new URLSearchParams({ [root.dataset.field]: to.dataset.value, csrf: csrf() });
      const answer = await fetch(root.dataset.url.replace("{}", card.dataset.id).replace("%7B%7D", card.dataset.id), { method: "POST", body, headers: { "X-CSRF": csrf(), "HX-Request": "true" } });
      if (answer.ok) {
        said.textContent = `Moved to ${to.dataset.title}`;
        return;
      }
      const words = (await answer.text()).trim();
      if (words && words.length < 300 && !words.startsWith("<")) failed = words;
    } catch { /* no connection: said below */ }
    const focused = card.contains(document.activeElement);
    from.insertBefore(card, before?.parentElement === from ? before : from.querySelector(".column-empty"));
    count();
    buttons(card);
    if (focused) card.querySelector("[data-move]:not(:disabled)")?.focus();
    toast(failed);
  };
  root.querySelectorAll(".ticket").forEach(buttons);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    const card = button.closest(".ticket");
    const from = card.parentElement;
    const to = columns[columns.indexOf(from) + Number(button.dataset.move)];
    if (!to) return;
    const before = card.nextElementSibling;
    to.prepend(card);
    move(card, from, to, before);
    (button.disabled ? card.querySelector("[data-move]:not(:disabled)") : button)?.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest", behavior: calm() ? "auto" : "smooth" });
  });
  if (!root.querySelector(".ticket[data-movable]")) return;
  library("sortable").then(() => {
    let before;
    for (const column of columns) {
      window.Sortable.create(column, {
        group: "board", draggable: ".ticket", sort: false, animation: calm() ? 0 : 140, ghostClass: "ticket-ghost", filter: ".ticket:not([data-movable]), button, select",
        preventOnFilter: false, delay: 220, delayOnTouchOnly: true, touchStartThreshold: 6,
        onStart: ({ item }) => { before = item.nextElementSibling; root.dataset.dragging = ""; },
        onEnd: ({ item, from, to }) => { delete root.dataset.dragging; if (from !== to) move(item, from, to, before); },
      });
    }
  });
}

// Charts: the app's own colours and type, a thin grid, words as they stand in the table.
const made = new Map();
async function chart(root) {
  const wanted = JSON.parse(root.dataset.chart);
  const numbers = root.querySelector("details.numbers");
  await library("chart");
  const canvas = root.querySelector("canvas");
  canvas.hidden = false;
  root.dataset.drawn = "";
  if (numbers) numbers.open = wanted.kind === "pie" || wanted.kind === "donut";
  const draw = () => {
    made.get(root)?.destroy();
    if (!root.isConnected) made.delete(root);
    else {
      const wants = settings(wanted);
      made.set(root, new window.Chart(canvas, wants));
      if (wanted.kind === "pie" || wanted.kind === "donut") key(root, wants.data.datasets[0].backgroundColor);
    }
  };
  draw();
  root.redraw = draw;
}
// The table beside a pie is its key: every line gets the colour of its slice.
function key(root, colours) {
  root.querySelectorAll(".numbers tbody th").forEach((head, at) => {
    const mark = head.querySelector("svg") ?? head.insertBefore(document.createElementNS("http://www.w3.org/2000/svg", "svg"), head.firstChild);
    mark.setAttribute("class", "key");
    mark.setAttribute("aria-hidden", "true");
    mark.setAttribute("viewBox", "0 0 1 1");
    mark.setAttribute("fill", colours[at % colours.length]);
    mark.replaceChildren(document.createElementNS("http://www.w3.org/2000/svg", "rect"));
    mark.firstChild.setAttribute("width", "1");
    mark.firstChild.setAttribute("height", "1");
  });
}
const redraw = () => document.querySelectorAll("[data-chart][data-drawn]").forEach((root) => root.redraw?.());
document.addEventListener("colourmode", redraw);
new MutationObserver(redraw).observe(document.documentElement, { attributes: true, attributeFilter: ["data-mode"] });
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

function settings({ kind, labels, series, target, tones, lineTones, lying, before, after }) {
  const style = document.documentElement.dataset.style;
  const language = document.documentElement.lang;
  const palette = Array.from({ length: 8 }, (_, number) => token(`series-${number + 1}`));
  const toned = (names) => (names?.length ? names.map((name) => (name === "neutral" ? token("edge") : token(name)) || token("primary")) : null);
  const round = kind === "pie" || kind === "donut";
  const line = kind === "line" || kind === "area";
  const groups = toned(tones) ?? labels.map((_, at) => palette[at % 8]);
  const lines = toned(lineTones) ?? series.map((_, at) => palette[at % 8]);
  const radius = { friendly: 7, minimal: 3, bold: 0, elegant: 0 }[style] ?? 4;
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const written = (value, short) => {
    if (value === null || value === undefined) return "–";
    const options = short && Math.abs(value) >= 10000 ? { notation: "compact", maximumFractionDigits: 1 } : { maximumFractionDigits: 2 };
    return `${before}${value.toLocaleString(language, options)}${after}`;
  };
  const datasets = series.map((each, at) => ({
    label: each.name,
    data: each.values,
    backgroundColor: round || (tones?.length && series.length === 1) ? groups : kind === "area" ? `color-mix(in srgb, ${lines[at]} 22%, transparent)` : lines[at],
    borderColor: round ? token("surface") : lines[at],
    borderWidth: round ? (each.values.filter(Boolean).length > 1 ? 2 : 0) : line ? (style === "bold" ? 3.5 : 2.25) : 0,
    borderRadius: round ? 0 : radius,
    borderSkipped: false,
    maxBarThickness: lying ? 26 : 46,
    fill: kind === "area" ? "origin" : false,
    tension: style === "friendly" || style === "elegant" ? 0.3 : 0,
    cubicInterpolationMode: style === "friendly" || style === "elegant" ? "monotone" : "default",
    pointRadius: line ? (labels.length > 20 ? 0 : 3.5) : undefined,
    pointBackgroundColor: lines[at],
    pointHoverRadius: 6,
    spanGaps: true,
    stack: kind === "bar" || kind === "area" ? "all" : undefined,
  }));
  if (kind === "area") for (const each of datasets) each.backgroundColor = fade(each.borderColor);
  if (target !== null && target !== undefined && !round && !lying) {
    datasets.push({ type: "line", label: `Target ${written(target)}`, data: labels.map(() => target), borderColor: token("muted"), backgroundColor: "transparent", borderDash: [5, 5], borderWidth: 1.5, pointRadius: 0, fill: false, stack: "target" });
  }
  const axis = { border: { display: false }, ticks: { color: token("muted"), font, maxRotation: 0, autoSkipPadding: 18 } };
  const value = { ...axis, beginAtZero: true, stacked: kind === "bar" || kind === "area", suggestedMax: target ?? undefined, grid: { color: token("border"), drawTicks: false }, ticks: { ...axis.ticks, padding: 8, maxTicksLimit: 6, precision: series.every((one) => one.values.every(Number.isInteger)) ? 0 : undefined, callback: (number) => written(number, true) } };
  const group = { ...axis, stacked: kind === "bar", grid: { display: false }, ticks: { ...axis.ticks, autoSkip: !lying } };
  return {
    type: { area: "line", donut: "doughnut" }[kind] ?? kind,
    data: { labels, datasets },
    options: {
      responsive: true, maintainAspectRatio: false, animation: calm() ? false : { duration: 350 }, cutout: kind === "donut" ? "66%" : undefined, indexAxis: lying ? "y" : "x",
      interaction: round ? undefined : { mode: "index", intersect: false, axis: lying ? "y" : "x" },
      scales: round ? {} : lying ? { x: value, y: group } : { x: group, y: value },
      plugins: {
        legend: { display: datasets.length > 1 || (round && innerWidth <= 640), position: "bottom", labels: { color: token("text"), font, boxWidth: 10, boxHeight: 10, useBorderRadius: true, borderRadius: Math.min(radius, 5), padding: 14 } },
        tooltip: { backgroundColor: token("inverse"), titleColor: token("on-inverse"), bodyColor: token("on-inverse"), titleFont: { ...font, weight: "600" }, bodyFont: font, padding: 10, cornerRadius: radius, displayColors: datasets.length > 1 || round, callbacks: { label: (item) => ` ${round ? item.label : series.length > 1 || item.datasetIndex ? item.dataset.label : ""}${round || series.length > 1 ? ": " : ""}${item.dataset.stack === "target" ? "" : written(item.raw)}` } },
      },
    },
  };
}

function fade(colour) {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.fillStyle = colour;
  const six = canvas.fillStyle;
  return six.startsWith("#") ? `${six}33` : colour;
}

// Frames of the author's own code say how high they are. Only a frame of this page is listened to, and only a number is taken.
addEventListener("message", (event) => {
  const frame = [...document.querySelectorAll("iframe[data-frame]")].find((one) => one.contentWindow === event.source);
  const said = event.data;
  if (!frame || event.origin !== "null" || typeof said !== "object" || said === null) return;
  if (said.espalier === "ready") frame.contentWindow.postMessage({ espalier: "mode", mode: document.documentElement.dataset.mode ?? "" }, "*");
  if (said.espalier === "height" && Number.isFinite(said.height)) frame.height = String(Math.round(Math.min(Math.max(said.height, 60), 4000)));
});
new MutationObserver(() => {
  for (const frame of document.querySelectorAll("iframe[data-frame]")) frame.contentWindow.postMessage({ espalier: "mode", mode: document.documentElement.dataset.mode ?? "" }, "*");
}).observe(document.documentElement, { attributes: true, attributeFilter: ["data-mode"] });

const kinds = { "[data-carousel]": carousel, "[data-board]": board, "[data-chart]": chart };
function begin(within) {
  for (const [selector, start] of Object.entries(kinds)) {
    for (const root of [...(within.matches?.(selector) ? [within] : []), ...within.querySelectorAll(selector)]) {
      if ("begun" in root.dataset) continue;
      root.dataset.begun = "";
      start(root);
    }
  }
}
begin(document);
document.addEventListener("htmx:afterSettle", (event) => begin(event.detail.elt?.isConnected ? event.detail.elt : document));
document.addEventListener("htmx:afterSwap", () => begin(document));
