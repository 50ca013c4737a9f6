// Brings this page up to what the server holds, without touching what is being written here.

import { complain } from "./notices.js";

const AWAY_MS = 10_000;

/** Events: "state" { state }. */
export class Sync extends EventTarget {
  constructor({ api, book, kernel, saver, runner, link }) {
    super();
    Object.assign(this, { api, book, kernel, saver, runner, link, hiddenAt: null });
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
    try {
      const state = await this.api.get("");
      this.#merge(state, outputs);
      this.dispatchEvent(new CustomEvent("state", { detail: { state } }));
      return state;
    } catch (trouble) {
      if (trouble.kind === "offline") this.link.lost();
      else complain(trouble, "This page could not be brought up to date.");
      return null;
    }
  }

  #merge(state, outputs) {
    const running = this.runner.running?.view;
    const first = Math.max(state.cells.findIndex(({ role }) => role !== "text"), 0);
    const cells = state.cells.slice(first);
    if (!running) this.kernel.set(state.kernel);
    this.#removeGone(new Set(cells.map(({ id }) => id)));
    cells.forEach((data, i) => this.#mergeCell(data, cells[i - 1]?.id ?? null, { outputs, running }));
    this.book.arrange(cells.map(({ id }) => id));
    this.saver.show();
  }

  #removeGone(ids) {
    for (const view of this.book.views.filter(({ cell }) => !ids.has(cell.id) && cell.own && !cell.dirty)) this.book.remove(view);
  }

  #mergeCell(data, before, { outputs, running }) {
    const view = this.book.view(data.id);
    if (!view) return this.book.insert(data, before ?? this.book.opening.at(-1) ?? null);
    const { cell } = view;
    if (!cell.dirty && !cell.conflict && cell.version !== data.version) cell.adopt(data.source, data.version);
    if (view !== running && cell.runs && (outputs || cell.count !== data.count)) {
      view.end();
      view.reload(data.outputs, data.count);
    }
    return view;
  }
}
