// A question: its prompt, the widget that takes the answer, and what came of it.

import { article, nameOf } from "./cell-parts.js";
import { freshId, fromServer, h } from "./dom.js";
import { count, isFailure, outcomeWord, points } from "./words.js";
import { Choice } from "./questions/choice.js";
import { Field } from "./questions/field.js";
import { Flaw } from "./questions/flaw.js";
import { Forecast } from "./questions/forecast.js";
import { Match } from "./questions/match.js";
import { Order } from "./questions/order.js";
import { Short } from "./questions/short.js";

const WIDGETS = {
  "multiple-choice": Choice,
  "multi-select": Choice,
  match: Match,
  number: Field,
  expression: Field,
  order: Order,
  flaw: Flaw,
  forecast: Forecast,
  short: Short,
};

export class QuestionView {
  constructor(cell, desk) {
    Object.assign(this, { cell, desk, position: 0, graded: null });
    const { question } = cell;
    const prompt = freshId("prompt");
    this.node = article(cell, "answer question");
    this.node.setAttribute("data-type", question.type);
    this.widget = new WIDGETS[question.type](question, {
      onChange: (text) => this.#answered(text),
      labelledby: prompt,
      editors: desk.editors,
    });
    this.widget.set(cell.source);
    this.verdict = h("div", { class: "verdict" });
    this.stale = h("p", { class: "quiet-text", hidden: true }, "You changed this answer since.");
    const hint = h("p", { class: "quiet-text", id: this.widget.hintId }, this.widget.hint);
    this.body = h(
      "div",
      { class: "written stack" },
      h("div", { class: "prose", id: prompt }, fromServer(cell.html)),
      needs(question),
      this.widget.hint && hint,
      this.widget.node,
      this.verdict,
      this.stale,
    );
    this.node.append(this.#header(question), this.body);
    this.node.addEventListener("focusout", () => desk.saver.flush(cell).catch(() => undefined));
    cell.addEventListener("adopted", () => this.#adopt());
  }

  #header({ points: worth, self_mark: selfMark }) {
    this.title = h("b", {}, "Question");
    return h("header", {}, h("span", {}, this.title), h("span", {}, count(worth, "point"), selfMark ? ", marked by you" : ""));
  }

  #answered(text) {
    this.cell.write(text);
    this.#showStale();
  }

  #adopt() {
    this.widget.set(this.cell.source);
    this.#showStale();
  }

  #showStale() {
    this.stale.hidden = this.graded === null || this.graded === this.cell.source;
  }

  setPosition(position, questionNumber) {
    this.position = position;
    this.title.textContent = `Question ${questionNumber}`;
    this.node.setAttribute("aria-label", nameOf(this.cell, position));
  }

  focus() {
    (this.node.querySelector("input:checked") ?? this.node.querySelector("input, select, textarea, .grip"))?.focus();
    this.node.scrollIntoView({ block: "nearest" });
  }

  /** What a check or submit found about this question, of the text that it graded; null takes it away. */
  showOutcome(outcome, { result }) {
    this.graded = outcome ? result.graded[this.cell.id] : null;
    this.#showStale();
    this.widget.reasons(outcome?.reasons ?? null, this.graded);
    this.verdict.replaceChildren(...(outcome ? verdictOf(outcome, this.cell.question) : []));
    this.#offerSelfMark(result);
  }

  /** The form of an earlier submit stays: levels may be chosen in it that are not saved yet. */
  async #offerSelfMark(result) {
    const { question } = this.cell;
    const offered = question.self_mark && question.rubric && result?.kind === "submit" && this.cell.attempted;
    if (offered && this.selfMark) return;
    this.selfMark?.node.remove();
    this.selfMark = null;
    if (!offered) return;
    const { SelfMark } = await import("./self-mark.js"); // take-homes never need it
    this.selfMark?.node.remove();
    this.selfMark = new SelfMark(question, result.self_marks?.[question.name], this.desk);
    this.body.append(this.selfMark.node);
  }

  close() {
    this.node.remove();
  }
}

function needs({ needs: other }) {
  const name = Array.isArray(other) ? other.join(", ") : other;
  return name ? h("p", { class: "quiet-text" }, "Counts only when ", h("code", {}, name), " is right too.") : null;
}

function verdictOf(outcome, question) {
  if (question.self_mark) return [];
  const earned = `${points(outcome.points)} of ${count(outcome.possible, "point")}`;
  const banner = h("div", { class: `banner ${tone(outcome)}` }, h("div", {}, h("strong", {}, `${title(outcome)}. `), earned));
  const parts = [banner];
  if (outcome.html && outcome.outcome !== "passed") parts.push(h("div", { class: "prose" }, fromServer(outcome.html)));
  if (outcome.mistake)
    parts.push(h("div", { class: "prose looks-like" }, h("strong", {}, "Looks like: "), fromServer(outcome.mistake)));
  return parts;
}

function title(outcome) {
  if (outcome.outcome === "passed") return "Right";
  if (isFailure(outcome.outcome)) return outcome.points > 0 ? "Partly right" : "Not right";
  const word = outcomeWord(outcome.outcome);
  return word[0].toUpperCase() + word.slice(1);
}

function tone(outcome) {
  if (outcome.outcome === "passed") return "good";
  if (isFailure(outcome.outcome)) return outcome.points > 0 ? "warn" : "bad";
  return "";
}
