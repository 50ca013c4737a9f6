// Cells are added, deleted, moved and set back; each of these can be undone.

import { ask } from "./dialogs.js";
import { h, stayedHere } from "./dom.js";
import { complain, note } from "./notices.js";

export class Structure {
  constructor({ api, book, saver, link }) {
    Object.assign(this, { api, book, saver, link, turns: 0, doing: new Set() });
  }

  /** Resolves when no change is under way. */
  rest() {
    return Promise.allSettled(this.doing);
  }

  /** A new cell below `view` (at the end without one), ready to be written in. */
  async add(view, type, source = "") {
    const after = view?.cell.id ?? this.book.views.at(-1)?.cell.id ?? this.book.opening.at(-1) ?? null;
    const stayed = stayedHere();
    return this.#try("The cell was not added.", async () => {
      const { cell } = await this.api.post("/cells", { after, type });
      const made = this.book.insert(cell, after);
      if (source) {
        made.cell.write(source);
        made.cell.dispatchEvent(new Event("adopted"));
      } else if (stayed()) await made.focus();
      return made;
    });
  }

  async remove(view) {
    const { cell } = view;
    const stayed = stayedHere();
    await this.#try("The cell was not deleted.", async () => {
      await this.saver.flush(cell);
      await this.api.post(`/cells/${cell.id}/delete`);
      const next = this.book.neighbour(view, 1) ?? this.book.neighbour(view, -1);
      this.book.remove(view);
      if (stayed()) next?.node.focus();
      note("Cell deleted.", () => this.#bringBack(cell.id));
    });
  }

  #bringBack(cellId) {
    return this.#try("The cell could not be brought back.", async () => {
      const { cell, after } = await this.api.post(`/cells/${cellId}/undelete`);
      this.book.insert(cell, after).node.focus();
    });
  }

  /** One place up (-1) or down (1). */
  async move(view, step) {
    const other = this.book.neighbour(view, step);
    if (!other) return;
    await this.moveAfter(view, step > 0 ? other.cell.id : this.book.before(other), true);
  }

  async moveAfter(view, after, undoable = false) {
    const old = this.book.before(view);
    await this.#try("The cell was not moved.", async () => {
      await this.api.post(`/cells/${view.cell.id}/move`, { after });
      const focused = document.activeElement;
      this.book.move(view, after);
      if (view.node.contains(focused)) focused.focus();
      else view.node.focus();
      if (undoable) note("Cell moved.", () => this.moveAfter(view, old));
    });
  }

  /** Back to the starter; the text that stood there can be brought back. */
  async reset(view) {
    const mine = view.cell.source;
    await this.#try("The cell was not set back.", async () => {
      await this.saver.flush(view.cell).catch((trouble) => {
        if (trouble.kind !== "conflict") throw trouble;
      });
      const { cell } = await this.api.post(`/cells/${view.cell.id}/reset`);
      view.cell.adopt(cell.source, cell.version);
      this.saver.show();
      note("Back to the starter.", () => {
        view.cell.write(mine);
        view.cell.dispatchEvent(new Event("adopted"));
      });
    });
  }

  async resetAll() {
    const sure = await ask({
      title: "Set all answers back?",
      body: h("p", {}, "Every answer goes back to its starter. Your own cells stay. You can undo this right afterwards."),
      yes: "Set back",
      no: "Keep my answers",
      danger: true,
    });
    if (!sure) return;
    await this.#try("The answers were not set back.", async () => {
      await this.saver.flushAll();
      const { cells, undo } = await this.api.post("/reset");
      this.take(cells);
      note("All answers are back at their starters.", () => this.#undoResetAll(undo));
    });
  }

  #undoResetAll(undo) {
    return this.#try("The answers could not be brought back.", async () => {
      const { cells } = await this.api.post("/undo-reset", { undo });
      this.take(cells);
    });
  }

  /** The server's texts take the place of what stands here. */
  take(cells) {
    for (const { id, source, version } of cells) this.book.view(id)?.cell.adopt(source, version);
    this.book.arrange(cells.map(({ id }) => id));
    this.saver.show();
  }

  async #try(what, act) {
    const doing = act();
    this.doing.add(doing);
    try {
      return await doing;
    } catch (trouble) {
      if (trouble.kind === "offline") this.link.lost();
      complain(trouble, what);
      return null;
    } finally {
      this.doing.delete(doing);
      this.turns += 1;
    }
  }
}
