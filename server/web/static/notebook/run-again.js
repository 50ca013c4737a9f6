// After a kernel has ended: runs what had been run in it, so that its variables come back.

import { complain, note, say } from "./notices.js";
import { count } from "./words.js";

/** Events: "change" when `progress` ({ at, total }, or null) is another one. */
export class RunAgain extends EventTarget {
  constructor({ api, book, kernel, runner }) {
    super();
    Object.assign(this, { api, book, kernel, runner, progress: null });
  }

  /** The texts as they are now, in the order in which they were last run; to the first that does not end well. */
  async start() {
    if (this.progress) return;
    const views = await this.#views();
    if (!views?.length) return;
    let [done, last] = [0, null];
    this.#at(1, views.length);
    say(`Running ${count(views.length, "cell")} again.`);
    this.book.codeViews.forEach((view) => view.forgetCount());
    await this.runner.runInTurn(views, (view, status) => {
      last = { view, status };
      if (status === "ok") done += 1;
      if (status === "ok" && done < views.length) this.#at(done + 1, views.length);
    });
    this.#over();
    tell(done, views.length, last);
  }

  /** What the server says now: another tab may have started a kernel meanwhile. */
  async #views() {
    try {
      const { kernel } = await this.api.get("/kernel");
      const views = (kernel.run_again ?? []).map((id) => this.book.view(id)).filter((view) => view?.cell.runs);
      if (!views.length) this.kernel.set(kernel);
      return views;
    } catch (trouble) {
      complain(trouble, "The cells were not run again.");
      return null;
    }
  }

  #at(at, total) {
    this.progress = { at, total };
    this.dispatchEvent(new Event("change"));
  }

  #over() {
    this.progress = null;
    this.dispatchEvent(new Event("change"));
  }
}

function tell(done, total, last) {
  if (!last || last.status === "died") return; // refused, or told as the end of a kernel
  if (done === total) note(`${count(total, "cell has", "cells have")} run again.`);
  else if (last.status === "error") {
    note(`Stopped at cell ${last.view.position}, which raised an error. ${done} of ${total} cells have run again.`);
    last.view.focus();
  } else note(`Stopped. ${done} of ${total} cells have run again.`);
}
