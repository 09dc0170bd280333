// Numbers and times as people read them.

export const seconds = (value) => (value < 99.95 ? value.toFixed(1) : Math.round(value).toString());
export const dollars = (value) => (!value ? "$0" : value < 0.01 ? `$${value.toPrecision(2).replace(/e.*/, "")}` : `$${value.toFixed(2)}`);
export const share = (value) => (value === null || value === undefined ? "–" : `${Math.round(value * 100)} %`);
export const count = (number, one, many = `${one}s`) => `${number.toLocaleString()} ${number === 1 ? one : many}`;
export const mac = /Mac|iPhone|iPad/.test(navigator.platform);
export const keys = (letter) => (mac ? `⌘${letter}` : `Ctrl ${letter}`);

const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600], [604800, "day", 86400], [2629800, "week", 604800], [31557600, "month", 2629800], [Infinity, "year", 31557600]];
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
// at: unix seconds
export function ago(at) {
  const passed = Date.now() / 1000 - at;
  if (passed < 45) return "just now";
  const [, unit, size] = STEPS.find(([limit]) => passed < limit);
  return relative.format(-Math.round(passed / size), unit);
}
export const day = (at) => new Date(at * 1000).toLocaleDateString("en", { day: "numeric", month: "long", year: "numeric" });
export const moment = (at) => new Date(at * 1000).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });
