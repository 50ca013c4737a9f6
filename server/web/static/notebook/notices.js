// Banners (what happened, is my work safe, what now), spoken notes, and the note with Undo.

import { byId, h } from "./dom.js";

const NOTE_MS = 15_000;

/** One banner per slot ("link", "kernel", "work" ...); a new one takes the old one's place. */
export function banner(slot, { tone = "", title = "", text = "", acts = [] }) {
  const body = h("div", {}, title && h("strong", {}, title), title && text ? " " : null, text);
  const node = h(
    "div",
    { class: `banner ${tone}`, "data-slot": slot },
    body,
    acts.length ? h("span", { class: "cluster" }, acts) : null,
  );
  const old = slotNode(slot);
  if (old) old.replaceWith(node);
  else byId("banners").append(node);
  return node;
}

export function dropBanner(slot) {
  slotNode(slot)?.remove();
}

export function hasBanner(slot) {
  return slotNode(slot) !== null;
}

function slotNode(slot) {
  return byId("banners").querySelector(`[data-slot="${slot}"]`);
}

export function act(label, onclick, tone = "") {
  return h("button", { class: `button small ${tone}`, type: "button", onclick }, label);
}

/** A request that failed: the sentence, and a way to put it away. */
export function complain(trouble, what) {
  const sentence = trouble?.sentence ?? "Something failed in this page. Your text is kept; reload if it goes on.";
  if (!trouble?.sentence) console.error(trouble);
  banner("work", { tone: "warn", title: what, text: sentence, acts: [act("Dismiss", () => dropBanner("work"))] });
}

/** Spoken by screen readers, seen by nobody. */
export function say(text) {
  const place = byId("spoken");
  place.textContent = "";
  // Two equal texts in a row are only spoken when the place was empty in between.
  setTimeout(() => {
    place.textContent = text;
  }, 60);
}

let timer = 0;
let undoLast = null;

/** A note at the foot of the page; with `undo` it offers to take the act back. */
export function note(text, undo = null) {
  const place = byId("notes");
  undoLast = undo;
  place.replaceChildren(
    h("p", { class: "note" }, h("span", {}, text), undo && act("Undo", takeBack), act("Dismiss", dropNote, "plain")),
  );
  clearTimeout(timer);
  timer = setTimeout(dropWhenLeft, NOTE_MS);
}

/** Takes the last act back; false when there is none. */
export function takeBack() {
  const undo = undoLast;
  dropNote();
  undo?.();
  return Boolean(undo);
}

function dropNote() {
  clearTimeout(timer);
  undoLast = null;
  byId("notes").replaceChildren();
}

function dropWhenLeft() {
  const place = byId("notes");
  if (place.matches(":hover, :focus-within")) timer = setTimeout(dropWhenLeft, NOTE_MS);
  else place.replaceChildren();
}
