// Saves each cell about a second after the last key, on leaving the field, before a run and when the page is hidden.
// A save names the version it was based on; when another one is saved already, both texts are shown and nothing is lost.

import { NOT_YOURS, Trouble } from "./api.js";
import { act, banner, dropBanner } from "./notices.js";
import { clock } from "./words.js";

const QUIET_MS = 1000;
const LONGEST_MS = 6000;
const AGAIN_MS = 5000;
const SILENCE_MS = 10_000;

/** Events: "saved", "conflict" {cell, theirs}, "gone" {cell}, "state". */
export class Saver extends EventTarget {
  constructor({ api, book, drafts, link, badge }) {
    super();
    Object.assign(this, {
      api,
      book,
      drafts,
      link,
      badge,
      timers: new Map(),
      firstKey: new Map(),
      sending: new Map(),
      refusals: new Map(),
      unkept: new Set(),
    });
    Object.assign(this, { savedAt: null, keptAt: null });
    link.addEventListener("back", () => this.flushAll().catch(() => undefined));
    link.addEventListener("lost", () => this.show());
    window.addEventListener("beforeunload", (event) => this.unkept.size && event.preventDefault());
    window.addEventListener("pagehide", () => this.#farewell());
    document.addEventListener("visibilitychange", () => document.hidden && this.#farewell());
  }

  watch(cell) {
    cell.addEventListener("written", () => this.#changed(cell));
  }

  #changed(cell) {
    this.#keep(cell);
    const now = Date.now();
    if (!this.firstKey.has(cell.id)) this.firstKey.set(cell.id, now);
    const waited = now - this.firstKey.get(cell.id);
    this.#later(cell, waited > LONGEST_MS ? 0 : QUIET_MS);
    this.show();
  }

  #keep(cell) {
    if (!cell.dirty) this.drafts.drop(cell.id);
    if (!cell.dirty || this.drafts.keep(cell)) this.unkept.delete(cell.id);
    else this.unkept.add(cell.id);
    this.keptAt = new Date();
  }

  #later(cell, wait) {
    clearTimeout(this.timers.get(cell.id));
    this.timers.set(
      cell.id,
      setTimeout(() => this.flush(cell).catch(() => undefined), wait),
    );
  }

  /**
   * Resolves when the server holds what stands in the cell now, or something later; rejects with the Trouble when it does not.
   * What is typed meanwhile is not waited for: whoever goes on typing would never see the run or the check begin.
   */
  async flush(cell) {
    clearTimeout(this.timers.get(cell.id));
    this.firstKey.delete(cell.id);
    // One save of a cell at a time. Several may wait for the same one, so each looks again after it.
    while (this.sending.has(cell.id)) await this.sending.get(cell.id).catch(() => undefined);
    if (cell.conflict) throw cell.conflict.trouble;
    if (!cell.dirty || !this.book.has(cell)) return;
    if (this.link.offline) throw new Trouble("offline", "There is no connection; your text is kept in this browser.");
    await this.#hold(cell, this.#send(cell));
  }

  /**
   * For a request that saves `source` on its way, as a run does: it takes its turn among the saves of the cell.
   * `ask(base, took)` calls `took` when the server says that it is saved; until then, though not for ever, other saves wait.
   */
  async saveWith(cell, source, ask) {
    while (this.sending.has(cell.id)) await this.sending.get(cell.id).catch(() => undefined);
    if (cell.conflict) throw cell.conflict.trouble;
    let free;
    const word = new Promise((resolve) => {
      free = resolve;
    });
    this.#hold(cell, word);
    setTimeout(free, SILENCE_MS);
    const took = ({ version }) => {
      this.took(cell, source, { version, saved_at: source === cell.saved ? null : new Date() });
      free();
    };
    const send = () => {
      if (source !== cell.saved) cell.sent.add(source);
      this.#keep(cell);
      return ask(cell.version, took);
    };
    return this.#onTop(cell, send).finally(free);
  }

