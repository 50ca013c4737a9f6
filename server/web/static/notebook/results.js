// The panel: how many passed, each check with its reason, and what we did to the notebook before running it.

import { byId, codeBox, fromServer, h } from "./dom.js";
import { act } from "./notices.js";
import { answerWord, count, duration, isFailure, outcomeWord, points, tally, when } from "./words.js";

export class Results {
  /** `goTo(cellId)` leads to a cell, `questionCell(name)` finds the cell of a question, `again()` checks once more,
   * `changedSince(result)` tells whether an answer is another one now. */
  constructor({ goTo, questionCell, again, explain, changedSince, cellNumber }) {
    Object.assign(this, { goTo, questionCell, again, explain, changedSince, cellNumber, shown: null, latest: null });
    this.place = byId("results");
    this.stale = byId("stale");
  }

  /** `focus` leads to the first failure, or to the tally when nothing failed. */
  show(result, { focus = false, old = false } = {}) {
    this.shown = result;
    if (!old) this.latest = result;
    this.showStale();
    if (!result) return;
    const checks = result.outcomes.map((outcome) => this.#check(outcome, result));
    this.place.replaceChildren(
      ...[
        old && this.#oldNote(result),
        regraded(result),
        this.#head(result),
        this.#ours(result),
        this.#cellTroubles(result),
        h(
          "ul",
          { class: "checks" },
          checks.map((node) => h("li", {}, node)),
        ),
        repairs(result),
      ].filter(Boolean),
    );
    this.#open(focus);
  }

  /** What is said when a result comes: "Check: 3 passed, 1 failed". */
  get inWords() {
    return `${kindWord(this.shown)}: ${this.place.querySelector(".tally-words").textContent}`;
  }

  /** The answers are not what was graded any more. An old result says itself that it is one. */
  showStale() {
    const { latest } = this;
    this.stale.hidden = !latest || this.shown !== latest || !this.changedSince(latest);
    if (latest) this.stale.textContent = `Last ${latest.kind} ${when(latest.at)}. Your answers have changed since.`;
  }

  #head({ outcomes: all, kind, seconds, points: earned, possible, at }) {
    const outcomes = all.filter(({ question, check }) => !question || !this.questionCell(check)?.question.self_mark);
    const title = h("h3", { class: "tally-words", tabindex: "-1" }, tally(outcomes) || "Handed in; the marks are yours to give");
    const bars = outcomes.map(({ outcome }) =>
      h("i", { class: outcome === "passed" ? "passed" : isFailure(outcome) ? "failed" : "" }),
    );
    byId("panel-count").textContent = ` ${outcomes.filter(({ outcome }) => outcome === "passed").length}/${outcomes.length}`;
    const scored = possible ? `${points(earned)} of ${count(possible, "point")}. ` : "";
    return h(
      "div",
      { class: "stack tight" },
      h("div", { class: "cluster apart" }, title, h("span", { class: "quiet-text" }, duration(seconds))),
      h("div", { class: "tally", "aria-hidden": "true" }, bars),
      h("p", { class: "quiet-text" }, `${kindWord({ kind })}, ${when(at)}. ${scored}`),
    );
  }

