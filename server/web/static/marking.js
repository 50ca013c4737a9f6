// Marking by keys. Levels, evidence and notes are stored as they are chosen and written; without this script the form's own buttons
// store them.

const QUIET_MS = 800; // after the last letter
const PAUSES_MS = [2_000, 5_000, 15_000, 60_000]; // before what was not stored is sent again
const PATIENCE_MS = 30_000;
const REFUSALS = [403, 404, 409, 422]; // to send the same again would not help

const form = document.querySelector("#rubric[data-writes]");
const lines = [...document.querySelectorAll(".rubric-line")];
const saved = document.querySelector("#saved");
const undoButton = document.querySelector("#undo");
const undone = []; // what each line was on the page before, the newest last
const shown = new Map(); // line -> what it was on the page after the last choice
let parts = new Map(); // what is stored at once, by its element
let sending = null;
let failures = 0; // in a row
let savedAt = "";
let quiet, again;
let going = false; // the page is left with all that is on it

/** A line, or the notes. Its hidden fields say what is stored, as far as this page knows; whoever sends a field sends them too, so
 * that nothing is written over unseen. */
class Part {
  constructor(node) {
    this.words = node.dataset.part;
    this.names = [...node.querySelectorAll('input[name^="was-"]')].map(({ name }) => name.slice("was-".length));
    this.problem = node.querySelector(".error")?.lastChild.textContent ?? ""; // why it is not stored
    this.maySend = !this.problem;
    this.tried = []; // what was sent without an answer: it may be stored or not
  }

  get state() {
    return Object.fromEntries(this.names.map((name) => [name.split("-")[0], form.elements[name].value]));
  }

  get lacksLevel() {
    return this.state.level === "" && this.state.evidence.trim() !== "";
  }

  /** What is to be stored: evidence goes with a level. */
  get wanted() {
    return this.state.level === "" ? { level: "", evidence: "" } : this.state;
  }

  get isStored() {
    return !this.tried.length && this.#fields(this.wanted).every(([name, value]) => form.elements[`was-${name}`].value === value);
  }

