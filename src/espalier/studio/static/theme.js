// Runs before the page is painted: light or dark as it was chosen here, else as the machine has it.
{
  let chosen = "";
  try { chosen = localStorage.getItem("theme") || ""; } catch { /* a browser without storage */ }
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
}
