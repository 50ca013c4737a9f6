// A written answer, with the number of words; a person marks it, never a machine.

import { h } from "../dom.js";
import { wordCount } from "../words.js";

export class Short {
  constructor(question, { onChange, labelledby }) {
    this.limits = question.words;
    this.area = h("textarea", {
      class: "input full growing",
      rows: "5",
      "aria-labelledby": labelledby,
      oninput: () => {
        this.#count();
        onChange(this.value());
      },
    });
    this.count = h("p", { class: "reading" });
    this.node = h("div", { class: "stack tight" }, this.area, this.count);
    this.hint = question.self_mark
      ? "No machine marks this. After Submit you compare it with the rubric and with model answers."
      : "No machine marks this: people do, against a rubric.";
    this.#count();
  }

  #count() {
    const words = wordCount(this.area.value);
    const [low, high] = this.limits ?? [];
    const range = high ? ` of ${low} to ${high}` : "";
    const over = high && words > high ? `, ${words - high} too many` : "";
    this.count.textContent = `${words}${range} words${over}`;
  }

  value() {
    return this.area.value;
  }

  set(text) {
    this.area.value = text;
    this.#count();
  }

  reasons() {
    // the rubric stands below
  }
}
