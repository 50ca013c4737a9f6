// Task, notebook and panel: three columns on a wide screen, tabs (plain :target links) on a narrow one.

import { byId } from "./dom.js";
import { safeStorage } from "./drafts.js";

const IDS = ["task", "notebook", "panel"];
const narrow = matchMedia("(width < 64rem)");

export function showRegion(id) {
  // No new step in the browser's history, and no jump on a wide screen.
  if (narrow.matches && window.location.hash !== `#${id}`) window.location.replace(`#${id}`);
}

export function focusRegion(id) {
  showRegion(id);
  byId(id).focus();
}

export function nextRegion(step = 1) {
  const here = IDS.findIndex((id) => byId(id).contains(document.activeElement));
  const next = here < 0 ? 0 : (here + step + IDS.length) % IDS.length;
  focusRegion(IDS[next]);
}

const WIDTHS = { task: { least: 220, most: 620, side: 1 }, panel: { least: 240, most: 720, side: -1 } };
const STEP = 24;

/** The two dividers between the regions: dragged, or moved with the arrow keys; the widths stay in this browser. */
export function mountDividers() {
  for (const divider of document.querySelectorAll(".divider")) mount(divider, divider.dataset.for);
}

function mount(divider, id) {
  const region = byId(id);
  const { least, most, side } = WIDTHS[id];
  const set = (width, keep = true) => {
    const room = Math.min(most, window.innerWidth * 0.45);
    const next = Math.round(Math.max(least, Math.min(room, width)));
    byId("regions").style.setProperty(`--${id}-width`, `${next}px`);
    divider.setAttribute("aria-valuenow", next);
    if (keep) safeStorage()?.setItem(`touchstone:width:${id}`, next);
  };
  divider.setAttribute("aria-valuemin", least);
  divider.setAttribute("aria-valuemax", most);
  const stored = Number(safeStorage()?.getItem(`touchstone:width:${id}`));
  if (stored) set(stored, false);
  else divider.setAttribute("aria-valuenow", Math.round(region.offsetWidth));
  divider.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!step) return;
    event.preventDefault();
    set(region.offsetWidth + step * side);
  });
  divider.addEventListener("pointerdown", (event) => {
    divider.setPointerCapture(event.pointerId);
    const [from, width] = [event.clientX, region.offsetWidth];
    const follow = (move) => set(width + (move.clientX - from) * side);
    divider.addEventListener("pointermove", follow);
    divider.addEventListener("lostpointercapture", () => divider.removeEventListener("pointermove", follow), { once: true });
  });
}
