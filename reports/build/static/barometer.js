// Makes the charts of a page answer to a reader. Each stands in the page as a still picture in two widths, of which the
// style sheet shows one; when one comes into view, the same drawing, live, takes its place at the same size.
// What a reader chose to see stands in the address: #figure?scale=log&mean=12&from=2020-01&to=2024-12&without=a,b
// Of many lines some are hidden until they are asked for: then `without` names those that still are.
const options = {
  actions: false,
  ast: true, // expressions are interpreted: the page's policy allows no code made from text
  defaultStyle: false,
  renderer: "svg",
  tooltip: { disableDefaultStyle: true },
};
const charts = new Map(); // of figures: promises of what they are drawn from, and what of it is shown

const monthOf = (day) => new Date(day * DAY).toISOString().slice(0, 7);
const firstOf = (month) => Date.parse(`${month}-01T00:00:00Z`) / DAY;
const plus = (day, months) => {
  const date = new Date(day * DAY);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1) / DAY;
};
const wordsOf = (day, aged) => {
  const date = new Date(day * DAY);
  if (aged) return `${date.getUTCFullYear() - 2000} years ${date.getUTCMonth()} months`;
  return date.toLocaleDateString("en", { month: "short", year: "numeric", timeZone: "UTC" });
};

class Chart {
  constructor(figure, drawing) {
    this.figure = figure;
    this.drawing = drawing;
    this.facts = this.drawing.facts;
    this.controls = figure.querySelector(".controls");
    this.fields = new Map([...figure.querySelectorAll("[name=subject]")].map((box) => [box.value, box.dataset.field]));
    this.months = Math.ceil((this.facts.last - this.facts.first) / 30.44) + 1;
    this.show("");
    this.controls?.addEventListener("input", () => this.read());
    this.controls?.querySelector(".reset").addEventListener("click", () => this.choose(""));
    for (const preset of this.controls?.querySelectorAll("[data-years]") ?? []) {
      const from = plus(this.facts.last, -12 * preset.dataset.years);
      preset.addEventListener("click", () => this.choose(this.with({ from: monthOf(from) }, ["to"])));
    }
    const embed = figure.querySelector(".embed");
    embed?.addEventListener("toggle", () => (embed.querySelector("code").textContent = this.embedding(embed.dataset.picture)));
  }

  get isWhole() {
    const { from, to, log, smooth, without } = this.view;
    return from === this.facts.first && to === this.facts.last && !log && !smooth && this.isAsAtFirst([...without]);
  }

  isAsAtFirst(without) {
    const { hidden } = this.facts;
    return without.length === hidden.length && hidden.every((subject) => without.includes(subject));
  }

  // Take what the controls say, and write it into the address.
  read() {
    const box = (name) => this.controls.querySelector(`[name=${name}]`);
    const [from, to] = [Number(box("from").value), Number(box("to").value)];
    const state = new URLSearchParams();
    if (this.controls.querySelector("[value=log]:checked")) state.set("scale", "log");
    if (this.smoothing?.checked) state.set("mean", this.smoothing.value);
    if (from > 0) state.set("from", monthOf(plus(this.facts.first, Math.min(from, this.months - 3))));
    if (to < this.months) state.set("to", monthOf(plus(this.facts.first, Math.max(to, from + 2))));
    const hidden = [...this.controls.querySelectorAll("[name=subject]:not(:checked)")].map((subject) => subject.value);
    if (!this.isAsAtFirst(hidden) && hidden.length < this.fields.size) state.set("without", hidden.join(","));
    this.choose(state.toString().replaceAll("%2C", ","));
  }

  // The state as it is told in the address, changed.
  with(changes, without = []) {
    const state = new URLSearchParams(this.state);
    for (const name of without) state.delete(name);
    for (const [name, value] of Object.entries(changes)) state.set(name, value);
    return state.toString().replaceAll("%2C", ",");
  }

  get address() {
    return `${location.href.replace(/[?#].*/, "")}#${this.figure.id}${this.state ? `?${this.state}` : ""}`;
  }

