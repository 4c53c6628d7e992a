// Runs before the first paint, so that a dark page never flashes white. The app takes over afterwards.
(() => {
  let choice = null;
  try {
    choice = localStorage.getItem("tidemill.theme");
  } catch {}
  const dark =
    choice === "dark" || (choice !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
