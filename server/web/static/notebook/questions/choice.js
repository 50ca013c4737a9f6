// One answer (radios) or several (tick boxes).

import { freshId, fromServer, h } from "../dom.js";
import { readLetters, writeList } from "./answers.js";

export class Choice {
  constructor(question, { onChange, labelledby }) {
    const many = question.type === "multi-select";
    const group = freshId("options");
    this.rows = question.options.map(({ key, html }) =>
      optionRow({ key, html, group, many, onChange: () => onChange(this.value()) }),
    );
    this.node = h(
      "div",
      { class: "choices", role: many ? "group" : "radiogroup", "aria-labelledby": labelledby },
      this.rows.map((row) => row.node),
    );
    this.hint = many ? "Tick all that are right. A wrong tick costs as much as a right one earns." : "";
  }

  value() {
    return writeList(this.rows.filter(({ box }) => box.checked).map(({ key }) => key));
  }

  set(text) {
    const chosen = readLetters(text);
    for (const { key, box } of this.rows) box.checked = chosen.includes(key);
  }

  reasons(reasons, answer) {
    const chosen = readLetters(answer);
    for (const row of this.rows)
      judge(
        row,
        reasons?.find(({ key }) => key === row.key),
        chosen.includes(row.key),
      );
  }
}

function optionRow({ key, html, group, many, onChange }) {
  const box = h("input", { type: many ? "checkbox" : "radio", name: group, value: key, onchange: onChange });
  const why = h("span", { class: "why", hidden: true });
  const text = h("span", {}, h("span", {}, h("b", { class: "letter" }, `${key} `), inline(html)), why);
  return { key, box, why, node: h("label", { class: "choice" }, box, text) };
}

/** Options come as a paragraph; inside a label only its content may stand. */
export function inline(html) {
  const content = fromServer(html);
  const only = content.children.length === 1 && content.firstElementChild;
  if (only?.tagName !== "P") return content;
  const inner = document.createDocumentFragment();
  inner.append(...only.childNodes);
  return inner;
}

function judge({ node, why }, reason, chosen) {
  node.classList.remove("right", "wrong");
  why.hidden = !reason;
  why.replaceChildren();
  if (!reason) return;
  if (chosen) node.classList.add(reason.right ? "right" : "wrong");
  const verdict = words(chosen, reason.right);
  if (verdict) why.append(h("span", { class: `status ${reason.right ? "passed" : "failed"}` }, verdict), " ");
  why.append(inline(reason.html));
}

function words(chosen, right) {
  if (chosen) return right ? "Your answer, right" : "Your answer, wrong";
  return right ? "Right, not chosen" : "";
}
