// The keys of the page. They are caught before the editor sees them, so that they mean the same everywhere.

import { isDialogOpen, showKeys } from "./dialogs.js";
import { takeBack } from "./notices.js";
import { focusRegion, nextRegion } from "./regions.js";

const REGIONS = { Digit1: "task", Digit2: "notebook", Digit3: "panel" };

/** `acts`: run, runAndNext, check, submit, stop, hint, addBelow, removeCurrent, moveCurrent. */
export function mountKeys(acts) {
  document.addEventListener(
    "keydown",
    (event) => {
      if (isDialogOpen() || event.isComposing) return;
      const act = chosen(event, acts);
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    },
    { capture: true },
  );
}

function chosen(event, acts) {
  const { key, code, altKey, shiftKey } = event;
  const command = event.ctrlKey || event.metaKey;
  if (command && !altKey) return withCommand(event, acts);
  if (altKey && !command) return withAlt(event, acts);
  if (shiftKey && key === "Enter" && inCell(event)) return acts.runAndNext;
  if (code === "F6") return () => nextRegion(shiftKey ? -1 : 1);
  if (key === "?" && !inField(event) && singleKeysAllowed()) return showKeys;
  return null;
}

function withCommand({ key, code, shiftKey, ctrlKey, target }, acts) {
  if (key === "Enter") return shiftKey ? acts.submit : inCell({ target }) ? acts.run : null;
  if (key === "'" || code === "Quote") return shiftKey ? null : acts.check;
  if (key === "." && ctrlKey) return acts.stop;
  if (ctrlKey && shiftKey && key === "ArrowUp" && inCell({ target })) return () => acts.moveCurrent(-1);
  if (ctrlKey && shiftKey && key === "ArrowDown" && inCell({ target })) return () => acts.moveCurrent(1);
  if (ctrlKey && shiftKey && key === "Backspace" && inCell({ target })) return acts.removeCurrent;
  if (key === "z" && !shiftKey && !inField({ target })) return takeBack;
  return null;
}

function withAlt({ code, key, shiftKey, target }, acts) {
  if (shiftKey) return null;
  if (REGIONS[code]) return () => focusRegion(REGIONS[code]);
  if (code === "KeyH") return acts.hint;
  if (key === "Enter" && inCell({ target })) return acts.addBelow;
  return null;
}

function inCell({ target }) {
  return target.closest?.(".cell");
}

function inField({ target }) {
  return target.closest?.("input:not([type=radio], [type=checkbox]), select, textarea, [contenteditable=true]");
}

/** Single letters can be turned off in the settings. */
function singleKeysAllowed() {
  return document.documentElement.dataset.singleKeys !== "off";
}
