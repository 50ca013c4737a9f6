// Each row gets one of the choices.

import { freshId, fromServer, h } from "../dom.js";
import { inline } from "./choice.js";
import { readPairs, writePairs } from "./answers.js";

export class Match {
  constructor(question, { onChange, labelledby }) {
    const rows = question.items ?? question.options;
    this.rows = rows.map((row) => matchRow(row, question.choices, () => onChange(this.value())));
    this.node = h(
      "div",
      { class: "choices", role: "group", "aria-labelledby": labelledby },
      this.rows.map((row) => row.node),
    );
    this.hint = "Choose one for each row. A wrong row costs as much as a right one earns; an empty row costs nothing.";
  }

  value() {
    return writePairs(this.rows.map(({ key, select }) => [key, select.value]));
  }

  set(text) {
    const pairs = readPairs(text);
    for (const { key, select } of this.rows) select.value = pairs.get(key) ?? "";
  }

  reasons(reasons, answer) {
    const pairs = readPairs(answer);
    for (const row of this.rows)
      judge(
        row,
        reasons?.find(({ key }) => key === row.key),
        pairs.get(row.key),
      );
  }
}

function matchRow({ key, html }, choices, onChange) {
  const id = freshId("row");
  const options = [h("option", { value: "" }, "Choose"), ...choices.map((choice) => h("option", { value: choice }, choice))];
  const select = h("select", { id, onchange: onChange }, options);
  const why = h("div", { class: "why", hidden: true });
  const label = h("label", { htmlFor: id }, h("b", { class: "letter" }, `${key} `), inline(html));
  return { key, select, why, node: h("div", { class: "match-row" }, label, select, why) };
}

function judge({ node, why }, reason, chosen) {
  node.classList.remove("right", "wrong");
  why.hidden = !reason;
  why.replaceChildren();
  if (!reason) return;
  if (chosen) node.classList.add(reason.right ? "right" : "wrong");
  const word = chosen ? (reason.right ? "Right" : "Wrong") : "Not answered";
  why.append(
    h("span", { class: `status ${chosen ? (reason.right ? "passed" : "failed") : ""}` }, word),
    " ",
    fromServer(reason.html),
  );
}
