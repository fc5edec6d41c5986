// The page on which a reader asks: #sql=… holds the question, and mark, x, y and color the chart where one was chosen.
const MOST_SHOWN = 500; // rows in the table; all are in the CSV
const CHOICES = ["mark", "x", "y", "color"];
const FORMULA = /^[=+@\t\r\n-]/; // a spreadsheet reads a text that begins so as a formula

const facts = JSON.parse(document.getElementById("facts").textContent);
const form = document.querySelector("form.ask");
const editor = document.getElementById("query");
const saved = document.getElementById("saved");
const told = form.querySelector(".progress");
const mistake = form.querySelector(".mistake");
const [go, stop] = form.querySelectorAll("button");
const shown = document.querySelector(".answer");
const controls = Object.fromEntries(CHOICES.map((name) => [name, shown.querySelector(`[name=${name}]`)]));
const counting = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;

let starting = null; // the engine, from the first question on
let answered = null;
let asking = Promise.resolve(); // one question at a time
let giveUp = () => {};

function engineOf() {
  let arrived = 0;
  const count = (bytes) => {
    arrived += bytes;
    const [done, all] = [arrived, facts.engine_bytes].map((found) => (found / 1e6).toFixed(1));
    told.textContent = arrived < facts.engine_bytes ? `Fetching the engine: ${done} of ${all} MB` : "Starting the engine";
  };
  starting ??= Engine.start(facts, count).catch((error) => {
    starting = null;
    throw error;
  });
  return starting;
}

function forget() {
  starting?.then((engine) => engine.stop(), () => {});
  starting = null;
}

function ask() {
  asking = asking.then(answerNow);
}

async function answerNow() {
  remember({ sql: editor.value, ...chosen });
  busy(true);
  const stopped = new Promise((_, reject) => (giveUp = () => reject(new Mistake("Stopped. The engine begins anew at the next question."))));
  try {
    const engine = await Promise.race([engineOf(), stopped]);
    told.textContent = "Answering";
    const began = performance.now();
    answered = await Promise.race([engine.answer(editor.value), stopped]);
    show(answered, (performance.now() - began) / 1000);
    await drawIfPossible();
  } catch (error) {
    fail(error);
  } finally {
    busy(false);
  }
}

function busy(is) {
  go.disabled = is;
  stop.hidden = !is;
  if (is) mistake.hidden = true;
}

function fail(error) {
  const hasBroken = hasFailed(error);
  if (hasBroken) forget();
  told.textContent = "";
  shown.hidden = true;
  mistake.hidden = false;
  const words = hasBroken ? `The engine failed at this, and begins anew at the next question. (${error.message ?? error})` : inWords(error);
  // Where in the question it is stands under its line: that part is not to be broken.
  const [what, where = ""] = words.split(/\n+(?=LINE \d+: )/);
  mistake.querySelector("span").textContent = what;
  mistake.querySelector("pre").textContent = where;
}

function show(answer, seconds) {
  const more = answer.hasMore ? "the first " : "";
  told.textContent = `${more}${counting(answer.count, "row")} in ${seconds.toFixed(2)} s`.replace(/^t/, "T");
  shown.hidden = false;
  shown.querySelector(".size").textContent = `${counting(answer.count, "row")}, ${counting(answer.columns.length, "column")}.${answer.hasMore ? " There are more, which are not for a page: ask for fewer." : ""}`;
  shown.querySelector(".link").href = location.hash;
  fill(answer);
}

function element(name, text, className = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = className;
  return made;
}

function fill({ columns, count }) {
  const heads = columns.map((column) => {
    const head = element("th", column.name, isNumber(column) ? "number" : "");
    head.scope = "col";
    head.append(element("small", column.type.toLowerCase()));
    return head;
  });
  const row = document.createElement("tr");
  row.append(...heads);
  shown.querySelector("thead").replaceChildren(row);
  const rows = Array.from({ length: Math.min(count, MOST_SHOWN) }, (_, n) => {
    const made = document.createElement("tr");
    made.append(...columns.map((column) => cell(column, column.values[n])));
    return made;
  });
  shown.querySelector("tbody").replaceChildren(...rows);
  shown.querySelector(".rest").textContent = count > MOST_SHOWN ? `Shown are the first ${MOST_SHOWN} rows; the CSV has all ${count.toLocaleString("en")}.` : "";
}

const cell = (column, value) => (value === null ? element("td", "null", "null") : element("td", value, isNumber(column) ? "figure" : isTime(column) ? "time" : ""));

// What the reader chose of the chart; what is not chosen is guessed.
let chosen = {};

