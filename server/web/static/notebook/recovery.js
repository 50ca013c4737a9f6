// Nothing typed is lost: drafts of an earlier visit come back, and text whose cell is gone finds a new one.

import { judge } from "./drafts.js";
import { act, banner, dropBanner, note } from "./notices.js";
import { Trouble } from "./api.js";
import { clock } from "./words.js";

const gone = new Map(); // drafts that wait for an answer, by the ids of the cells that they were written in

/** At the start of the page: what this browser kept against what the server holds. */
export function recoverDrafts({ drafts, book, saver, structure }) {
  const orphans = [];
  let restored = null;
  for (const [cellId, draft] of drafts.all()) {
    const cell = book.view(cellId)?.cell;
    const verdict = judge(draft, cell);
    if (verdict === "orphan") orphans.push([cellId, draft]);
    else if (verdict === "same") drafts.drop(cellId);
    else restored = restore({ verdict, cell, draft, saver }) ?? restored;
  }
  if (restored) note(`What you typed here at ${clock(restored)} was not saved on the server. It is back.`);
  if (orphans.length) offerNewCells({ orphans, drafts, structure });
}

function restore({ verdict, cell, draft, saver }) {
  const theirs = { source: cell.source, version: cell.version, saved_at: null };
  cell.sent = new Set(draft.sent);
  cell.write(draft.source);
  cell.dispatchEvent(new Event("adopted"));
  if (verdict === "newer") return draft.at;
  saver.disagree(cell, new Trouble("conflict", "Another version is saved.", { status: 409, body: { theirs } }));
  return null;
}

/** A cell was deleted elsewhere while it was written in here. */
export function rescueGoneCells({ saver, book, drafts, structure }) {
  saver.addEventListener("gone", ({ detail: { cell } }) => {
    const draft = { source: cell.source, type: cell.type };
    const view = book.view(cell.id);
    if (view) book.remove(view);
    offerNewCells({ orphans: [[cell.id, draft]], drafts, structure });
  });
}

function offerNewCells({ orphans, drafts, structure }) {
  for (const [cellId, draft] of orphans) gone.set(cellId, draft);
  const settled = (cellId) => {
    drafts.drop(cellId);
    gone.delete(cellId);
  };
  const add = async () => {
    for (const [cellId, draft] of gone)
      if (await structure.add(null, draft.type === "markdown" ? "markdown" : "code", draft.source)) settled(cellId);
    show();
  };
  const discard = () => {
    for (const cellId of gone.keys()) settled(cellId);
    show();
  };
  const show = () => (gone.size ? offer({ add, discard }) : dropBanner("orphans"));
  show();
}

function offer({ add, discard }) {
  const many = gone.size > 1;
  banner("orphans", {
    tone: "warn",
    title: many ? `${gone.size} cells that you wrote in are gone.` : "A cell that you wrote in is gone.",
    text: "It was deleted elsewhere, or belongs to an older copy. What you typed is kept in this browser.",
    acts: [act(many ? "Add as new cells" : "Add as a new cell", add), act("Discard", discard, "plain")],
  });
}
