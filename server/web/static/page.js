// Small helps for every page; each page works without them.

const token = () => document.querySelector('meta[name="csrf"]').content;

/** Store the theme as soon as it is chosen; the style sheet has already followed the radios. */
function keepTheme(form) {
  form.addEventListener("change", async () => {
    const theme = new FormData(form).get("theme");
    document.documentElement.dataset.theme = theme;
    const body = JSON.stringify({ theme });
    await fetch(form.action, { method: "POST", body, headers: { "Content-Type": "application/json", "X-CSRFToken": token() } });
  });
}

/** A menu closes with Escape, and when something else is clicked. */
function closeMenu(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
}

// Single keys can be turned off on the page of the keys; the choice belongs to this browser.
const KEYS_OFF = "touchstone-single-keys-off";
const keysAreOn = () => localStorage.getItem(KEYS_OFF) === null;
const markKeys = () => {
  document.documentElement.dataset.singleKeys = keysAreOn() ? "on" : "off";
};
const isWriting = (target) => target.closest("input, textarea, select, [contenteditable], .cm-editor") !== null;

function followKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!keysAreOn() || isWriting(event.target)) return;
  if (event.key === "?") location.assign("/keys");
  if (event.key === "/") {
    event.preventDefault();
    const field = document.querySelector("[data-search]");
    if (field) field.focus();
    else location.assign("/exercises#q");
  }
}

function addSwitch(place) {
  const button = document.createElement("button");
  button.className = "button small";
  const show = () => {
    button.textContent = keysAreOn() ? "Turn single keys off" : "Turn single keys on";
  };
  button.addEventListener("click", () => {
    if (keysAreOn()) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
    markKeys();
    show();
  });
  show();
  place.append(button);
}

/** A moment as the clock on the reader's wall has it; the page itself says it in UTC. */
function showLocally(time) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone || zone === "UTC") return;
  const form = { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const place = zone.split("/").pop().replaceAll("_", " ");
  time.title = time.textContent;
  time.textContent = `${new Intl.DateTimeFormat("en-GB", form).format(new Date(time.dateTime)).replace(" at ", ", ")} (your time, ${place})`;
}

/** A part of a page that is being worked on: looked at again every few seconds, and the whole page once it is done. */
async function lookAgain(part) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    const answer = await fetch(location.href).catch(() => null);
    if (!answer) continue; // the connection is lost for a moment
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    if (!fresh?.hasAttribute("data-look-again")) return location.reload();
    part.replaceChildren(...fresh.childNodes);
  }
}

const SENDING_MS = 15_000; // by then something went wrong on the way, and the button may be pressed again
let sent = null; // the form that is on its way

/** One press sends once, also where the answer takes its time. A form that brings a file leaves its page as it is. */
function sendOnce(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if ("download" in form.dataset) return forgetErrors(form);
  if (sent) return event.preventDefault();
  sent = form;
  event.submitter?.setAttribute("aria-busy", "true");
  setTimeout(allowSending, SENDING_MS);
}

function allowSending() {
  sent = null;
  document.querySelectorAll('button[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
}

/** What was wrong the last time is not wrong any more, as far as the page can know. */
function forgetErrors(form) {
  document.querySelector("#errors")?.remove();
  form.querySelectorAll(".field.wrong").forEach((field) => field.classList.remove("wrong"));
  form.querySelectorAll(".field .error").forEach((error) => error.remove());
  form.querySelectorAll("[aria-invalid]").forEach((field) => field.removeAttribute("aria-invalid"));
  setTimeout(() => form.querySelectorAll('[type="password"]').forEach((field) => (field.value = ""))); // it is sent by then
}

const written = new Set(); // forms that hold what was typed and is stored nowhere
const isKept = (form) => form?.method === "post" && form.closest("main") && !("writes" in form.dataset);

function noteWriting({ target }) {
  const form = target.form;
  if (!isKept(form) || form.querySelector('[type="password"]')) return;
  if ([...form.elements].some(isChanged)) written.add(form);
  else written.delete(form);
}

function isChanged(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.options) return field.selectedIndex !== Math.max(0, [...field.options].findIndex((option) => option.defaultSelected));
  return field.type !== "hidden" && (field.value ?? "") !== (field.defaultValue ?? "");
}

/** The browser asks before it leaves a page on which another form than the one that is sent was written in. */
function askBeforeLeaving(event) {
  if (![...written].some((form) => form !== sent && form.isConnected)) return;
  event.preventDefault();
  allowSending();
}

/** A chip of a search takes along what was typed or chosen beside it and was not sent yet. */
function takeAlong(chip) {
  const address = new URL(chip.href);
  for (const [name, value] of new FormData(chip.closest("form"))) {
    if (name !== "kind") address.searchParams.set(name, value); // the kind is the chip's own
  }
  chip.href = address;
}

document.querySelectorAll("[data-theme-form]").forEach(keepTheme);
document.querySelectorAll("details.menu").forEach(closeMenu);
document.querySelectorAll("[data-keys-switch]").forEach(addSwitch);
// Printing needs a script, so the button is shown by one.
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.querySelectorAll("[data-takes-along] a").forEach((chip) => chip.addEventListener("click", () => takeAlong(chip)));
document.querySelectorAll("time[data-local]").forEach(showLocally);
document.querySelectorAll("[data-look-again]").forEach(lookAgain);
document.addEventListener("submit", sendOnce);
document.addEventListener("input", noteWriting);
window.addEventListener("beforeunload", askBeforeLeaving);
window.addEventListener("pageshow", allowSending); // who comes back finds the page as it was
markKeys();
// The notebook has keys of its own.
if (!document.querySelector(".bench")) document.addEventListener("keydown", followKey);