  // Lines of HTML that show this view, live or as a still picture, on another page.
  embedding(picture) {
    const quoted = (text) => text.replace(/[&"<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);
    const title = quoted(this.figure.querySelector("h2, h3").textContent);
    const [page, view] = this.address.split("#");
    const live = quoted(`${page}?only=${this.figure.id}#${view}`);
    // In a frame the key is as long, and the chart may be a little higher than here.
    const height = Math.max(720, Math.ceil(this.figure.scrollHeight * 1.1));
    return (
      `<iframe src="${live}" title="${title}" width="740" height="${height}" loading="lazy"></iframe>\n\n` +
      `<a href="${quoted(this.address)}"><img src="${quoted(new URL(picture, page).href)}" alt="${title}" width="740"></a>\n`
    );
  }

  choose(state) {
    history.replaceState(null, "", `#${this.figure.id}${state ? `?${state}` : ""}`);
    this.show(state);
    this.redraw();
  }

  // Take a state as the address tells it; what it does not tell is as in the whole chart.
  show(state) {
    this.state = state;
    const told = new URLSearchParams(state);
    const { first, last } = this.facts;
    const known = (name, fallback) => (Number.isFinite(firstOf(told.get(name))) ? firstOf(told.get(name)) : fallback);
    const chosen = told.has("without") ? told.get("without").split(",") : this.facts.hidden;
    const without = new Set(chosen.filter((subject) => this.fields.has(subject)));
    const from = Math.max(first, Math.min(known("from", first), last - 45));
    const to = Math.min(last, Math.max(known("to", last), from + 45));
    const smooth = told.get("mean") === this.smoothing?.value ? Number(this.smoothing.value) : 0;
    const means = smooth ? this.smoothing.parentElement.textContent.trim() : "";
    const log = told.get("scale") === "log" && this.hasLog;
    this.view = { from, to, log, smooth, means, without, fields: this.fields };
    if (this.controls) this.write();
  }

  get smoothing() {
    return this.controls?.querySelector("[name=smooth]");
  }

  get hasLog() {
    return Boolean(this.controls?.querySelector("[value=log]"));
  }

  // Make the controls say what is shown.
  write() {
    const { from, to, log, smooth, without } = this.view;
    const indexOf = (day) => Math.round((day - this.facts.first) / 30.44);
    for (const [name, value, day] of [["from", indexOf(from), from], ["to", to === this.facts.last ? this.months : indexOf(to), to]]) {
      const slider = this.controls.querySelector(`[name=${name}]`);
      slider.max = this.months;
      if (slider !== document.activeElement) slider.value = value;
      const words = wordsOf(day, this.facts.aged);
      slider.setAttribute("aria-valuetext", words);
      slider.nextElementSibling.textContent = words;
    }
    for (const scale of this.controls.querySelectorAll("[type=radio]")) scale.checked = (scale.value === "log") === log;
    if (this.smoothing) this.smoothing.checked = smooth > 0;
    for (const subject of this.controls.querySelectorAll("[name=subject]")) subject.checked = !without.has(subject.value);
    this.controls.querySelector(".reset").disabled = this.isWhole;
    this.controls.querySelector(".moved").textContent = this.isWhole ? "" : this.moved();
    this.figure.querySelector(".key")?.classList.toggle("part", !this.isWhole);
  }

  // How each line moved from the first period in view to the last one; of two ways of counting nothing is told.
  moved() {
    const { from, to, without } = this.view;
    if (this.facts.aged || !this.facts.names) return "";
    if (this.facts.breaks.some((day) => day > from && day <= to)) return "Counted in two ways within this range, so no change is told.";
    const { lines } = seenOf(this.drawing.datasets, this.facts, this.view);
    const told = Object.entries(this.facts.names).flatMap(([subject, name]) => {
      const seen = lines.filter((row) => row.subject === subject && row.value !== null && row.day >= from && row.day <= to);
      if (without.has(subject) || seen.length < 2) return [];
      const [first, last] = [seen.at(0).value, seen.at(-1).value];
      if (!this.facts.share && !first) return [];
      const change = Math.round(100 * (this.facts.share ? last - first : last / first - 1));
      return `${name} ${change < 0 ? "\u2212" : "+"}${Math.abs(change)}${this.facts.share ? " points" : "\u202f%"}`;
    });
    const means = this.view.smooth ? `${this.view.means}; a pointer shows figures as counted. ` : "";
    return told.length ? `${means}From the first to the last in view: ${told.join(", ")}` : means;
  }

  specification(plot) {
    const { wide, narrow, datasets } = this.drawing;
    const spec = plot.classList.contains("wide") ? wide : narrow;
    if (this.isWhole) return wholeOf(spec, datasets, this.view);
    return partOf(spec, datasets, this.facts, this.view);
  }

  async draw(plot) {
    const live = document.createElement("div");
    const wanted = this.view;
    const { view } = await vegaEmbed(live, this.specification(plot), options);
    if (wanted !== this.view) return; // a later choice is on its way
    plot.replaceChildren(live);
    plot.dataset.live = "";
    if (this.controls) this.brush(plot, view);
  }

  redraw() {
    for (const plot of this.figure.querySelectorAll(".plot[data-live]")) this.draw(plot);
  }

  // Drag across the lines to look closer.
  brush(plot, view) {
    const { width, padding } = this.drawing[plot.classList.contains("wide") ? "wide" : "narrow"];
    const svg = plot.querySelector("svg");
    const total = width + padding.left + padding.right;
    const dayAt = (event) => {
      const box = svg.getBoundingClientRect();
      const part = (((event.clientX - box.left) / box.width) * total - padding.left) / width;
      return this.view.from + Math.min(1, Math.max(0, part)) * (this.view.to - this.view.from);
    };
    const placeOf = (day) => padding.left + (width * (day - this.view.from)) / (this.view.to - this.view.from);
    const band = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    band.classList.add("brush");
    svg.append(band);
    let start = null;
    svg.addEventListener("pointerdown", (event) => {
      if (event.pointerType === "mouse") start = dayAt(event);
    });
    svg.addEventListener("pointermove", (event) => {
      if (start === null) return;
      const [from, to] = [start, dayAt(event)].sort((one, other) => one - other).map(placeOf);
      const box = { x: from, y: padding.top, width: to - from, height: view.height() };
      for (const [name, value] of Object.entries(box)) band.setAttribute(name, value);
    });
    svg.addEventListener("pointerup", (event) => {
      if (start === null) return;
      band.removeAttribute("width");
      const [from, to] = [start, dayAt(event)].sort((one, other) => one - other);
      start = null;
      if (to - from < 60) return;
      const state = new URLSearchParams(location.hash.split("?")[1] ?? "");
      state.set("from", monthOf(from));
      state.set("to", monthOf(plus(to, 1)));
      this.choose(state.toString());
    });
    svg.addEventListener("dblclick", () => this.choose(""));
  }
}

// What a chart is drawn from stands in the page, or in a file beside it, which a page from disk may read as a script.
async function drawingOf(figure) {
  const inside = figure.querySelector(".chart script");
  if (inside) return JSON.parse(inside.textContent);
  const file = figure.querySelector(".chart").dataset.drawing;
  if (!globalThis.drawings?.[file]) {
    await new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: file, onload: done, onerror: failed });
      document.head.append(script);
    });
  }
  return globalThis.drawings[file];
}

