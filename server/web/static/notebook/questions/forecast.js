// A probability for each item, or its 10 %, 50 % and 90 % points.

import { freshId, h } from "../dom.js";
import { inline } from "./choice.js";
import { readNumber, readPairs, writePairs } from "./answers.js";

const POINTS = [
  ["10 %", "1 in 10 falls below"],
  ["50 %", "half falls below"],
  ["90 %", "9 in 10 fall below"],
];

export class Forecast {
  constructor(question, { onChange, labelledby }) {
    this.quantiles = question.ask === "quantiles";
    const rows = question.items ?? question.options;
    this.rows = rows.map((row) => this.#row(row, () => onChange(this.value())));
    this.node = h(
      "div",
      { class: "choices", role: "group", "aria-labelledby": labelledby },
      this.rows.map(({ node }) => node),
    );
    this.hint = this.quantiles
      ? "Three numbers for each item, in rising order: below the first falls 1 in 10, below the second half, below the third 9 in 10."
      : "A probability for each item, from 0 to 1 or in %. Points follow how near it is to the truth, so say what you believe.";
  }

  #row({ key, html }, onChange) {
    const [text, says] = [freshId("item"), freshId("reading")];
    const inputs = (this.quantiles ? POINTS : [["Probability", ""]]).map(([name, meaning]) =>
      numberInput({ name, meaning, text, says }),
    );
    const note = h("p", { class: "reading", id: says, "aria-live": "polite" });
    const why = h("div", { class: "why", hidden: true });
    const row = { key, inputs: inputs.map(({ input }) => input), note, why };
    row.inputs.forEach((input) =>
      input.addEventListener("input", () => {
        this.#show(row);
        onChange();
      }),
    );
    row.node = h(
      "div",
      { class: "match-row forecast-row" },
      h("span", { id: text }, h("b", { class: "letter" }, `${key} `), inline(html)),
      h(
        "span",
        { class: "cluster" },
        inputs.map(({ node }) => node),
      ),
      note,
      why,
    );
    return row;
  }

  #show({ inputs, note }) {
    const trouble = this.quantiles ? quantileTrouble(inputs) : probabilityTrouble(inputs[0]);
    note.textContent = trouble;
    note.classList.toggle("error", trouble !== "");
    inputs.forEach((input) => input.setAttribute("aria-invalid", String(trouble !== "")));
  }

  value() {
    return writePairs(
      this.rows.map(({ key, inputs }) => {
        const values = inputs.map((input) => input.value.trim());
        return [key, values.every((value) => value === "") ? "" : values.join("/")];
      }),
    );
  }

  set(text) {
    const pairs = readPairs(text);
    for (const row of this.rows) {
      const value = pairs.get(row.key) ?? "";
      const parts = this.quantiles ? value.split("/") : [value];
      row.inputs.forEach((input, i) => {
        input.value = (parts[i] ?? "").trim();
      });
      this.#show(row);
    }
  }

  reasons(reasons) {
    for (const { key, why } of this.rows) {
      const reason = reasons?.find((one) => one.key === key);
      why.hidden = !reason;
      why.replaceChildren(...(reason ? [inline(reason.html)] : []));
    }
  }
}

function numberInput({ name, meaning, text, says }) {
  const label = freshId("label");
  const input = h("input", {
    class: "input short",
    type: "text",
    autocomplete: "off",
    "aria-labelledby": `${text} ${label}`,
    "aria-describedby": says,
  });
  return {
    input,
    node: h(
      "span",
      { class: "point" },
      h("span", { id: label, class: "quiet-text" }, name, meaning && h("span", { class: "unseen" }, `, ${meaning}`)),
      input,
    ),
  };
}

function probabilityTrouble({ value }) {
  if (!value.trim()) return "";
  const number = readNumber(value);
  if (number === null) return "Write a number from 0 to 1, for example 0.3 or 30 %.";
  return number < 0 || number > 1 ? "A probability lies between 0 and 1." : "";
}

function quantileTrouble(inputs) {
  const texts = inputs.map(({ value }) => value.trim());
  if (texts.every((text) => !text)) return "";
  if (texts.some((text) => text.includes("/"))) return "Write each number as a decimal here, without /.";
  const numbers = texts.map((text) => (text ? readNumber(text) : undefined));
  if (numbers.includes(null)) return "Write three numbers.";
  if (numbers.includes(undefined)) return "All three numbers are needed.";
  return numbers[0] <= numbers[1] && numbers[1] <= numbers[2] ? "" : "The three numbers must rise from left to right.";
}
