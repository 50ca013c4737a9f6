// Dialogs are the native element; Esc and the quiet button always mean "no".

import { freshId, h, kbd } from "./dom.js";

/** Asks and answers true or false. The quiet answer has the focus. */
export function ask({ title, body = [], yes, no = "Keep working", danger = false }) {
  const heading = freshId("dialog");
  const agree = h("button", { class: `button ${danger ? "danger" : "primary"}`, value: "yes" }, yes);
  const leave = h("button", { class: "button", value: "no", autofocus: true }, no);
  const form = h(
    "form",
    { class: "stack", method: "dialog" },
    h("h2", { id: heading }, title),
    body,
    h("p", { class: "cluster" }, agree, leave),
  );
  return opened(h("dialog", { "aria-labelledby": heading }, form)).then((answer) => answer === "yes");
}

/** Shows something that only has to be closed. */
export function show({ title, body }) {
  const heading = freshId("dialog");
  const close = h("button", { class: "button small", value: "close" }, "Close");
  const form = h(
    "form",
    { class: "stack", method: "dialog" },
    h("div", { class: "cluster apart" }, h("h2", { id: heading }, title), close),
    body,
  );
  return opened(h("dialog", { "aria-labelledby": heading }, form));
}

function opened(dialog) {
  const before = document.activeElement;
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      before?.focus?.({ preventScroll: true });
      resolve(dialog.returnValue);
    });
  });
}

export function isDialogOpen() {
  return document.querySelector("dialog[open]") !== null;
}

const onMac = /Mac|iPhone|iPad/.test(navigator.platform);
export const CTRL = onMac ? "Cmd" : "Ctrl";

const KEYS = [
  ["Run this cell", [CTRL, "Enter"]],
  ["Run and go to the next", ["Shift", "Enter"]],
  ["Check", [CTRL, "'"]],
  ["Submit (asks first)", [CTRL, "Shift", "Enter"]],
  ["Stop the running cell", ["Ctrl", "."]],
  ["Next hint", ["Alt", "H"]],
  ["Task, notebook, checks", ["Alt", "1", "2", "3"]],
  ["Next region", ["F6"]],
  ["Look up the name at the cursor", ["Shift", "Tab"]],
  ["Leave the editor", ["Esc", "then", "Tab"]],
  ["Add a code cell below", ["Alt", "Enter"]],
  ["Move my own cell", ["Ctrl", "Shift", "↑", "↓"]],
  ["Delete my own cell", ["Ctrl", "Shift", "Backspace"]],
  ["Undo a deletion or reset (outside fields)", [CTRL, "Z"]],
  ["These keys (outside fields)", ["?"]],
];

export function showKeys() {
  const rows = KEYS.flatMap(([what, keys]) => [
    h("dt", {}, what),
    h(
      "dd",
      {},
      keys.map((key) => (key === "then" ? " then " : [...kbd(key), " "])),
    ),
  ]);
  return show({ title: "Keys", body: h("dl", { class: "keys" }, rows) });
}
