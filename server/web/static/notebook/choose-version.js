// When a cell was changed elsewhere: both texts are shown in it until one is chosen.

import { conflictPanel } from "./conflict.js";
import { note } from "./notices.js";

export function showConflict({ cell, theirs, saver, structure }) {
  const view = structure.book.view(cell.id);
  const panel = conflictPanel({
    view,
    theirs,
    canKeepBoth: cell.role !== "question",
    choose: async (what) => {
      if (what === "both" && !(await structure.add(view, cell.type, theirs.source))) return;
      panel.remove();
      settle({ cell, theirs, saver, what });
      view.focus();
    },
  });
  view.node.querySelector(".conflict")?.remove();
  cell.addEventListener("adopted", () => panel.remove(), { once: true });
  view.node.querySelector("header").after(panel);
}

function settle({ cell, theirs, saver, what }) {
  const mine = cell.source;
  cell.conflict = null;
  cell.confirm(theirs.source, theirs.version);
  if (what === "theirs") {
    cell.adopt(theirs.source, theirs.version);
    saver.drafts.drop(cell.id);
    note("The other version is taken.", () => {
      cell.write(mine);
      cell.dispatchEvent(new Event("adopted"));
    });
  }
  saver.flush(cell).catch(() => undefined);
  saver.show();
}
