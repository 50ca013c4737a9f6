// Numbered lines of code; the person ticks those that are at fault.

import { h } from "../dom.js";
import { inline } from "./choice.js";
import { readLetters, writeList } from "./answers.js";

export class Flaw {
  constructor(question, { onChange, labelledby, editors }) {
    this.lines = question.code
      .replace(/\n$/, "")
      .split("\n")
      .map((text, i) => lineRow(text, i + 1, () => onChange(this.value())));
    this.node = h(
      "div",
      { class: "flaw code", role: "group", "aria-labelledby": labelledby },
      this.lines.map(({ node, why }) => [node, why]),
    );
    this.hint = "Tick the lines that are at fault. Ticking lines that are right costs points.";
    editors()
      .then(({ paint }) => this.#paint(paint(question.code)))
      .catch(() => undefined);
  }

  #paint(painted) {
    this.lines.forEach(({ text }, i) => painted[i] && text.replaceChildren(...painted[i].childNodes));
  }

  value() {
    return writeList(this.lines.filter(({ box }) => box.checked).map(({ number }) => number));
  }

  set(text) {
    const numbers = readLetters(text).map(Number);
    for (const { number, box } of this.lines) box.checked = numbers.includes(number);
  }

  reasons(reasons, answer) {
    const ticked = readLetters(answer).map(Number);
    for (const line of this.lines)
      judge(
        line,
        reasons?.find(({ key }) => Number(key) === line.number),
        ticked.includes(line.number),
      );
  }
}

function lineRow(code, number, onChange) {
  const box = h("input", { type: "checkbox", value: number, onchange: onChange });
  const text = h("code", {}, code || " ");
  const why = h("div", { class: "why", hidden: true });
  const node = h(
    "label",
    { class: "flaw-line" },
    box,
    h("span", { class: "number" }, h("span", { class: "unseen" }, "Line "), String(number)),
    text,
  );
  return { number, box, text, why, node };
}

function judge({ node, why }, reason, ticked) {
  node.classList.remove("right", "wrong");
  why.hidden = !reason;
  why.replaceChildren();
  if (!reason) return;
  if (ticked) node.classList.add(reason.right ? "right" : "wrong");
  const word = ticked ? (reason.right ? "Right" : "Wrong") : reason.right ? "At fault, not ticked" : "Not at fault";
  why.append(h("span", { class: `status ${reason.right ? "passed" : ticked ? "failed" : ""}` }, word), " ", inline(reason.html));
}
