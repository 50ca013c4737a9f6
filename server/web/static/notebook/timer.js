// Time spent with this exercise: counted while the page is seen and somebody is at work, kept in this browser.

import { byId } from "./dom.js";
import { safeStorage } from "./drafts.js";
import { stopwatch } from "./words.js";

const IDLE_MS = 5 * 60_000;

export function mountTimer(workspace, fromServer = 0) {
  const [place, button, box] = [byId("time-spent"), byId("hide-time"), byId("time-box")];
  if (!place) return;
  const storage = safeStorage();
  const key = `touchstone:time:${workspace}`;
  let spent = Math.max(Number(storage?.getItem(key)) || 0, fromServer || 0);
  let active = Date.now();
  const seen = () => {
    active = Date.now();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "scroll"])
    document.addEventListener(name, seen, { passive: true, capture: true });
  const show = () => {
    place.textContent = stopwatch(spent);
    place.dateTime = `PT${Math.floor(spent)}S`;
  };
  setInterval(() => {
    if (document.hidden || Date.now() - active > IDLE_MS) return;
    spent += 1;
    if (spent % 10 === 0) keep(storage, key, spent);
    if (!place.hidden) show();
  }, 1000);
  hideable({ place, button, key: "touchstone:time-hidden", what: "the time spent", storage, show });
  box.hidden = false;
}

export function hideable({ place, button, key, what, storage = safeStorage(), show = () => undefined }) {
  const set = (hidden) => {
    place.hidden = hidden;
    button.textContent = hidden ? "Show time" : "Hide";
    button.setAttribute("aria-label", `${hidden ? "Show" : "Hide"} ${what}`);
    keep(storage, key, hidden ? "yes" : "no");
    if (!hidden) show();
  };
  button.addEventListener("click", () => set(!place.hidden));
  set(storage?.getItem(key) === "yes");
}

function keep(storage, key, value) {
  try {
    storage?.setItem(key, value);
  } catch {
    // a full storage costs the count, nothing else
  }
}