  asStored(state) {
    for (const [name, value] of this.#fields(state)) form.elements[`was-${name}`].value = value;
    Object.assign(this, { problem: "", tried: [] });
  }

  body(state) {
    const was = this.names.map((name) => [`was-${name}`, form.elements[`was-${name}`].value]);
    const tried = this.tried.flatMap((each) => this.#fields(each)).map(([name, value]) => [`was-${name}`, value]);
    return new URLSearchParams([...was, ...tried, ...this.#fields(state)]);
  }

  #fields(state) {
    return this.names.map((name) => [name, state[name.split("-")[0]]]);
  }
}

const unstored = () => [...parts.values()].filter((part) => !part.isStored);
const lacking = () => [...parts.values()].find((part) => part.lacksLevel);

function say(text, kind = "") {
  if (saved.textContent === text) return;
  saved.className = kind ? `status ${kind}` : "";
  saved.textContent = text;
}

/** How all of the page stands: good news only when there is no other. */
function tell() {
  const waiting = unstored();
  const failed = waiting.filter((part) => part.problem);
  if (failed.length) say(`Not saved: ${failed.map((part) => part.words).join(", ")}. ${failed[0].problem}`, "failed");
  else if (waiting.length) say("Saving…", "busy");
  else if (lacking()) say(`${lacking().words.replace("line", "Line")} has evidence and no level`, "warn");
  else say(savedAt && `Marks saved ${savedAt}`, savedAt && "passed");
}

/** One after the other, so that an older answer never comes in last. What failed is sent again later by itself. */
function saveAll() {
  clearTimeout(quiet);
  clearTimeout(again);
  sending ??= sendAll().finally(() => {
    sending = null;
    tell();
  });
  tell();
  return sending;
}

async function sendAll() {
  const failed = new Set();
  const next = () => unstored().find((part) => part.maySend && !failed.has(part));
  for (let part = next(); part; part = next()) if (!(await send(part))) failed.add(part);
  failures = failed.size ? failures + 1 : 0;
  if (failed.size) again = setTimeout(saveAll, PAUSES_MS[Math.min(failures, PAUSES_MS.length) - 1]);
}

async function send(part) {
  const state = part.wanted;
  try {
    let answer = await post(part.body(state));
    if (answer.error?.code === "form_expired") {
      await renewToken();
      answer = await post(part.body(state));
    }
    part.maySend = !REFUSALS.includes(answer.status);
    part.problem = answer.error?.sentence ?? "";
    if (answer.error) return false;
    part.asStored(state);
    savedAt = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    document.querySelector("#count").textContent = `${answer.marked}/${answer.of}`;
  } catch {
    part.problem = "No answer from the server.";
    part.tried.push(state);
    return false;
  } finally {
    tell();
  }
  return true;
}

async function post(body) {
  const headers = { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf"]').content };
  const response = await fetch(form.action, { method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) });
  return { status: response.status, ...(await response.json()) };
}

/** The page's token belongs to a session; after signing in again in another tab there is a new one, for the forms as well. */
async function renewToken() {
  const response = await fetch(location.href, { headers: { Accept: "text/html" } });
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html").querySelector('meta[name="csrf"]');
  if (!fresh) return;
  document.querySelector('meta[name="csrf"]').content = fresh.content;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = fresh.content;
}

/** What was changed may be sent, whatever was said about it before. */
function touch(part) {
  part.maySend = true;
  going = false;
  tell();
}

function write(part) {
  touch(part);
  clearTimeout(quiet);
  quiet = setTimeout(saveAll, QUIET_MS);
}

function change(line, part) {
  if (shown.has(line)) {
    undone.push({ line, state: shown.get(line) });
    shown.set(line, part.state);
    undoButton.hidden = false;
  }
  touch(part);
  saveAll();
}

function undo() {
  const last = undone.pop();
  if (!last) return;
  const { line, state } = last;
  for (const radio of radios(line)) radio.checked = radio.value === state.level;
  line.querySelector("textarea").value = state.evidence;
  shown.set(line, state);
  undoButton.hidden = undone.length === 0;
  focusLine(line);
  touch(parts.get(line));
  saveAll();
}

/** Whatever is on its way is stored before the page goes on; what fails only meanwhile is tried once more. What the server refuses
 * goes on with the form, or after the browser has asked; without an answer there is no other page to go to. */
async function leave(go) {
  await sending;
  await saveAll();
  if (unstored().some((part) => part.maySend)) return;
  go();
}

function followLink(event) {
  const link = event.target.closest("a[href]");
  const here = link?.hash && link.pathname === location.pathname && link.search === location.search;
  if (!link || here || !unstored().length || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  leave(() => location.assign(link.href));
}

function submit(event) {
  if (going || !unstored().length) {
    going = true;
    return;
  }
  event.preventDefault();
  const goOn = () => {
    going = true;
    form.requestSubmit(event.submitter);
  };
  setTimeout(leave, 0, goOn); // a form is not sent while it is just about to be sent
}

function ask(event) {
  if (!going && (unstored().length || lacking())) event.preventDefault();
}

const radios = (line) => [...line.querySelectorAll('input[type="radio"]')];

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
  radios(line).find((each) => each.value === level).click();
  focusLine(line);
}

function step(by) {
  const next = lines[lines.indexOf(current()) + by];
  if (next) focusLine(next);
}

const isWriting = (target) => target.closest('input:not([type="radio"]), textarea, select, [contenteditable]') !== null;

function followKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.documentElement.dataset.singleKeys === "off" || isWriting(event.target)) return;
  const { key } = event;
  if (key === "?") return leave(() => location.assign("/keys"));
  const onControl = event.target.closest("a, button, summary") !== null;
  if (form && /^[0-5]$/.test(key)) pick(key);
  else if (form && key === "x") pick("0");
  else if (form && key === "u") undo();
  else if (form && key === "Enter" && !onControl) step(event.shiftKey ? -1 : 1);
  else if (/^[jks]$/.test(key) && document.querySelector(`[data-key="${key}"]`)) document.querySelector(`[data-key="${key}"]`).click();
  else return undefined;
  return event.preventDefault();
}

document.addEventListener("keydown", followKey);
if (form) {
  form.autocomplete = "off"; // what a browser kept of an older page would look like a change of this one
  parts = new Map([...document.querySelectorAll("[data-part]")].map((node) => [node, new Part(node)]));
  for (const [node, part] of parts) {
    node.addEventListener("input", () => write(part));
    node.addEventListener("change", () => change(node, part));
  }
  for (const line of lines) {
    shown.set(line, parts.get(line).state);
    line.addEventListener("focusin", () => makeCurrent(line));
  }
  undoButton?.addEventListener("click", undo);
  makeCurrent(lines.find((line) => parts.get(line).state.level === "") ?? lines[0]);
  form.addEventListener("submit", submit);
  document.addEventListener("click", followLink);
  window.addEventListener("online", saveAll);
  window.addEventListener("beforeunload", ask);
  window.addEventListener("pageshow", () => (going = false));
  tell();
}
