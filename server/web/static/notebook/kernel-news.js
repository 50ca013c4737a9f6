// The banner about the kernel: the place in line, why the last one ended and what now, and how far running again has come.

import { byId } from "./dom.js";
import { act, banner, dropBanner } from "./notices.js";
import { focusRegion } from "./regions.js";
import { placeInLine } from "./words.js";

const SLOT = "kernel";
const LAST_VISIT = "The kernel of your last visit has ended. Your cells are safe; run them again to get the variables back.";
const FRESH = "The next cell that you run starts a fresh kernel.";

export function wireKernelNews({ kernel, runner, again }) {
  let shown = "";
  const draw = () => {
    const news = newsOf(kernel.state, again.progress);
    const fresh = news?.key !== shown;
    shown = news?.key ?? "";
    if (!news) clear();
    else if (fresh) show(news, { again: () => again.start(), stop: () => runner.stop() });
    else update(news);
  };
  kernel.addEventListener("change", draw);
  again.addEventListener("change", draw);
}

/** What to show, as { key, tone, title, text, acts }: null for nothing, the same key for the same news. */
export function newsOf({ state, sentence, place, run_again: cells }, progress) {
  if (state === "queued") return queued(place);
  if (progress) return running(progress);
  if ((state === "none" || state === "died") && cells) return ended({ state, sentence, cells });
  return null;
}

function queued(place) {
  return {
    key: "queued",
    title: `You are ${placeInLine(place)} for a kernel.`,
    text: "All kernels of this site are in use. Your cell runs by itself when it is your turn; go on writing meanwhile.",
    acts: [["Stop waiting", "stop"]],
  };
}

function running({ at, total }) {
  return {
    key: "running",
    title: `Running your cells again: ${at} of ${total}.`,
    text: "It stops at the first error.",
    acts: [["Stop", "stop"]],
    quiet: true,
  };
}

function ended({ state, sentence, cells }) {
  if (!sentence && !cells.length) return null;
  const title = sentence || LAST_VISIT;
  const died = state === "died";
  return {
    key: `${state}: ${title} ${cells.join(" ")}`,
    tone: died ? "warn" : "",
    title,
    text: died && cells.length ? "Variables are gone until the cells run again." : died ? FRESH : "",
    acts: [...(cells.length ? [["Run my cells again", "again"]] : []), ["Dismiss", "dismiss", "plain"]],
  };
}

function show({ tone, title, text, acts, quiet = false }, doers) {
  const hadFocus = holdsFocus();
  const does = { ...doers, dismiss: clear };
  const node = banner(SLOT, { tone, title, text, acts: acts.map(([label, name, look]) => act(label, () => does[name](), look)) });
  if (quiet) node.querySelector("strong").setAttribute("aria-live", "off"); // it counts on with every cell
  if (hadFocus) node.querySelector("button").focus();
}

/** In place, so that a button keeps the focus. Dismissed news stay away. */
function update({ title }) {
  const words = place()?.querySelector("strong");
  if (words && words.textContent !== title) words.textContent = title;
}

function clear() {
  const hadFocus = holdsFocus();
  dropBanner(SLOT);
  if (hadFocus) focusRegion("notebook");
}

function place() {
  return byId("banners").querySelector(`[data-slot="${SLOT}"]`);
}

function holdsFocus() {
  return Boolean(place()?.contains(document.activeElement));
}
