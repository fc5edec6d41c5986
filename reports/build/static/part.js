// A part of a chart, or another scale: the drawing that Python laid out, changed for what a reader asked to see.
// A view is { from, to, log, smooth, means, without }: day numbers, a flag, over how many periods each figure is the mean of
// its own and those before it (0: as counted) and what that is called, and the set of subjects that are left out.
const DAY = 86_400_000; // milliseconds
const LINE = 15; // pixels from one line of labels to the next

const named = (spec, name) => spec.layer.find((layer) => layer.name === name);
const rowsOf = (spec, layer) => layer.data.values ?? spec.datasets[layer.data.name];

// The drawing as it was laid out, without the lines that are hidden.
function wholeOf(spec, datasets, view) {
  const changed = structuredClone(spec);
  const seen = (row) => !view.without.has(row.subject);
  const data = Object.fromEntries(Object.entries(datasets).map(([name, rows]) => [name, rows.filter(seen)]));
  setTooltips(changed, view);
  return { ...changed, datasets: { ...changed.datasets, ...data } };
}

// The mean of so many neighbours in place of the last of them: a line begins later, and never reaches across a hole.
function smoothed(lines, periods, step) {
  return lines.flatMap((row, index) => {
    const since = lines[index - periods + 1];
    const whole = since && since.subject === row.subject && since.segment === row.segment && row.day - since.day <= (periods - 1) * step;
    if (!whole || row.dashed) return [];
    const sum = lines.slice(index - periods + 1, index + 1).reduce((total, { value }) => total + value, 0);
    return [{ ...row, value: sum / periods }];
  });
}

// What is drawn of it: smoothed lines alone, since bands and single marks are of figures as they were counted.
function seenOf(datasets, facts, { smooth }) {
  if (!smooth) return datasets;
  return { ...datasets, lines: smoothed(datasets.lines, smooth, facts.step), bands: [], unusual: [] };
}

function partOf(spec, whole, facts, view) {
  const datasets = seenOf(whole, facts, view);
  const changed = structuredClone(spec);
  const inside = (row) => row.day >= view.from && row.day <= view.to && !view.without.has(row.subject);
  const data = Object.fromEntries(Object.entries(datasets).map(([name, rows]) => [name, rows.filter(inside)]));
  if (view.log) breakAtZero(data);
  const y = valueAxis(data, named(spec, "lines").encoding.y, view);
  const x = { domain: [view.from, view.to], values: timeTicks(facts, view, changed.width) };
  setAxes(named(changed, "lines").encoding, x, y, facts, view);
  setAnnotations(changed, facts, view, x.values, view);
  setNames(changed, data.lines, y, facts, view);
  setTooltips(changed, view);
  return { ...changed, datasets: { ...changed.datasets, ...data } };
}

// On a logarithmic scale there is no zero: the line is broken there, not drawn past it.
function breakAtZero(data) {
  data.lines = data.lines.map((row) => (row.value > 0 ? row : { ...row, value: null }));
  data.bands = data.bands.filter((row) => row.low > 0);
}

function valueAxis(data, encoding, view) {
  const known = [...data.lines.map((row) => row.value), ...data.bands.flatMap((row) => [row.low, row.high])].filter(Number.isFinite);
  const top = Math.max(...known, Number.MIN_VALUE);
  if (view.log) return logAxis(Math.min(...known, top), top);
  const isShare = encoding.axis.format.endsWith("%");
  const step = roundStep(top / 5, isShare || top < 3);
  const values = Array.from({ length: Math.ceil(top / step - 1e-9) + 1 }, (_, index) => index * step);
  return { type: "linear", domain: [0, values.at(-1)], values };
}

function roundStep(rough, fractions) {
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * size).find((wide) => wide >= rough * (1 - 1e-9));
  return fractions ? step : Math.max(1, Math.ceil(step));
}

function logAxis(low, top) {
  const first = Math.floor(Math.log10(low));
  const last = Math.ceil(Math.log10(top));
  const factors = last - first > 3 ? [1] : [1, 2, 5];
  const round = Array.from({ length: last - first + 1 }, (_, n) => factors.map((factor) => factor * 10 ** (first + n))).flat();
  const bottom = round.findLast((value) => value <= low * (1 + 1e-9)) ?? low;
  const end = round.find((value) => value >= top * (1 - 1e-9)) ?? top;
  return { type: "log", domain: [bottom, end], values: round.filter((value) => value >= bottom && value <= end) };
}

