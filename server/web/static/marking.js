// Marking by keys. Each level is saved as it is chosen; without this script the form's own buttons save.

const form = document.querySelector("#rubric[data-writes]");
const lines = [...document.querySelectorAll(".rubric-line")];
const saved = document.querySelector("#saved");
const undoButton = document.querySelector("#undo");
const undone = []; // what each line was before, the newest last
let known = new Map(); // line -> what is stored: level and evidence
let sending = Promise.resolve();

const numberOf = (line) => Number(line.dataset.line);
const radios = (line) => [...line.querySelectorAll('input[type="radio"]')];
const evidenceOf = (line) => line.querySelector("textarea");
const stateOf = (line) => ({ level: radios(line).find((radio) => radio.checked)?.value ?? null, evidence: evidenceOf(line).value });
const same = (one, other) => one.level === other.level && one.evidence === other.evidence;

function say(text, kind = "") {
  saved.className = kind ? `status ${kind}` : "";
  saved.textContent = text;
}

/** One after the other, so that an older answer never comes in last. */
function save(line, remember = true) {
  const before = known.get(line);
  const now = stateOf(line);
  if (same(before, now) || (now.level === null && before.level === null)) return sending;
  if (remember) undone.push({ line, state: before });
  known.set(line, now);
  if (undoButton) undoButton.hidden = undone.length === 0;
  sending = sending.then(() => send(line, now));
  return sending;
}

/** What was changed just now, and whatever could not be stored before. */
function saveAll(changed = null) {
  if (changed) save(changed);
  for (const line of lines) save(line, false);
  return sending;
}

async function send(line, { level, evidence }) {
  const body = JSON.stringify({ line: numberOf(line), level: level === null ? null : Number(level), evidence });
  try {
    let answer = await post(body);
    if (answer.error?.code === "form_expired") {
      await renewToken();
      answer = await post(body);
    }
    if (answer.error) throw new Error(answer.error.sentence);
    const time = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    say(`Marks saved ${time}`, "passed");
    document.querySelector("#count").textContent = `${answer.marked}/${answer.of}`;
  } catch (error) {
    known.set(line, { level: "unknown", evidence: "" }); // so that saving is tried again
    say(error instanceof TypeError ? "Not saved: no answer from the server" : `Not saved: ${error.message}`, "failed");
  }
}

async function post(body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf"]').content };
  const response = await fetch(form.action, { method: "POST", headers, body });
  return response.json();
}

/** The page's token belongs to a session; after signing in again in another tab there is a new one, for the forms as well. */
async function renewToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector('meta[name="csrf"]');
  if (!fresh) return;
  document.querySelector('meta[name="csrf"]').content = fresh.content;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh.content;
}

function current() {
  return document.activeElement?.closest(".rubric-line") ?? document.querySelector(".rubric-line.current") ?? lines[0];
}

function makeCurrent(line) {
  for (const each of lines) each.classList.toggle("current", each === line);
}

function focusLine(line) {
  makeCurrent(line);
  const chosen = radios(line).find((radio) => radio.checked) ?? radios(line)[0];
  chosen.focus({ preventScroll: true });
  line.scrollIntoView({ block: "nearest" });
}

function pick(level) {
  const line = current();
  if (!line) return;
  const radio = radios(line).find((each) => each.value === level);
  radio.checked = true;
  focusLine(line);
  saveAll(line);
}

function step(by) {
  const next = lines[lines.indexOf(current()) + by];
  if (next) focusLine(next);
}

function undo() {
  const last = undone.pop();
  if (!last) return;
  const { line, state } = last;
  for (const radio of radios(line)) radio.checked = radio.value === state.level;
  evidenceOf(line).value = state.evidence;
  focusLine(line);
  save(line, false);
}

/** Whatever is on its way is stored before the page goes on; what could not be stored stays on the page. A save that fails only
 * after the key was pressed is tried again. */
async function press(element) {
  await sending;
  if (form) await saveAll();
  if (!saved?.classList.contains("failed")) element.click();
}

const isWriting = (target) => target.closest('input:not([type="radio"]), textarea, select, [contenteditable]') !== null;

function followKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.documentElement.dataset.singleKeys === "off" || isWriting(event.target)) return;
  const { key } = event;
  if (key === "?") return location.assign("/keys");
  const onControl = event.target.closest("a, button, summary") !== null;
  if (form && /^[0-5]$/.test(key)) pick(key);
  else if (form && key === "x") pick("0");
  else if (form && key === "u") undo();
  else if (form && key === "Enter" && !onControl) step(event.shiftKey ? -1 : 1);
  else if (/^[jks]$/.test(key) && document.querySelector(`[data-key="${key}"]`)) press(document.querySelector(`[data-key="${key}"]`));
  else return undefined;
  return event.preventDefault();
}

document.addEventListener("keydown", followKey);
if (form) {
  known = new Map(lines.map((line) => [line, stateOf(line)]));
  for (const line of lines) {
    line.addEventListener("change", () => saveAll(line));
    line.addEventListener("focusin", () => makeCurrent(line));
  }
  undoButton?.addEventListener("click", undo);
  makeCurrent(lines.find((line) => stateOf(line).level === null) ?? lines[0]);
}
