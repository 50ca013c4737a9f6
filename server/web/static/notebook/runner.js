// Runs cells one after another and follows what they put out.

import { allow, byId } from "./dom.js";
import { act, banner, complain, dropBanner, hasBanner, note, say } from "./notices.js";
import { duration } from "./words.js";

const NOT_RUN = "not-run"; // the slot of the banner

export class Runner {
  constructor({ api, book, saver, kernel, link, refresh }) {
    Object.assign(this, {
      api,
      book,
      saver,
      kernel,
      link,
      refresh,
      queue: [],
      running: null,
      working: null,
      begun: false,
      hadKernel: false,
      unwanted: false,
      turns: 0,
    });
    kernel.addEventListener("change", () => this.show());
    link.addEventListener("lost", () => this.show());
    link.addEventListener("back", () => this.show());
  }

  run(view) {
    return this.#enqueue([view]);
  }

  runAll() {
    return this.#enqueue(this.book.codeViews, { stopAtError: true });
  }

  runTo(view) {
    const all = this.book.codeViews;
    return this.#enqueue(all.slice(0, all.indexOf(view) + 1), { stopAtError: true });
  }

  /** One after another, to the first that does not end well; `ended(view, status)` hears of each. */
  runInTurn(views, ended) {
    return this.#enqueue(views, { stopAtError: true, ended });
  }

  /** A run that goes on ends with its kernel; that is wanted here, and no news. */
  async restartAnd(act = null) {
    this.#forgetQueue();
    this.unwanted = this.running !== null;
    if (!(await this.kernel.restart())) return;
    await this.working;
    this.book.codeViews.forEach((view) => view.forgetCount());
    await act?.();
  }

  stop() {
    this.#forgetQueue();
    return this.kernel.interrupt();
  }

  async #enqueue(views, { stopAtError = false, ended = () => undefined } = {}) {
    if (!this.#mayRun()) return;
    if (stopAtError) dropBanner(NOT_RUN);
    const fresh = views.filter((view) => view !== this.running?.view && !this.queue.some((one) => one.view === view));
    this.queue.push(...fresh.map((view) => ({ view, stopAtError, ended })));
    fresh.forEach((view) => view.waitForTurn());
    if (!this.running) this.working = this.#work();
    await this.working;
  }

