// Brings this page up to what the server holds, without touching what is being written here.

import { complain } from "./notices.js";

const AWAY_MS = 10_000;

/** Events: "state" { state }. */
export class Sync extends EventTarget {
  constructor({ api, book, kernel, saver, runner, structure, link }) {
    super();
    Object.assign(this, { api, book, kernel, saver, runner, structure, link, hiddenAt: null });
    link.addEventListener("back", () => this.refresh());
    kernel.addEventListener("settled", () => this.refresh({ outputs: true }));
    document.addEventListener("visibilitychange", () => this.#seenAgain());
  }

  #seenAgain() {
    if (document.hidden) this.hiddenAt = Date.now();
    else if (this.hiddenAt && Date.now() - this.hiddenAt > AWAY_MS && !this.link.offline) this.refresh();
  }

  /** `outputs`: the outputs were made while this page was not listening, take all of them. */
  async refresh({ outputs = false } = {}) {
    const before = this.runner.turns;
    try {
      const state = await this.#ask();
      // What the server said of outputs and kernel is old news when a run began or ended here meanwhile.
      this.#merge(state, { outputs, fresh: before === this.runner.turns });
      this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
      return state;
    } catch (trouble) {
      if (trouble.kind === "offline") this.link.lost();
      else complain(trouble, "This page could not be brought up to date.");
      return null;
    }
  }

  /** A list that is older than a cell added, moved or deleted here would take that back; so then it asks again. */
  async #ask() {
    await this.structure.rest();
    const before = this.structure.turns;
    const state = await this.api.get("");
    return before === this.structure.turns && !this.structure.doing.size ? state : this.#ask();
  }

  #merge(state, news) {
    const first = Math.max(
      state.cells.findIndex(({ role }) => role !== "text"),
      0,
    );
    const cells = state.cells.slice(first);
    if (news.fresh && !this.runner.running) this.kernel.set(state.kernel);
    this.#removeGone(new Set(cells.map(({ id }) => id)));
    cells.forEach((data, i) => this.#mergeCell(data, cells[i - 1]?.id ?? null, news));
    this.book.arrange(cells.map(({ id }) => id));
    this.saver.show();
  }

  #removeGone(ids) {
    for (const view of this.book.views.filter(({ cell }) => !ids.has(cell.id) && cell.own && !cell.dirty)) this.book.remove(view);
  }

  #mergeCell(data, before, { outputs, fresh }) {
    const view = this.book.view(data.id);
    if (!view) return this.book.insert(data, before ?? this.book.opening.at(-1) ?? null);
    const { cell } = view;
    if (!cell.dirty && !cell.conflict && data.version > cell.version) cell.adopt(data.source, data.version);
    if (fresh && view !== this.runner.running?.view && cell.runs && (outputs || cell.count !== data.count)) {
      view.end();
      view.reload(data.outputs, data.count);
    }
    return view;
  }
}
