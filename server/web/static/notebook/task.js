// The region beside the notebook: task, hints, history and, once it is earned, the explanation.

import { ask } from "./dialogs.js";
import { byId, codeBox, fromServer, h } from "./dom.js";
import { act, complain, say } from "./notices.js";
import { count, points, when } from "./words.js";

export class TaskRegion {
  constructor({ api, state, showOld, gaveUp }) {
    Object.assign(this, { api, showOld, gaveUp, hints: state.hints ?? { shown: [], total: 0 } });
    for (const tab of byId("task-tabs").querySelectorAll("a"))
      tab.addEventListener("click", (event) => this.#clicked(event, tab));
    byId("next-hint")?.addEventListener("click", () => this.nextHint());
    this.#drawHints();
    this.takeExplanation(state);
  }

  #clicked(event, tab) {
    event.preventDefault();
    this.open(tab.dataset.view);
  }

  open(view) {
    for (const tab of byId("task-tabs").querySelectorAll("a")) {
      if (tab.dataset.view === view) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    for (const section of document.querySelectorAll("#task [data-of]")) section.hidden = section.dataset.of !== view;
    if (view === "history") this.loadHistory();
  }

  /** What the server says now. */
  take(state) {
    if (state.hints && state.hints.shown.length !== this.hints.shown.length) {
      this.hints = state.hints;
      this.#drawHints();
    }
    this.takeExplanation(state);
  }

  // ---- hints

  #drawHints() {
    const { shown, total } = this.hints;
    byId("hint-count").textContent = total ? ` ${shown.length}/${total}` : "";
    byId("hints-tab").hidden = total === 0;
    const items = shown.map(({ html }, i) =>
      h(
        "details",
        { class: "check hint", open: i === shown.length - 1 },
        h("summary", {}, h("span", {}, `Hint ${i + 1}`), h("small", {}, `of ${total}`)),
        h("div", {}, h("div", { class: "prose" }, fromServer(html))),
      ),
    );
    const left = total - shown.length;
    if (byId("next-hint")) byId("next-hint").textContent = left > 0 ? `Show hint ${shown.length + 1}` : "Show the hints";
    const more =
      left > 0 &&
      h(
        "button",
        { class: "button", type: "button", onclick: () => this.nextHint() },
        `Show hint ${shown.length + 1} of ${total}`,
      );
    byId("hints").replaceChildren(...items, ...(more ? [more] : []), h("p", { class: "quiet-text" }, hintRule(left)));
  }

  async nextHint() {
    this.open("hints");
    if (this.hints.shown.length >= this.hints.total) return say("All hints are shown.");
    try {
      const { hints } = await this.api.post("/hints", { seen: this.hints.shown.length });
      this.hints = hints;
      this.#drawHints();
      const last = [...document.querySelectorAll("#hints summary")].at(-1);
      last?.focus();
    } catch (trouble) {
      complain(trouble, "The hint could not be shown.");
    }
    return undefined;
  }

  // ---- explanation

  takeExplanation({ explanation, solution_html: solution, solved, gave_up: gaveUp }) {
    const open = Boolean(explanation || solution);
    byId("explanation-tab").hidden = !open;
    const giveUp = byId("give-up");
    if (giveUp) giveUp.hidden = Boolean(solved || gaveUp || open);
    if (!open) return;
    const title = solved ? "You solved this exercise." : "You chose to see the solution.";
    byId("explanation").replaceChildren(
      h("p", { class: "quiet-text" }, title),
      h("div", { class: "prose" }, fromServer(explanation)),
      ...(solution ? [h("h2", {}, "A solution"), h("div", {}, codeBox(solution))] : []),
    );
  }

  async giveUp() {
    const sure = await ask({
      title: "Give up and see the solution?",
      body: h(
        "p",
        {},
        "The explanation and a solution are shown. The exercise then does not count as solved by you.",
      ),
      yes: "Show the solution",
    });
    if (!sure) return;
    try {
      const answer = await this.api.post("/give-up");
      this.takeExplanation({ ...answer, gave_up: true });
      this.gaveUp(answer);
      this.open("explanation");
      byId("explanation").focus();
    } catch (trouble) {
      complain(trouble, "The solution could not be shown.");
    }
  }

  // ---- history

  async loadHistory() {
    const place = byId("history");
    try {
      const found = await this.api.get("/submissions");
      const items = Array.isArray(found) ? found : found.submissions;
      this.countHistory(items.length);
      place.replaceChildren(
        items.length
          ? h(
              "ol",
              { class: "rows simple" },
              items.map((item) => this.#row(item)),
            )
          : h("p", {}, "Nothing checked or submitted yet."),
      );
      place.append(h("p", { class: "quiet-text" }, "Every check and submit keeps a copy of the notebook and its result."));
      return items;
    } catch (trouble) {
      place.replaceChildren(
        h("p", { class: "quiet-text" }, `${trouble.sentence ?? "The history could not be read."} `),
        act("Try again", () => this.loadHistory()),
      );
      return [];
    }
  }

  countHistory(number) {
    byId("history-count").textContent = number ? ` ${number}` : "";
  }

  #row({ id, kind, at, points: earned, possible, state }) {
    const what = kind === "submit" ? "Submit" : "Check";
    const states = {
      queued: "in the queue",
      running: "running",
      our_fault: "our machinery failed",
      graded: `${points(earned ?? 0)} of ${count(possible ?? 0, "point")}`,
    };
    const look =
      state === "graded" &&
      h(
        "button",
        {
          class: "button small",
          type: "button",
          "aria-label": `Show the result of ${when(at)}`,
          onclick: () => this.#showOld(id),
        },
        "Show",
      );
    return h(
      "li",
      {},
      h("div", {}, h("strong", {}, when(at)), h("p", {}, `${what}: ${states[state] ?? state}`)),
      look || h("span", {}),
    );
  }

  async #showOld(id) {
    try {
      this.showOld((await this.api.get(`/submissions/${id}`)).result);
    } catch (trouble) {
      complain(trouble, "The result could not be shown.");
    }
  }
}

function hintRule(left) {
  const rest = left > 0 ? "" : "All hints are shown. ";
  return `${rest}Hints cost no points.`;
}
