// The button of every page that turns light to dark, and back.
function switchTheme() {
  const dark = document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const other = dark === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = other;
  try {
    localStorage.theme = other;
  } catch {
    // A browser that keeps nothing for files: the choice ends with the page.
  }
}

for (const button of document.querySelectorAll(".theme")) button.addEventListener("click", switchTheme);
