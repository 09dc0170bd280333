// The state of a custom block's frame in one number, and what there is to play with: for finding out whether anything moves it.
() => {
  let mark = 0;
  const add = (text) => {
    for (let at = 0; at < text.length; at += 1) mark = (mark * 31 + text.charCodeAt(at)) | 0;
  };
  add(document.body.innerHTML);
  for (const input of document.querySelectorAll("output")) add(input.value);
  for (const canvas of document.querySelectorAll("canvas")) {
    try { add(canvas.toDataURL("image/png")); } catch { /* a picture from elsewhere is on it */ }
  }
  const inSight = (element) => {
    const rect = element.getBoundingClientRect();
    return element.checkVisibility({ visibilityProperty: true }) && rect.width > 1 && rect.height > 1;
  };
  const drawn = document.body.innerText.trim().length > 0 || [...document.querySelectorAll("canvas, svg, img, input, button")].some(inSight);
  const count = (what) => [...document.querySelectorAll(what)].filter(inSight).length;
  return {
    mark,
    drawn,
    moving: document.getAnimations().some((one) => one.playState === "running" && one.effect?.getTiming().iterations === Infinity),
    buttons: count("button, input[type=button], input[type=submit], [role=button], [onclick], summary"),
    inputs: count("input:not([type=button]):not([type=submit]):not([type=hidden]), select, textarea"),
    canvases: count("canvas, svg"),
    pieces: count("td, li, [draggable=true], [tabindex], [data-index], [class*=cell], [class*=card], [class*=tile]"),
  };
}
