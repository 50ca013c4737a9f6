// A number or a formula: one line, read as it is typed.

import { freshId, h } from "../dom.js";
import { sayNumber } from "./answers.js";
import { sayExpression } from "./expression.js";

export class Field {
  constructor(question, { onChange, labelledby }) {
    const number = question.type === "number";
    this.read = number ? sayNumber : sayExpression;
    this.hintId = freshId("hint");
    this.says = h("p", { class: "reading", id: freshId("reading"), "aria-live": "polite" });
    this.input = h("input", {
      class: number ? "input short" : "input full mono",
      type: "text",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      inputmode: number ? "text" : null,
      "aria-labelledby": labelledby,
      "aria-describedby": `${this.hintId} ${this.says.id}`,
      oninput: () => this.#typed(onChange),
    });
    const unit = question.unit ? h("span", { class: "unit" }, question.unit) : null;
    if (unit) {
      unit.id = freshId("unit");
      this.input.setAttribute("aria-describedby", `${unit.id} ${this.hintId} ${this.says.id}`);
    }
    this.node = h("div", { class: "field" }, h("div", { class: "cluster" }, this.input, unit), this.says);
    this.hint = number
      ? "A number: 0.25, 1/4, 1e-3 or 25 %."
      : "A formula with + - * / ** and brackets, for example (1 - p)**n / 2. Functions: exp log sqrt sin cos tanh sigmoid abs log1p expm1; constants pi and e.";
  }

  #typed(onChange) {
    this.#show();
    onChange(this.value());
  }

  #show() {
    const { ok, says } = this.read(this.input.value);
    this.says.textContent = says;
    this.says.classList.toggle("error", !ok);
    this.input.setAttribute("aria-invalid", String(!ok));
  }

  value() {
    return this.input.value.trim();
  }

  set(text) {
    this.input.value = text;
    this.#show();
  }

  reasons() {
    // the message stands in the verdict; there is nothing to mark in the field
  }
}