function chartOf(figure) {
  if (!charts.has(figure)) charts.set(figure, drawingOf(figure).then((drawing) => new Chart(figure, drawing)));
  return charts.get(figure);
}

const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) {
        seen.unobserve(target);
        chartOf(target.closest("figure")).then((chart) => chart.draw(target));
      }
    }
  },
  { rootMargin: "300px" },
);

// Of the ways to look at one thing one is shown: the one that the address names.
function follow() {
  const [id, state = ""] = decodeURIComponent(location.hash.slice(1)).split("?");
  const figure = document.getElementById(id);
  if (!figure?.matches("figure")) return;
  const further = figure.closest("details.further");
  if (further) further.open = true;
  for (const link of figure.querySelectorAll(".kin a")) {
    document.getElementById(link.hash.slice(1)).classList.toggle("chosen", link.hash === `#${id}`);
  }
  if (figure.querySelector(".plot")) {
    chartOf(figure).then((chart) => {
      chart.show(state);
      chart.redraw();
    });
  }
  if (figure.getBoundingClientRect().top < 0 || figure.getBoundingClientRect().top > innerHeight / 2) figure.scrollIntoView();
}

for (const plot of document.querySelectorAll(".plot")) seen.observe(plot);
// Link copies the address of what is in view; where nothing may be copied it leads there, as any link.
for (const link of document.querySelectorAll("figure .link")) {
  link.addEventListener("click", async (event) => {
    const figure = link.closest("figure");
    if (!navigator.clipboard || !figure.querySelector(".plot")) return;
    event.preventDefault();
    const { address } = await chartOf(figure);
    history.replaceState(null, "", address);
    try {
      await navigator.clipboard.writeText(address);
      link.querySelector(".word").textContent = "Link copied";
      setTimeout(() => (link.querySelector(".word").textContent = "Link"), 2000);
    } catch {
      // The address bar has it all the same.
    }
  });
}
// As another page embeds it, one figure stands alone.
const only = document.getElementById(new URLSearchParams(location.search).get("only") ?? "");
if (only?.matches("figure")) {
  only.classList.add("alone", "chosen");
  document.documentElement.classList.add("only");
}
// A long table can be searched by the names in its first column.
for (const find of document.querySelectorAll(".find:has(+ .scroll)")) {
  const rows = [...find.nextElementSibling.querySelectorAll("tbody tr")];
  find.hidden = false;
  find.addEventListener("input", ({ target }) => {
    const words = target.value.trim().toLowerCase();
    for (const row of rows) {
      row.hidden = !row.cells[0].textContent.toLowerCase().includes(words);
      row.classList.toggle("found", words && !row.hidden);
    }
    find.querySelector("output").textContent = words && `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
  });
  find.querySelector("button")?.addEventListener("click", ({ target }) => {
    for (const row of rows) row.classList.remove("more");
    target.remove();
  });
}
for (const pair of document.querySelectorAll(".pair")) {
  pair.addEventListener("change", () => {
    const chosen = new Set([...pair.querySelectorAll("select")].map((select) => select.value));
    for (const figure of document.querySelectorAll("figure:has(.plot)")) {
      chartOf(figure).then((chart) => {
        const others = [...chart.fields.keys()].filter((subject) => !chosen.has(subject));
        chart.show(chosen.has("") ? "" : `without=${others.join(",")}`);
        chart.redraw();
      });
    }
  });
}
addEventListener("hashchange", follow);
follow();
