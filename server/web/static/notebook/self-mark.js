// After a submit the person marks a written answer against the rubric; the model answers come only then.

import { freshId, fromServer, h } from "./dom.js";
import { complain, say } from "./notices.js";
import { count, points } from "./words.js";

const LEVELS = [1, 2, 3, 4, 5];

export class SelfMark {
  /** `before` = { marks, models } when it was marked already. */
  constructor(question, before, desk) {
    Object.assign(this, { question, desk, marks: { ...(before?.marks ?? {}) } });
    this.models = h("div", { class: "stack" });
    this.trouble = h("p", { class: "error", hidden: true });
    this.send = h("button", { class: "button primary" }, before ? "Change my marks" : "Save my marks");
    const heading = freshId("rubric");
    this.node = h(
      "form",
      { class: "self-mark stack", "aria-labelledby": heading, onsubmit: (event) => this.#save(event) },
      h("p", { id: heading }, h("strong", {}, "Mark your answer")),
      h(
        "p",
        { class: "quiet-text" },
        "Read the anchors, then choose the level that fits what you wrote. 2 and 4 lie between two anchors. Model answers are shown when all lines are marked.",
      ),
      question.rubric.lines.map((line, i) => this.#line(line, i)),
      this.trouble,
      h("p", { class: "cluster" }, this.send),
      this.models,
    );
    if (before) this.#showModels(before.models ?? [], before);
  }

  #line({ line, anchors }, index) {
    const group = freshId("line");
    const levels = LEVELS.map((level) =>
      h(
        "label",
        {},
        h("input", {
          type: "radio",
          name: group,
          value: level,
          checked: Number(this.marks[index]) === level,
          onchange: () => {
            this.marks[index] = level;
          },
        }),
        h("b", {}, String(level)),
        h("span", {}, anchorOf(anchors, level)),
      ),
    );
    return h("fieldset", {}, h("legend", {}, line), h("div", { class: "rubric" }, levels));
  }

  async #save(event) {
    event.preventDefault();
    const missing = this.question.rubric.lines.findIndex((_, i) => this.marks[i] === undefined);
    if (missing >= 0) return this.#ask(missing);
    this.trouble.hidden = true;
    this.send.setAttribute("aria-busy", "true");
    try {
      const answer = await this.desk.api.post("/self-marks", { question: this.question.name, marks: this.marks });
      this.send.textContent = "Change my marks";
      this.#showModels(answer.models, answer);
      this.desk.markedItself(this.question.name, { marks: this.marks, models: answer.models }, answer);
      say("Marks saved. Model answers are shown below.");
    } catch (trouble) {
      complain(trouble, "The marks were not saved.");
    } finally {
      this.send.removeAttribute("aria-busy");
    }
    return undefined;
  }

  #ask(index) {
    const line = this.node.querySelectorAll("fieldset")[index];
    this.trouble.textContent = `Choose a level for "${this.question.rubric.lines[index].line}" too.`;
    this.trouble.hidden = false;
    line.querySelector("input").focus();
    say(this.trouble.textContent);
  }

  #showModels(models, earned) {
    const score =
      earned?.possible !== undefined &&
      h("p", {}, h("strong", {}, `${points(earned.points)} of ${count(earned.possible, "point")} by your own marks`));
    const answers = models.map(({ mark, html }) =>
      h(
        "section",
        { class: "model-answer" },
        h("p", {}, h("strong", {}, `A model answer, level ${mark}`)),
        h("div", { class: "prose" }, fromServer(html)),
      ),
    );
    this.models.replaceChildren(...(score ? [score] : []), ...answers);
  }
}

function anchorOf(anchors, level) {
  const anchor = anchors[level] ?? anchors[String(level)];
  if (anchor) return fromServer(anchor);
  return h("span", { class: "quiet-text" }, `between ${level - 1} and ${level + 1}`);
}
