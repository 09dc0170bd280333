// The JSON API of the studio. Every change carries the session's token; what fails is a Failed with words for people.

export class Failed extends Error {
  // said: what the server answered: {error, todo, ...}; status 0 when it could not be reached.
  constructor(status, said) {
    super(said.error || "That did not work.");
    this.status = status;
    this.todo = said.todo || "";
    this.said = said;
  }
}

export const get = (url) => ask(url, { method: "GET" });
export const post = (url, given = {}) =>
  ask(url, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRF": token() }, body: JSON.stringify(given) });

const token = () => document.querySelector('meta[name="csrf"]').content;

async function ask(url, how) {
  let answer;
  try {
    answer = await fetch(url, { credentials: "same-origin", ...how });
  } catch {
    throw new Failed(0, { error: "The studio cannot be reached.", todo: "Is it still running? Nothing you wrote is lost." });
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.status === 401) location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
  if (!answer.ok) throw new Failed(answer.status, said);
  return said;
}
