// How counts, times and points are said.

export function count(number, one, many = `${one}s`) {
  return `${number} ${number === 1 ? one : many}`;
}

/** Points without noise: 2, 0.5, 1.33. */
export function points(number) {
  return String(Math.round(number * 100) / 100);
}

export function clock(moment) {
  return new Date(moment).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

export function when(moment, today = new Date()) {
  const date = new Date(moment);
  if (date.toDateString() === today.toDateString()) return `Today ${clock(date)}`;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "long" })} ${clock(date)}`;
}

export function duration(seconds) {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  if (seconds < 120) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;
}

/** 11:48, or 1:02:03 from an hour on. */
export function stopwatch(seconds) {
  const [hours, minutes, rest] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, Math.floor(seconds % 60)];
  const two = (number) => String(number).padStart(2, "0");
  return hours ? `${hours}:${two(minutes)}:${two(rest)}` : `${minutes}:${two(rest)}`;
}

export function wordCount(text) {
  return text.trim() ? text.trim().split(/\s+/).length : 0;
}

const PLACES = ["next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];

/** "third in line", from 1 */
export function placeInLine(place) {
  return PLACES[place - 1] ? `${PLACES[place - 1]} in line` : `number ${place} in line`;
}

/** "a, b and c" */
export function list(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
}

const OUTCOMES = {
  passed: "passed",
  failed: "failed",
  crashed: "your code crashed",
  timed_out: "ran out of time",
  out_of_memory: "ran out of memory",
  not_attempted: "not attempted",
  blocked: "waits for another check",
  our_fault: "our fault",
};

export function outcomeWord(outcome) {
  return OUTCOMES[outcome] ?? outcome;
}

export function isFailure(outcome) {
  return ["failed", "crashed", "timed_out", "out_of_memory"].includes(outcome);
}

/** Of a question one says that the answer is right, not that it passed. */
export function answerWord({ outcome, points: earned }) {
  if (outcome === "passed") return "right";
  if (outcome === "failed") return earned > 0 ? "partly right" : "not right";
  return outcomeWord(outcome);
}

const TALLIED = {
  passed: "passed",
  failed: "failed",
  crashed: "crashed",
  timed_out: "out of time",
  out_of_memory: "out of memory",
  not_attempted: "not attempted",
  blocked: "waiting",
  our_fault: "not run, our fault",
};

/** "2 passed, 1 failed, 2 not attempted" */
export function tally(outcomes) {
  const questions = outcomes.every(({ question }) => question);
  const words = questions ? { ...TALLIED, passed: "right", failed: "not right" } : TALLIED;
  const counted = Object.entries(words).map(([outcome, word]) => [
    outcomes.filter((one) => one.outcome === outcome).length,
    word,
  ]);
  return counted
    .filter(([n]) => n > 0)
    .map(([n, word]) => `${n} ${word}`)
    .join(", ");
}
