// Runs in a page under check: waits until it stands still, then says where everything is and what does not fit.
// One arrow function, called with whether to wait (a frame that is out of sight draws nothing, and need not be waited for), that
// gives plain JSON, or null when the page has not taken on the window's size. All lengths are CSS pixels of the whole (scrolled) page.
async (wait = true) => {
  const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  document.body.getBoundingClientRect(); // fonts are asked for when something is laid out in them
  if (wait) await Promise.race([document.fonts.ready.then(frame).then(frame), pause(4000)]);

  // What is sized by the window (vw, vh) follows its size a moment later than the page does: a probe shows when.
  let probe = document.getElementById("espalier-probe");
  if (!probe) {
    probe = Object.assign(document.createElement("div"), { id: "espalier-probe", style: "position:fixed;visibility:hidden;pointer-events:none;width:100vw;height:100vh" });
    document.body.append(probe);
  }
  const fits = () => {
    const size = probe.getBoundingClientRect();
    return Math.abs(size.width - innerWidth) <= 1 && Math.abs(size.height - innerHeight) <= 1;
  };
  const since = performance.now();
  while (!fits() && performance.now() - since < 500) await pause(10);
  if (!fits()) return null;

  const root = document.documentElement;
  const across = window.scrollX;
  const down = window.scrollY;
  const wide = root.clientWidth;
  const FOREVER = { left: -1e6, top: -1e6, right: 1e6, bottom: 1e6 };
  const UNSEEN = new Set(["SCRIPT", "STYLE", "TEMPLATE", "NOSCRIPT", "OPTION", "BR", "WBR", "HR", "DATALIST"]);
  const CONTROLS = "a[href], button, input:not([type=hidden]), select, textarea, summary, [role=button], [role=tab]";

  // Colours come as rgb(), oklch(), color(srgb ...): a canvas knows them all.
  const pen = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (text) => {
    if (!known.has(text)) {
      const plain = /^rgba?\((\d+), (\d+), (\d+)(?:, ([\d.]+))?\)$/.exec(text);
      if (plain) known.set(text, [+plain[1], +plain[2], +plain[3], plain[4] === undefined ? 1 : +plain[4]]);
      else {
        pen.clearRect(0, 0, 1, 1);
        pen.fillStyle = text;
        pen.fillRect(0, 0, 1, 1);
        const [red, green, blue, alpha] = pen.getImageData(0, 0, 1, 1).data;
        known.set(text, [red, green, blue, alpha / 255]);
      }
    }
    return known.get(text);
  };
  const over = (upper, lower) => [0, 1, 2].map((at) => upper[at] * upper[3] + lower[at] * (1 - upper[3]));
  const hex = (parts) => "#" + parts.slice(0, 3).map((part) => Math.round(part).toString(16).padStart(2, "0")).join("");

  const rounded = (value) => Math.round(value * 10) / 10;
  const placed = (left, top, right, bottom) => ({ x: rounded(left + across), y: rounded(top + down), width: rounded(right - left), height: rounded(bottom - top) });
  const meet = (one, other) => ({ left: Math.max(one.left, other.left), top: Math.max(one.top, other.top), right: Math.min(one.right, other.right), bottom: Math.min(one.bottom, other.bottom) });
  const words = (text) => text.replace(/\s+/g, " ").trim().slice(0, 80);

  const blocks = [...document.querySelectorAll("main section")].filter((section) => !section.parentElement.closest("main section"));
  const blockTitle = (element) => {
    const block = element.closest("main section");
    const heading = block?.querySelector("h1, h2, h3");
    return heading ? words(heading.textContent) : block ? words(block.id) : "";
  };

  const boxes = [];
  const lines = []; // every line of text that can be seen: for what overlaps
  const cut = [];
  const outside = [];
  const beyond = [];

  const look = (element, around) => {
    if (UNSEEN.has(element.tagName)) return;
    const style = getComputedStyle(element);
    if (style.display === "none" || style.visibility === "collapse") return;
    if (style.display === "contents") {
      for (const child of element.children) look(child, around);
      return;
    }
    if (!element.checkVisibility({ contentVisibilityAuto: true })) return;
    const rect = element.getBoundingClientRect();
    const fixed = around.fixed || style.position === "fixed" || style.position === "sticky";
    const afloat = style.position === "absolute" || style.position === "fixed";
    const opacity = around.opacity * Number(style.opacity);
    if (opacity < 0.02) return;
    const tiny = rect.width <= 1.5 || rect.height <= 1.5;
    if (tiny && style.overflow !== "visible") return; // kept for those who listen
    if (style.clipPath === "inset(50%)") return;
    const shown = style.visibility === "visible";
    const seen = meet(rect, around.clip);
    const inSight = shown && !tiny && seen.right - seen.left > 1 && seen.bottom - seen.top > 1 && seen.right + across > 0 && seen.bottom + down > 0;
    const block = around.block >= 0 ? around.block : element.tagName === "SECTION" ? blocks.indexOf(element) : -1;
    const common = { tag: element.tagName.toLowerCase(), block };

    let ground = around.ground;
    let picture = around.picture;
    const own = colour(style.backgroundColor);
    const hasPicture = style.backgroundImage !== "none" && !/^(linear|radial|conic)-gradient\(transparent/.test(style.backgroundImage);
    if (own[3] > 0) {
      ground = over(own, ground);
      if (own[3] > 0.97) picture = false;
    }
    if (hasPicture) picture = true;
    const background = picture ? "" : hex(ground);

    if (inSight && block >= 0 && around.block < 0) boxes.push({ kind: "block", ...common, ...placed(seen.left, seen.top, seen.right, seen.bottom), text: blockTitle(element), background });
    const isPicture = ["IMG", "CANVAS", "VIDEO", "svg", "PICTURE", "OBJECT", "IFRAME"].includes(element.tagName);
    if (isPicture) {
      if (inSight && element.tagName !== "PICTURE") boxes.push({ kind: "image", ...common, ...placed(seen.left, seen.top, seen.right, seen.bottom), text: words(element.getAttribute("alt") ?? element.getAttribute("aria-label") ?? "") });
      if (element.tagName !== "PICTURE") return;
    }
    const control = element.matches(CONTROLS);
    if (inSight && control) {
      boxes.push({ kind: "control", ...common, ...placed(seen.left, seen.top, seen.right, seen.bottom), text: words(element.getAttribute("aria-label") || element.innerText || element.value || element.placeholder || ""), font_size: parseFloat(style.fontSize), font_weight: Number(style.fontWeight), color: hex(over(colour(style.color), ground)), background });
    } else if (inSight && element !== document.body && rect.width > 40 && rect.height > 20) {
      const edged = style.borderTopStyle !== "none" && style.borderLeftStyle !== "none" && ["Top", "Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) > 0 && colour(style[`border${side}Color`])[3] > 0.05 && style[`border${side}Style`] !== "none");
      const filled = own[3] > 0.05 && hex(ground) !== hex(around.ground);
      if (edged || filled || style.boxShadow !== "none") {
        boxes.push({ kind: "card", ...common, ...placed(seen.left, seen.top, seen.right, seen.bottom), background });
        around = { ...around, card: rect };
      }
      if (hasPicture && /url\(/.test(style.backgroundImage)) boxes.push({ kind: "image", ...common, ...placed(seen.left, seen.top, seen.right, seen.bottom), text: "" });
    }

    // What holds its content in, by scrolling (clip) or for good (hard too).
    let { clip, hard } = around;
    if (style.position === "fixed") { clip = FOREVER; hard = FOREVER; }
    const sideways = style.overflowX !== "visible" ? [rect.left, rect.right] : null;
    const upright = style.overflowY !== "visible" ? [rect.top, rect.bottom] : null;
    if (element !== document.body && (sideways || upright)) {
      const inner = { left: sideways ? sideways[0] : -1e6, right: sideways ? sideways[1] : 1e6, top: upright ? upright[0] : -1e6, bottom: upright ? upright[1] : 1e6 };
      clip = meet(clip, inner);
      const held = (way) => way === "hidden" || way === "clip";
      hard = meet(hard, { left: held(style.overflowX) ? inner.left : -1e6, right: held(style.overflowX) ? inner.right : 1e6, top: held(style.overflowY) ? inner.top : -1e6, bottom: held(style.overflowY) ? inner.bottom : 1e6 });
      // Inside of what scrolls nothing is lost to an edge further out.
      const scrolls = (way) => way === "auto" || way === "scroll";
      if (scrolls(style.overflowX)) hard = { ...hard, left: -1e6, right: 1e6 };
      if (scrolls(style.overflowY)) hard = { ...hard, top: -1e6, bottom: 1e6 };
    }
    // The words that stand in this element itself, line by line.
    const card = afloat ? null : around.card;
    const ellipsis = around.ellipsis || style.textOverflow === "ellipsis" || (style.webkitLineClamp !== "none" && style.webkitLineClamp !== "");
    if (shown && !tiny) {
      const own = [];
      for (const node of element.childNodes) {
        if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const line of range.getClientRects()) if (line.width > 1 && line.height > 1) own.push(line);
      }
      if (own.length) {
        const said = words([...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data).join(" "));
        const visible = own.map((line) => meet(line, clip)).filter((line) => line.right - line.left > 1 && line.bottom - line.top > 1);
        const where = { text: said, tag: common.tag, block, title: blockTitle(element) };
        if (visible.length) {
          const left = Math.min(...visible.map((line) => line.left)), top = Math.min(...visible.map((line) => line.top));
          const right = Math.max(...visible.map((line) => line.right)), bottom = Math.max(...visible.map((line) => line.bottom));
          const ink = colour(style.color);
          const disabled = element.closest(":disabled, [aria-disabled=true], [inert]") !== null;
          if (right + across > 0 && bottom + down > 0) {
            boxes.push({ kind: "text", ...common, ...placed(left, top, right, bottom), text: said, font_size: parseFloat(style.fontSize), font_weight: Number(style.fontWeight), color: hex(over([ink[0], ink[1], ink[2], ink[3] * opacity], ground)), background, over_picture: picture, disabled, lines: visible.length });
            if (!fixed) visible.forEach((line) => lines.push({ element, where, ...line }));
          }
        }
        // Cut off: an edge that does not scroll takes more than a sliver of a line, and nothing says that there is more.
        if (!ellipsis) {
          for (const line of own) {
            const left = meet(line, hard);
            const width = left.right - left.left, height = left.bottom - left.top;
            const some = width > 1 && height > 1;
            if ((some && (line.width - width > 3 || line.height - height > line.height * 0.35)) || (!some && visible.length && visible.length < own.length)) {
              cut.push({ ...where, ...placed(line.left, line.top, line.right, line.bottom) });
              break;
            }
          }
        }
        if (card && visible.length) {
          const line = visible.find((one) => one.right > card.right + 3 || one.left < card.left - 3);
          if (line) outside.push({ ...where, ...placed(line.left, line.top, line.right, line.bottom) });
        }
        if (own.some((line) => line.right + across > wide + 2 && meet(line, clip).right > wide + 2)) beyond.push({ ...where, right: Math.round(Math.max(...own.map((line) => line.right)) + across) });
      }
    }
    if (!element.firstElementChild && inSight && rect.right + across > wide + 2 && seen.right + across > wide + 2) beyond.push({ text: words(element.textContent || element.getAttribute("aria-label") || ""), tag: common.tag, block, title: blockTitle(element), right: Math.round(rect.right + across) });

    const inside = { clip, hard, ground, picture, opacity, fixed, block, ellipsis: style.textOverflow === "ellipsis" || (style.webkitLineClamp !== "none" && style.webkitLineClamp !== ""), card: afloat ? (around.card === rect ? rect : null) : around.card };
    for (const child of element.children) look(child, inside);
  };

  const canvas = [root, document.body].map((element) => colour(getComputedStyle(element).backgroundColor)).filter((each) => each[3] > 0);
  look(document.body, { clip: FOREVER, hard: FOREVER, ground: canvas.reduce((lower, upper) => over(upper, lower), [255, 255, 255]), picture: false, opacity: 1, fixed: false, block: -1, ellipsis: false, card: null });

  // Lines of different elements in one place. Letters take about the middle half of a line's height.
  const overlaps = [];
  lines.sort((one, other) => one.top - other.top);
  const flat = (line) => ({ left: line.left + 1, right: line.right - 1, top: line.top + (line.bottom - line.top) * 0.25, bottom: line.bottom - (line.bottom - line.top) * 0.25 });
  const told = new Set();
  for (let at = 0; at < lines.length && overlaps.length < 20; at += 1) {
    const one = flat(lines[at]);
    for (let next = at + 1; next < lines.length && lines[next].top < one.bottom; next += 1) {
      if (lines[next].element === lines[at].element) continue;
      const other = flat(lines[next]);
      const both = meet(one, other);
      const area = Math.max(0, both.right - both.left) * Math.max(0, both.bottom - both.top);
      const least = Math.min((one.right - one.left) * (one.bottom - one.top), (other.right - other.left) * (other.bottom - other.top));
      if (least <= 0 || area < least * 0.2) continue;
      const key = `${lines[at].where.text}|${lines[next].where.text}`;
      if (told.has(key)) continue;
      told.add(key);
      overlaps.push({ ...lines[at].where, other: lines[next].where.text, ...placed(both.left, both.top, both.right, both.bottom) });
    }
  }
  if (root.scrollWidth > wide + 1 && !beyond.length) {
    // Then it is something that cannot be seen, such as words for those who listen, that stands free of what scrolls around it.
    const free = [...document.querySelectorAll("body *")].find((element) => getComputedStyle(element).position === "absolute" && element.getBoundingClientRect().right > wide + 1);
    if (free) beyond.push({ text: words(free.textContent || free.className), title: blockTitle(free), right: Math.round(free.getBoundingClientRect().right + across) });
  }
  const timing = performance.getEntriesByType("navigation")[0];
  const long = [];
  try {
    const observer = new PerformanceObserver(() => {});
    observer.observe({ type: "longtask", buffered: true });
    long.push(...observer.takeRecords());
    observer.disconnect();
  } catch { /* not told by this browser */ }
  const loaded = timing ? timing.domContentLoadedEventEnd : 0;
  const early = long.filter((task) => task.startTime < loaded + 3000);
  return {
    ready: Math.max(loaded, ...early.map((task) => task.startTime + task.duration)) / 1000,
    busy: early.reduce((sum, task) => sum + task.duration, 0) / 1000,
    height: Math.max(root.scrollHeight, document.body.scrollHeight),
    too_wide: Math.max(0, root.scrollWidth - wide),
    boxes, cut: cut.slice(0, 20), outside: outside.slice(0, 20), overlaps, beyond: beyond.slice(0, 8),
    title: document.title,
    texts: lines.length,
  };
}