  #mayRun() {
    if (this.link.offline) note("There is no connection. Running waits until it returns.");
    else if (!this.running && this.kernel.busy) note("The kernel is busy with another run. Stop it first, or wait.");
    else return true;
    return false;
  }

  async #work() {
    while (this.queue.length) {
      const { view, stopAtError, ended } = this.queue.shift();
      const status = await this.#runOne(view);
      ended(view, status);
      if (status === "ok" || (status === "error" && !stopAtError)) continue;
      if (status === "broken") this.#offerTheRest(view);
      else if (this.queue.length) say(`Stopped at cell ${view.position}.`);
      this.#forgetQueue();
    }
    this.show();
  }

  /** Resolves to how it ended: ok, error, interrupted, timed_out, died, or "broken" when it could not be followed. */
  async #runOne(view) {
    this.running = { view };
    this.begun = false;
    this.turns += 1;
    const before = [...view.outputs.items];
    const { cell } = view;
    const { source } = cell; // as it stands now, whatever is typed before the server has it
    let done = null;
    try {
      done = await this.saver.saveWith(cell, source, (base, took) => this.#follow(view, { source, base }, took));
    } catch (trouble) {
      done = { status: "broken", trouble };
    }
    if (!this.begun && !view.outputs.items.length) view.outputs.load(before);
    this.running = null;
    this.turns += 1;
    return this.#finish(view, done ?? { status: "broken", trouble: null });
  }

  async #follow(view, body, took) {
    let done = null;
    view.begin();
    this.kernel.following = true;
    this.#announceStart();
    try {
      await this.api.stream(`/cells/${view.cell.id}/run`, body, (event) => {
        if (event.t === "saved") took(event);
        done = this.#take(view, event) ?? done;
      });
    } finally {
      this.kernel.following = false;
    }
    return done;
  }

  #announceStart() {
    this.hadKernel = this.kernel.state.state === "idle";
    if (["none", "died"].includes(this.kernel.state.state)) this.kernel.set("starting");
    else this.kernel.set("busy");
    this.show();
  }

  #take(view, event) {
    if (event.t === "started") this.#began(event);
    if (event.t === "queued") this.kernel.set({ state: "queued", place: event.place });
    if (event.t === "died") this.death = event;
    view.take(event);
    return event.t === "done" ? event : null;
  }

  #began({ count }) {
    this.begun = true;
    if (this.hadKernel && count === 1)
      note("The kernel had been ended meanwhile. This cell ran in a fresh one; run the others again to get the variables back.");
    this.kernel.set("busy");
  }

  #finish(view, done) {
    view.end(done);
    if (this.unwanted) this.#wasRestarted();
    else if (this.death) this.#died();
    else if (done.status === "broken") this.#broken(view, done.trouble);
    else if (!this.begun) this.#gotNoKernel();
    else this.kernel.set("idle");
    this.#sayEnd(view, done);
    this.show();
    return done.status;
  }

  #wasRestarted() {
    this.unwanted = false;
    this.death = null;
    this.kernel.look();
  }

  #died() {
    this.kernel.set({ state: "died", why: this.death.why, sentence: this.death.sentence });
    this.death = null;
    this.kernel.look();
  }

  /** The wait for a kernel was given up, or there was no place to wait. */
  #gotNoKernel() {
    this.kernel.set("none");
    this.kernel.look();
  }

  /** Not run, or not to be followed any further. The server knows what the kernel does; ask it. */
  #broken(view, trouble) {
    if (trouble?.kind === "offline") this.link.lost();
    else if (trouble?.kind === "conflict") this.#conflicted(view, trouble);
    else complain(trouble ?? { sentence: "The run ended without a word from the kernel." }, "The cell was not run to its end.");
    if (this.link.offline) return;
    this.kernel.look().then(() => this.kernel.watchUntilIdle());
  }

  #conflicted(view, trouble) {
    if (!view.cell.conflict) this.saver.disagree(view.cell, trouble);
    say("Not run: this cell has two versions. Choose one first.");
  }

  /** A run that went out of sight shows no error that would say why the cells after it were left out. */
  #offerTheRest({ position }) {
    const views = this.queue.map(({ view }) => view);
    if (!views.length) return;
    const numbers = new Intl.ListFormat("en-GB").format(views.map((view) => String(view.position)));
    banner(NOT_RUN, {
      tone: "warn",
      title: `Not run: ${views.length > 1 ? "cells" : "cell"} ${numbers}.`,
      text: `Cell ${position} could not be followed to its end.`,
      acts: [
        act("Run them now", () => this.#runRest(views)),
        act("Dismiss", () => dropBanner(NOT_RUN), "plain"),
      ],
    });
  }

  #runRest(views) {
    const left = views.filter(({ cell }) => this.book.has(cell));
    this.#enqueue(left, { stopAtError: true });
    if (!hasBanner(NOT_RUN)) left[0]?.node.focus(); // the button is gone
  }

  #sayEnd({ position }, { status, seconds }) {
    const words = {
      ok: `Cell ${position} finished${seconds >= 1 ? ` in ${duration(seconds)}` : ""}.`,
      error: `Cell ${position} raised an error.`,
      interrupted: `Cell ${position} was stopped.`,
      timed_out: `Cell ${position} ran out of time.`,
      died: `The kernel stopped while cell ${position} was running.`,
    };
    if (words[status]) say(words[status]);
  }

  #forgetQueue() {
    for (const { view } of this.queue) view.end();
    this.queue = [];
  }

  /** Buttons say what may be done now, and why not. */
  show() {
    const busy = this.running !== null || this.kernel.busy;
    byId("run-all").hidden = busy;
    byId("stop").hidden = !busy;
    const reason = this.link.offline ? "Waits for the connection" : "";
    const mayRun = !this.link.offline && (this.running !== null || !this.kernel.busy);
    allow(byId("run-all"), !this.link.offline, reason);
    for (const view of this.book.codeViews) view.allowRun(mayRun, reason || "The kernel is busy with another run");
  }
}
