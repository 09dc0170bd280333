// The least that makes the pages work: forms with `data-api` are sent as JSON, builds are watched, previews are loaded.
const csrf = document.querySelector('meta[name="csrf"]').content;
const send = async (url, given) => {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF": csrf },
    body: JSON.stringify(given),
  });
  const said = await answer.json();
  if (!answer.ok) throw new Error(`${said.error} ${said.todo || ""}`);
  return said;
};
const watch = (id) => {
  const source = new EventSource(`/api/builds/${id}/events`);
  const on = (name, work) => source.addEventListener(name, (event) => work(JSON.parse(event.data)));
  const state = document.getElementById("state");
  const written = document.getElementById("written");
  const preview = document.getElementById("preview");
  on("state", (said) => (state.textContent = `${said.state} ${said.stage}`));
  on("text", (said) => {
    if (said.answer === 0) written.textContent = written.textContent.slice(0, said.from) + said.piece;
  });
  on("section", (said) => (preview.src = said.preview));
  on("failed", (said) => (source.close(), (state.textContent = said.words)));
  on("done", (said) => (source.close(), location.assign(said.url)));
};
for (const form of document.querySelectorAll("form[data-api]"))
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const said = await send(form.dataset.api, Object.fromEntries(new FormData(form)));
      if (form.dataset.go) location.assign(said[form.dataset.go]);
      else if (form.dataset.show) form.nextElementSibling.textContent = said[form.dataset.show];
      else if ("watch" in form.dataset) watch(said.build);
      else location.reload();
    } catch (error) {
      alert(error.message);
    }
  });
for (const frame of document.querySelectorAll("iframe[data-preview]"))
  fetch(frame.dataset.preview).then((answer) => answer.json()).then((said) => (frame.src = said.url));
for (const node of document.querySelectorAll("[data-build]")) watch(node.dataset.build);
