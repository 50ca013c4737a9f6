// A list to be put in order: by dragging, with the buttons, or with the arrow keys on the handle.

import { allow, h } from "../dom.js";
import { inline } from "./choice.js";
import { say } from "../notices.js";
import { readLetters, writeList } from "./answers.js";

export class Order {
  constructor(question, { onChange, labelledby }) {
    const rows = question.items ?? question.options;
    this.start = rows.map(({ key }) => key);
    this.answered = false;
    this.onChange = onChange;
    this.list = h(
      "ol",
      { class: "order", "aria-labelledby": labelledby },
      rows.map((row) => this.#row(row)),
    );
    this.state = h("p", { class: "quiet-text" });
    this.node = h("div", { class: "stack tight" }, this.list, this.state);
    this.hint = "Drag a row, use its buttons, or press the arrow keys on its handle.";
    this.#number();
  }

  #row({ key, html }) {
    const row = h("li", { "data-key": key });
    const grip = h("button", {
      class: "grip",
      type: "button",
      onkeydown: (event) => this.#keyed(event, row),
      onpointerdown: (event) => this.#drag(event, row),
    });
    const up = h("button", { class: "button plain small", type: "button", onclick: () => this.#step(row, -1) }, "Up");
    const down = h("button", { class: "button plain small", type: "button", onclick: () => this.#step(row, 1) }, "Down");
    const why = h("div", { class: "why", hidden: true });
    row.append(
      grip,
      h("span", { class: "order-text" }, h("b", { class: "letter" }, `${key} `), inline(html), why),
      h("span", { class: "order-acts" }, up, down),
    );
    return row;
  }

  get rows() {
    return [...this.list.children];
  }

  value() {
    return this.answered ? writeList(this.rows.map((row) => row.dataset.key)) : "";
  }

  set(text) {
    const letters = readLetters(text);
    this.answered = letters.length > 0;
    const order = this.answered ? letters : this.start;
    for (const key of order) this.list.append(...this.rows.filter((row) => row.dataset.key === key));
    this.#number();
  }

  #keyed(event, row) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.#step(row, step);
    row.querySelector(".grip").focus();
  }

  #step(row, step) {
    const other = step < 0 ? row.previousElementSibling : row.nextElementSibling;
    if (!other) return say(step < 0 ? "This is the first row" : "This is the last row");
    swap(row, step, other);
    this.#moved(row);
    return undefined;
  }

  #moved(row) {
    this.answered = true;
    this.#number();
    say(`${row.dataset.key} is now number ${this.rows.indexOf(row) + 1} of ${this.rows.length}`);
    this.onChange(this.value());
  }

  /** Follows the pointer; the row changes places as it passes the middle of another one. */
  #drag(event, row) {
    if (event.button !== 0) return;
    const before = this.value();
    const grip = event.currentTarget;
    grip.setPointerCapture(event.pointerId);
    row.classList.add("moving");
    const follow = ({ clientY }) => this.#follow(row, clientY);
    const drop = () => {
      grip.removeEventListener("pointermove", follow);
      row.classList.remove("moving");
      if (writeList(this.rows.map((one) => one.dataset.key)) !== (before || writeList(this.start))) this.#moved(row);
    };
    grip.addEventListener("pointermove", follow);
    grip.addEventListener("lostpointercapture", drop, { once: true });
  }

  #follow(row, y) {
    const middle = (one) => one.getBoundingClientRect().top + one.offsetHeight / 2;
    // One movement of a quick hand may pass several rows.
    while (row.nextElementSibling && y > middle(row.nextElementSibling)) swap(row, 1, row.nextElementSibling);
    while (row.previousElementSibling && y < middle(row.previousElementSibling)) swap(row, -1, row.previousElementSibling);
  }

  #number() {
    this.rows.forEach((row, i) => {
      const [up, down] = row.querySelectorAll(".order-acts button");
      const key = row.dataset.key;
      row.querySelector(".grip").setAttribute("aria-label", `Move ${key}, number ${i + 1} of ${this.rows.length}: arrow keys`);
      up.setAttribute("aria-label", `Move ${key} up`);
      down.setAttribute("aria-label", `Move ${key} down`);
      allow(up, i > 0);
      allow(down, i < this.rows.length - 1);
    });
    this.state.textContent = this.answered ? "" : "Not answered yet: this order is shuffled.";
  }

  reasons(reasons) {
    for (const row of this.rows) {
      const reason = reasons?.find(({ key }) => key === row.dataset.key);
      const why = row.querySelector(".why");
      why.hidden = !reason;
      why.replaceChildren(...(reason ? [inline(reason.html)] : []));
    }
  }
}

/** The other row moves, so that this one keeps the focus and the captured pointer. */
function swap(row, step, other) {
  if (step < 0) row.after(other);
  else row.before(other);
}
