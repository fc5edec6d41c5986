// The chart of an answer: what lies across, what goes up, what has a colour is guessed, and the reader's to choose.
const MOST_POINTS = 5_000;
const MOST_BARS = 40;
const MOST_COLORS = 12;
const PALETTE = Array.from({ length: 8 }, (_, n) => `var(--s${10_001 + n})`); // the style sheet's, for whatever has no colour of its own
const OPTIONS = { actions: false, ast: true, defaultStyle: false, renderer: "svg", tooltip: { disableDefaultStyle: true } };

// Vega makes expressions of names that it is given, in which no line may end.
const drawable = (text) => text.replace(/[\n\r\u2028\u2029]/g, " ");
const kindsOf = ({ values }) => new Set(values.filter((value) => value !== null)).size;

// Return what is drawn of an answer unless the reader chooses otherwise; of nothing that has a size it is nothing.
function guessed({ columns, count, isListed }, known) {
  const y = columns.find((column) => isNumber(column) && !/(^|_)(id|year|age|position|rank)(_|$)/.test(column.name)) ?? columns.findLast(isNumber);
  const others = columns.filter((column) => column !== y);
  const time = others.find(isTime);
  const x = time ?? others.find((column) => !isNumber(column)) ?? others.find(isNumber);
  if (!x || !y || isListed || count < 2) return { mark: "none", x: x?.name ?? "", y: y?.name ?? "", color: "" };
  const parts = others.filter((column) => column !== x && !isNumber(column) && !isTime(column));
  if (!time && !isNumber(x) && x.values.every((value) => Object.hasOwn(known, value))) return { mark: "bar", x: x.name, y: y.name, color: x.name };
  const color = parts.find((column) => kindsOf(column) > 1 && kindsOf(column) <= MOST_COLORS);
  return { mark: time ? "line" : isNumber(x) ? "point" : "bar", x: x.name, y: y.name, color: color?.name ?? "" };
}

// Return the reader of a column's texts: a number, a moment in milliseconds, or the text itself; null for what is none.
function readerOf(column) {
  if (!isNumber(column) && !isTime(column)) return (text) => drawable(text ?? "null");
  const read = isNumber(column) ? Number : (text) => Date.parse(/[+-]\d\d$/.test(text.slice(10)) ? `${text}:00` : `${text.replace(" ", "T")}${text.length > 10 ? "Z" : ""}`);
  return (text) => (text === null || !Number.isFinite(read(text)) ? null : read(text));
}

function drawnRows(answer, choice) {
  const read = Object.fromEntries(
    ["x", "y", "color"].map((part) => {
      const column = answer.columns.find(({ name }) => name === choice[part]);
      if (!column) return [part, () => ""];
      const reader = part === "color" ? (text) => drawable(text ?? "null") : readerOf(column);
      return [part, (n) => reader(column.values[n])];
    }),
  );
  const count = Math.min(answer.count, MOST_POINTS);
  return Array.from({ length: count }, (_, n) => ({ x: read.x(n), y: read.y(n), color: read.color(n) }));
}

function specification(answer, rows, choice, facts) {
  const [x, y, part] = [choice.x, choice.y, choice.color].map(drawable);
  const across = answer.columns.find(({ name }) => name === choice.x);
  const kind = isTime(across) ? "temporal" : isNumber(across) ? "quantitative" : "nominal";
  const lying = kind === "nominal" && choice.mark === "bar";
  const size = { field: "y", type: "quantitative", axis: { title: null, ...numbersOf(rows) }, stack: false };
  const place = { field: "x", type: kind, sort: null, axis: { title: kind === "quantitative" ? x : null, grid: false } };
  if (kind === "temporal") Object.assign(place, { scale: { type: "utc" }, axis: { ...place.axis, ...timesOf(rows) } });
  if (kind === "quantitative") place.scale = { zero: false };
  if (lying) Object.assign(size.axis, { orient: "top" });
  const isGrouped = lying && choice.color && choice.color !== choice.x;
  const color = colorOf(rows, choice, facts.colors);
  const time = kind === "temporal" ? { timeUnit: "utcyearmonthdatehoursminutes", format: "%Y-%m-%d" } : {};
  const tooltip = [{ field: "x", type: kind, title: x, ...time }, { field: "y", type: "quantitative", title: y }];
  if (choice.color) tooltip.push({ field: "color", type: "nominal", title: part });
  const encoding = { ...(lying ? { x: size, y: place } : { x: place, y: size }), color, tooltip };
  if (isGrouped) encoding.yOffset = { field: "color" };
  return {
    config: { ...facts.config, mark: { aria: false }, axis: { ...facts.config.axis, labelLimit: 150, labelOverlap: true } },
    width: "container",
    autosize: { type: "fit-x", contains: "padding" },
    title: { text: y, anchor: "start", frame: "group", color: "var(--muted)", fontSize: 11, fontWeight: "normal", offset: 8, limit: 300 },
    height: lying ? new Set(rows.map((row) => row.x)).size * (isGrouped ? 40 : 20) : 320,
    data: { values: rows },
    encoding,
    layer: marksOf(choice.mark),
  };
}

function numbersOf(rows) {
  const largest = Math.max(...rows.map((row) => Math.abs(row.y ?? 0)));
  return largest < 1000 ? { format: ".4~f" } : { format: ".3~s", labelExpr: "replace(datum.label, 'G', 'B')" };
}

// Labels by the length of what is shown: years, months or days.
function timesOf(rows) {
  const known = rows.map((row) => row.x).filter(Number.isFinite);
  const days = (Math.max(...known) - Math.min(...known)) / 86_400_000;
  if (days > 1200) return { format: "%Y", tickCount: "year" };
  return { format: days > 120 ? "%b %Y" : "%-d %b", tickCount: 5 };
}

function marksOf(mark) {
  if (mark !== "line") return [{ mark: { type: mark, filled: true } }];
  // The line itself has no place that a pointer could mean: points that nobody sees have.
  return [{ mark: { type: "line", strokeWidth: 2, strokeJoin: "round" } }, { mark: { type: "point", filled: true, size: 60, opacity: 0 } }];
}

// A subject keeps its colour; whatever else is coloured takes the next of the palette.
function colorOf(rows, { color, x }, known) {
  if (!color) return { value: PALETTE[0] };
  const domain = [...new Set(rows.map((row) => row.color))];
  const others = domain.filter((value) => !Object.hasOwn(known, value));
  const range = domain.map((value) => (Object.hasOwn(known, value) ? known[value] : PALETTE[others.indexOf(value) % PALETTE.length]));
  const legend = color === x ? null : { title: null, orient: "top", columns: 4, labelColor: "var(--muted)", labelLimit: 140, symbolType: "circle" };
  return { field: "color", type: "nominal", scale: { domain, range }, legend };
}

async function drawChart(place, answer, choice, facts) {
  let rows = drawnRows(answer, choice);
  const across = answer.columns.find(({ name }) => name === choice.x);
  const told = [];
  if (answer.count > MOST_POINTS) told.push(`Drawn are the first ${MOST_POINTS.toLocaleString("en")} rows.`);
  if (!isNumber(across) && !isTime(across)) {
    const first = new Set([...new Set(rows.map((row) => row.x))].slice(0, MOST_BARS));
    if (rows.some((row) => !first.has(row.x))) told.push(`Drawn are the first ${MOST_BARS} of ${choice.x}.`);
    rows = rows.filter((row) => first.has(row.x));
  }
  if (!globalThis.vegaEmbed) await script("assets/vega.js", "module");
  await vegaEmbed(place, specification(answer, rows, choice, facts), OPTIONS);
  return told.join(" ");
}