// Years while there are several, then months: as many as find room.
function timeTicks(facts, view, width) {
  const start = new Date(view.from * DAY);
  const months = (view.to - view.from) / 30.44;
  const room = Math.max(2, Math.floor(width / 74));
  const step = [1, 2, 3, 6, 12, 24, 60, 120].find((wide) => months / wide <= room) ?? 240;
  const ticks = [];
  for (let month = 0; ; month += 1) {
    const at = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 1) / DAY;
    if (at > view.to) return ticks;
    const index = new Date(at * DAY).getUTCFullYear() * 12 + new Date(at * DAY).getUTCMonth();
    if (at >= view.from && index % step === 0) ticks.push(at);
  }
}

function setAxes({ x, y }, time, values, facts, view) {
  x.scale.domain = time.domain;
  const long = view.to - view.from > 1500;
  const age = `(utcyear(datum.value * ${DAY}) - 2000)`;
  const format = facts.aged ? `${age} + ' y ' + utcmonth(datum.value * ${DAY}) + ' m'` : `utcFormat(datum.value * ${DAY}, '${long ? "%Y" : "%b %Y"}')`;
  Object.assign(x.axis, { values: time.values, tickCount: time.values.length, labelExpr: facts.aged && long ? age : format });
  y.scale = { type: values.type, domain: values.domain, nice: false, clamp: true };
  Object.assign(y.axis, { values: values.values, tickCount: values.values.length });
  // On paper and in a frame the controls are not seen.
  if (view.smooth) y.axis.title += `, ${view.means[0].toLowerCase()}${view.means.slice(1)}`;
}

// Names of marks were given room in the whole chart; a part of it has their numbers, which the list below explains.
function setAnnotations(spec, facts, view, ticks) {
  const inView = (day) => day >= view.from && day <= view.to;
  const rules = named(spec, "rules");
  const isTick = (row) => row.top === spec.height;
  const marks = rowsOf(spec, rules).filter((row) => !isTick(row) && inView(row.day)).map((row) => ({ ...row, top: -3 }));
  const feet = ticks.map((day) => ({ day, top: spec.height, bottom: spec.height + 5, dash: [] }));
  rules.data = { values: [...feet, ...marks] };
  const place = (day) => (spec.width * (day - view.from)) / (view.to - view.from);
  const numbers = facts.annotations.map((day, index) => ({ day, text: String(index + 1) })).filter((mark) => inView(mark.day));
  named(spec, "names").data = { values: numbers.map(({ day, text }) => ({ text, x: place(day), y: -4, align: "left" })) };
  const shading = named(spec, "shading");
  if (shading) {
    const clipped = rowsOf(spec, shading).map(({ first, last }) => ({ first: Math.max(first, view.from), last: Math.min(last, view.to) }));
    shading.data = { values: clipped.filter((row) => row.first < row.last) };
  }
  const dots = named(spec, "dots");
  if (dots) dots.data = { values: view.smooth ? [] : rowsOf(spec, dots).filter((row) => inView(row.day) && !view.without.has(row.subject)) };
  if (view.log) spec.layer = spec.layer.filter((layer) => layer.name !== "half");
}

// Each name stands at the end of its line, moved as little as keeps it clear of the others.
function setNames(spec, lines, axis, facts, view) {
  const ends = named(spec, "ends");
  const scale = axis.type === "log" ? Math.log10 : (value) => value;
  const [low, high] = axis.domain.map(scale);
  const down = (value) => spec.height * (1 - (scale(value) - low) / (high - low));
  const last = Object.entries(facts.names).flatMap(([subject, name]) => {
    const end = lines.findLast((line) => line.subject === subject && line.value !== null);
    return end && !view.without.has(subject) ? [{ subject, name, day: end.day, value: end.value }] : [];
  });
  last.sort((one, other) => down(one.value) - down(other.value));
  const gap = Math.min(LINE, spec.height / Math.max(last.length - 1, 1));
  let room = -Infinity;
  for (const [index, row] of last.entries()) {
    const lowest = spec.height - (last.length - 1 - index) * gap;
    room = Math.max(Math.min(down(row.value), lowest), room + gap);
    row.aside = room - down(row.value);
  }
  ends.data = { values: last };
}

function setTooltips(spec, view) {
  const pointer = named(spec, "pointer");
  const numbers = new Set([...view.without].map((subject) => view.fields.get(subject)));
  pointer.encoding.tooltip = pointer.encoding.tooltip.filter(({ field }) => !numbers.has(field));
}
