// Makes the charts of a page answer to a pointer. Each stands in the page as a still picture in two widths, of which
// the style sheet shows one; when one comes into view, the same drawing, live, takes its place at the same size.
const options = {
  actions: false,
  ast: true, // expressions are interpreted: the page's policy allows no code made from text
  defaultStyle: false,
  renderer: "svg",
  tooltip: { disableDefaultStyle: true },
};

async function enliven(plot) {
  const { datasets, wide, narrow } = JSON.parse(plot.parentElement.querySelector("script").textContent);
  const live = document.createElement("div");
  const spec = plot.classList.contains("wide") ? wide : narrow;
  await vegaEmbed(live, { ...spec, datasets: { ...spec.datasets, ...datasets } }, options);
  plot.replaceChildren(live);
  plot.dataset.live = "";
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        seen.unobserve(target);
        enliven(target);
      }
    }
  },
  { rootMargin: "300px" },
);

for (const plot of document.querySelectorAll(".plot")) seen.observe(plot);
