// Before the first paint: the visitor's own choice of light or dark, if there was one.
try {
  const chosen = localStorage.getItem("mode");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.mode = chosen;
} catch { /* storage is off: the page keeps its own mode */ }