async function drawIfPossible() {
  try {
    await draw();
  } catch (error) {
    shown.querySelector(".live").replaceChildren();
    shown.querySelector("figcaption").textContent = `Not drawn: ${inWords(error)}`;
  }
}

async function draw() {
  const { columns } = answered;
  const names = new Set(columns.map(({ name }) => name));
  const wanted = Object.fromEntries(Object.entries(chosen).filter(([name, value]) => name === "mark" || names.has(value) || value === ""));
  const choice = { ...guessed(answered, facts.colors), ...wanted };
  const all = columns.map(({ name }) => name);
  offer(controls.x, all, choice.x);
  offer(controls.y, columns.filter(isNumber).map(({ name }) => name), choice.y);
  offer(controls.color, ["", ...all], choice.color);
  controls.mark.value = choice.mark;
  const figure = shown.querySelector("figure");
  const live = figure.querySelector(".live");
  const possible = Boolean(choice.x && choice.y) && !answered.isListed;
  figure.hidden = !possible;
  live.hidden = choice.mark === "none";
  figure.querySelector("figcaption").textContent = "";
  if (!possible || live.hidden) return live.replaceChildren();
  live.setAttribute("aria-label", `Chart of ${choice.y} by ${choice.x}; its figures stand in the table`);
  figure.querySelector("figcaption").textContent = await drawChart(live, answered, choice, facts);
}

function offer(select, names, value) {
  select.replaceChildren(...names.map((name) => new Option(name || "none", name, false, name === value)));
}

// In CSV as in the site's own files: text that would be a formula gets an apostrophe, and null is empty.
function csv({ columns, count }) {
  const written = (value, isText) => {
    if (value === null) return "";
    const safe = isText && FORMULA.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) || safe === "" ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const texts = columns.map((column) => !isNumber(column) && !isTime(column));
  const lines = [columns.map(({ name }) => written(name, true))];
  for (let n = 0; n < count; n += 1) lines.push(columns.map(({ values }, at) => written(values[n], texts[at])));
  return lines.map((line) => `${line.join(",")}\n`).join("");
}

function download() {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([csv(answered)], { type: "text/csv" }));
  link.download = "barometer-answer.csv";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function remember(state) {
  history.replaceState(null, "", `#${new URLSearchParams(state)}`);
}

// Take the question and the chart that the address holds; true where it holds one.
function take() {
  const state = new URLSearchParams(location.hash.slice(1));
  if (!state.has("sql")) return false;
  editor.value = state.get("sql");
  chosen = Object.fromEntries(CHOICES.filter((name) => state.has(name)).map((name) => [name, state.get(name)]));
  return true;
}

function begin() {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    ask();
  });
  editor.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!go.disabled) ask();
  });
  editor.addEventListener("input", () => {
    saved.value = "";
    chosen = {};
  });
  saved.addEventListener("change", () => {
    if (!saved.value) return;
    editor.value = facts.questions[saved.value];
    chosen = {};
    ask();
  });
  stop.addEventListener("click", () => {
    forget();
    giveUp();
  });
  shown.querySelector(".csv").addEventListener("click", download);
  shown.querySelector(".controls").addEventListener("change", async ({ target }) => {
    chosen[target.name] = target.value;
    remember({ sql: editor.value, ...chosen });
    shown.querySelector(".link").href = location.hash;
    await drawIfPossible();
  });
  addEventListener("hashchange", () => {
    if (!take()) return;
    form.scrollIntoView();
    ask();
  });
  if (take()) ask();
}

function find(words) {
  const wanted = words.trim().toLowerCase();
  for (const group of document.querySelectorAll(".group")) {
    const entries = [...group.querySelectorAll(".entry")];
    for (const entry of entries) entry.hidden = !entry.textContent.toLowerCase().includes(wanted);
    group.hidden = entries.every((entry) => entry.hidden);
    if (wanted) group.open = true;
  }
}
document.querySelector(".find input").addEventListener("input", ({ target }) => find(target.value));

const isTooOld = typeof DecompressionStream === "undefined" || typeof WebAssembly === "undefined";
if (location.protocol === "file:") {
  const notice = document.querySelector(".from-disk");
  notice.querySelector(".folder").textContent = decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "");
  notice.hidden = false;
  form.hidden = true;
} else if (isTooOld) {
  fail(new Mistake("This browser is too old for the engine, which wants WebAssembly and DecompressionStream: Chrome or Edge 95, Firefox 113, Safari 16.4."));
  go.disabled = true;
} else begin();
