// Ages are counted from the moment at which a page is opened; the page itself tells how it was when it was built.
// From when on a source or a series is late, and stale, the published tables say. The demo has a clock of its own.
const opened = Date.parse(document.documentElement.dataset.clock ?? "") || Date.now();
const dayOf = (moment) => Math.floor(moment / 86_400_000);
const daysSince = (text) => Math.max(0, dayOf(opened) - dayOf(Date.parse(text)));
const counted = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
const lengthOf = (days) => (days < 60 ? counted(days, "day") : counted(Math.round(days / 30.44), "month"));
const isPast = (moment) => Date.parse(moment) <= opened; // of none it is false

function stateNow({ state, lateFrom, staleFrom }) {
  if (state === "never" || state === "stale") return state;
  if (isPast(staleFrom)) return "stale";
  return state !== "failed" && isPast(lateFrom) ? "late" : state;
}

for (const mark of document.querySelectorAll(".state[data-state]")) {
  const state = stateNow(mark.dataset);
  mark.classList.replace(mark.dataset.state, state);
  mark.querySelector(".told").textContent = state;
  if (state === "stale") mark.closest(".agreement tr")?.classList.add("grey");
}
for (const age of document.querySelectorAll("time.age")) {
  const days = daysSince(age.dateTime);
  age.title = age.textContent;
  age.textContent = days ? `${lengthOf(days)} old` : "today";
}
for (const days of document.querySelectorAll(".days")) days.textContent = counted(daysSince(days.dataset.lastDay), "day");
for (const today of document.querySelectorAll(".today")) {
  today.textContent = new Date(opened).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}
for (const aging of document.querySelectorAll(".aging")) {
  const since = (moment) => isPast(moment) && Date.parse(moment) > Date.parse(aging.dataset.built);
  for (const mark of aging.querySelectorAll(".state")) mark.hidden = !since(mark.dataset.lateFrom) && !since(mark.dataset.staleFrom);
  aging.hidden = !aging.querySelector(".state:not([hidden])");
  aging.querySelector(".ago").textContent = `${lengthOf(daysSince(aging.dataset.built))} ago, `;
}
