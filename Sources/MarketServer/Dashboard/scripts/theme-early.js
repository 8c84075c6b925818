// Runs before the first paint, so that a chosen theme does not flash. Not a module: modules run too late.
try {
  const theme = localStorage.getItem("bhav.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; the system's preference then decides.
}
