// Loaded before the first paint, so that the page never flashes in the wrong theme.
(function () {
  var choice = null;
  try {
    choice = localStorage.getItem('snackbase-theme');
  } catch {
    // Storage may be forbidden; the system's theme is used then.
  }
  var dark = choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.classList.toggle('dark', dark);
})();