  #check(
    { title, check, outcome, hidden, reported, html, mistake, question, points: earned, possible, code_html: code },
    result,
  ) {
    const tone = outcome === "passed" ? "passed" : isFailure(outcome) ? "failed" : outcome === "our_fault" ? "ours" : "";
    const partly = earned > 0 && earned < possible ? `, ${points(earned)} of ${points(possible)}` : "";
    const cell = question ? this.questionCell(check) : null;
    const selfMarked = cell?.question.self_mark;
    const own = question ? answerWord({ outcome, points: earned }) : outcomeWord(outcome);
    const word = selfMarked && outcome !== "our_fault" ? selfWord(cell, result) : own;
    const name = question ? this.#questionTitle(title, check, cell) : title || check;
    const details = h(
      "details",
      { class: `check ${selfMarked ? "" : tone}` },
      h("summary", {}, h("span", {}, name, " ", hidden && h("span", { class: "tag" }, "hidden")), h("small", {}, word, partly)),
    );
    details.append(
      h(
        "div",
        {},
        h("div", { class: "prose" }, body({ html, outcome, hidden, selfMarked })),
        mistake && h("div", { class: "looks-like prose" }, h("strong", {}, "Looks like: "), fromServer(mistake)),
        reported && h("p", { class: "quiet-text" }, "Partly rests on what your own code reported."),
        code && h("details", { class: "check-code" }, h("summary", {}, "Read this check"), codeBox(code)),
        cell &&
          h(
            "p",
            { class: "cluster" },
            act("Go to the question", () => this.goTo(cell.id)),
          ),
      ),
    );
    return details;
  }

  #questionTitle(title, check, cell) {
    const number = cell && this.cellNumber(cell.id, "question");
    return number ? `Question ${number}: ${title || check}` : title || check;
  }

  #open(focus) {
    const first = this.place.querySelector(".check.failed");
    if (first) first.open = true;
    if (focus) (first?.querySelector("summary") ?? this.place.querySelector(".tally-words")).focus();
  }

  #oldNote(result) {
    const back = this.latest && act("Back to the latest", () => this.show(this.latest, { focus: true }));
    return h("div", { class: "banner" }, h("div", {}, `From the history: ${when(result.at)}.`), back);
  }

  /** After a submit that solved the exercise. */
  offerExplanation(words) {
    this.place.querySelector(".solved")?.remove();
    this.place.firstElementChild?.after(
      h("div", { class: "banner good solved" }, h("div", {}, words), act("Read it", this.explain)),
    );
  }

  #ours({ outcomes }) {
    const broken = outcomes.filter(({ outcome }) => outcome === "our_fault").length;
    if (!broken) return null;
    const text = `${count(broken, "check")} could not be run: our machinery failed, not your code. Nothing counts against you.`;
    return h("div", { class: "banner warn" }, h("div", {}, text), act("Check again", this.again));
  }

  /** The notebook ran from the top in a fresh kernel; what raised there is often why a check fails. */
  #cellTroubles({ cells = [] }) {
    const broken = cells.filter(({ status }) => status !== "ok" && status !== "not_run");
    if (!broken.length) return null;
    const words = { error: "raised", timed_out: "ran out of time", died: "stopped the kernel" };
    const rows = broken.map(({ id, status, error, needs_from_below: later }) => {
      const number = this.cellNumber(id);
      const name = number
        ? h("button", { class: "button plain small", type: "button", onclick: () => this.goTo(id) }, `Cell ${number}`)
        : "A cell";
      const order = later && h("p", { class: "quiet-text" }, "Only a cell below it defines ", h("code", {}, later), ": move that one up.");
      return h("li", {}, name, ` ${words[status] ?? status} `, error && h("code", {}, error), order);
    });
    return h(
      "div",
      { class: "banner warn" },
      h(
        "div",
        {},
        h("strong", {}, "From the top in a fresh kernel, not every cell ran."),
        h("ul", { class: "plain-list" }, rows),
      ),
    );
  }
}

function kindWord({ kind }) {
  return kind === "submit" ? "Submit" : "Check";
}

function selfWord(cell, { kind, self_marks: marks }) {
  if (!cell.attempted) return "not attempted";
  if (kind !== "submit") return "marked by you after Submit";
  return marks?.[cell.question.name] ? "marked by you" : "waits for your mark";
}

function body({ html, outcome, hidden, selfMarked }) {
  if (html) return fromServer(html);
  if (selfMarked) return h("p", {}, "No machine marks this answer. After Submit you compare it with the rubric.");
  const sentences = {
    passed: hidden ? "This hidden check passed." : "As it should be.",
    not_attempted: "There is no answer yet.",
    blocked: "A check that this one builds on must pass first.",
    our_fault: "Our machinery failed here, not your code.",
    timed_out: "Your code did not finish within the time of this check.",
    out_of_memory: "Your code asked for more memory than an exercise may use.",
    crashed: "Your code raised an error while this check ran it.",
    failed: "This hidden check did not pass.",
  };
  return h("p", {}, sentences[outcome] ?? "");
}

/** A score that changed after the fact says so, and why. */
function regraded({ regraded: again }) {
  if (!again) return null;
  const { points: earned, possible: of } = again.before;
  const before = `${points(earned)} of ${count(of, "point")}`;
  return h("p", { class: "banner" }, `Graded again, ${when(again.at)}: ${again.reason} Before it was ${before}.`);
}

function repairs({ repairs: list = [] }) {
  if (!list.length) return null;
  return h(
    "details",
    { class: "check" },
    h("summary", {}, h("span", {}, `${count(list.length, "part")} of the notebook put back`), h("small", {}, "before running")),
    h(
      "div",
      {},
      h(
        "ul",
        {},
        list.map((sentence) => h("li", {}, sentence)),
      ),
    ),
  );
}