  #hold(cell, work) {
    const sending = work.finally(() => {
      this.sending.delete(cell.id);
      this.show();
    });
    this.sending.set(cell.id, sending);
    this.show();
    return sending;
  }

  /** Saves everything; the first trouble is thrown after all were tried. */
  async flushAll() {
    const results = await Promise.allSettled(this.book.cells.map((cell) => this.flush(cell)));
    const failed = results.find(({ status }) => status === "rejected");
    if (failed) throw failed.reason;
  }

  async #send(cell) {
    try {
      await this.#onTop(cell, () => this.#post(cell));
    } catch (trouble) {
      this.#failed(cell, trouble);
      throw trouble;
    }
  }

  async #post(cell, options = {}) {
    const { source, version } = cell;
    cell.sent.add(source);
    this.#keep(cell);
    this.took(cell, source, await this.api.post(`/cells/${cell.id}/save`, { source, base: version }, options));
  }

  /** What stands in the way may be a text that this page sent itself, whose answer got lost: then asks again, on top of it. */
  async #onTop(cell, ask) {
    try {
      return await ask();
    } catch (trouble) {
      const { theirs } = trouble.body ?? {};
      if (trouble.kind !== "conflict" || !(cell.sent.has(theirs.source) || theirs.version === cell.version)) throw trouble;
      this.took(cell, theirs.source, theirs);
      return ask();
    }
  }

  /** The server has confirmed `source`. */
  took(cell, source, { version, saved_at: savedAt }) {
    if (version < cell.version) return; // a late answer, and another one came before it
    cell.confirm(source, version ?? cell.version);
    this.savedAt = savedAt ?? this.savedAt ?? new Date();
    this.refusals.delete(cell.id);
    if (!this.refusals.size) dropBanner("save");
    this.#keep(cell);
    if (cell.dirty) this.#later(cell, QUIET_MS);
    this.dispatchEvent(new CustomEvent("saved", { detail: { cell } }));
    this.show();
  }

  #failed(cell, trouble) {
    if (trouble.kind === "offline") return this.link.lost();
    if (trouble.kind === "conflict") return this.disagree(cell, trouble);
    if (trouble.status === 404 && trouble.code !== NOT_YOURS) return this.dispatchEvent(new CustomEvent("gone", { detail: { cell } }));
    this.refusals.set(cell.id, trouble);
    banner("save", {
      tone: "bad",
      title: "Not saved.",
      text: `${trouble.sentence} What you typed stays in this page and in this browser.`,
      acts: [act("Save now", () => this.flushAll().catch(() => undefined))],
    });
    if (trouble.kind === "ours" || trouble.status === 429) this.#later(cell, AGAIN_MS);
    return undefined;
  }

  /** Another version is saved. The same text is no conflict: this save went through before, only its answer got lost. */
  disagree(cell, trouble) {
    const { theirs } = trouble.body;
    if (theirs.source === cell.source) return this.took(cell, cell.source, theirs);
    cell.conflict = { theirs, trouble };
    this.dispatchEvent(new CustomEvent("conflict", { detail: { cell, theirs } }));
    return this.show();
  }

  /** The page goes away: one last try that outlives it. The draft stays until a save is confirmed. */
  #farewell() {
    if (this.link.offline) return;
    for (const cell of this.book.cells.filter((one) => one.dirty && !one.conflict && !this.sending.has(one.id))) {
      clearTimeout(this.timers.get(cell.id));
      this.#hold(
        cell,
        this.#post(cell, { keepalive: true }).catch(() => this.#later(cell, QUIET_MS)),
      );
    }
  }

  show() {
    const [tone, text] = this.#words();
    const next = `status ${tone}`;
    if (this.badge.className !== next) this.badge.className = next;
    if (this.badge.textContent !== text) this.badge.textContent = text;
  }

  #words() {
    const dirty = this.book.cells.filter((cell) => cell.dirty);
    if (dirty.some((cell) => cell.conflict)) return ["warn", "Two versions, choose one"];
    if (this.unkept.size && this.link.offline) return ["failed", "Not saved"];
    if (this.link.offline)
      return dirty.length
        ? ["warn", `Saved in this browser ${clock(this.keptAt ?? new Date())}`]
        : ["passed", this.savedAt ? `Saved ${clock(this.savedAt)}` : "Saved"];
    if (this.refusals.size) return ["failed", "Not saved"];
    if (dirty.length) return ["", "Saving"];
    return ["passed", this.savedAt ? `Saved ${clock(this.savedAt)}` : "Saved"];
  }
}
