// Parts that every cell on the page has: its frame, its heading and its menu.

import { h, icon } from "./dom.js";
import { CTRL } from "./dialogs.js";

/** The <article> of a cell; `label` is set again whenever the cells are renumbered. */
export function article(cell, kind) {
  const node = h("article", { class: `cell ${kind}`, id: `cell-${cell.id}`, tabindex: "-1" });
  node.addEventListener("focusin", () => node.classList.add("focused"));
  node.addEventListener("focusout", () => node.classList.remove("focused"));
  return node;
}

/** How a cell is called in labels: "Cell 3, answer: standardise". */
export function nameOf(cell, position) {
  const called = cell.title || cell.name;
  const role = {
    setup: "given",
    answer: "your answer",
    question: "question",
    text: "text",
    own: cell.type === "code" ? "scratch" : "note",
  }[cell.role];
  return `Cell ${position}, ${role}${called && cell.role !== "own" ? `: ${called}` : ""}`;
}

export function headingOf(cell) {
  if (cell.role === "setup") return h("span", { class: "lock" }, h("span", {}, h("b", {}, "Given"), " read only"));
  if (cell.role === "answer") return h("span", {}, h("b", {}, "Your answer"), ` ${cell.title || cell.name}`);
  if (cell.type === "markdown") return h("span", {}, "Note, not graded");
  return h("span", {}, "Scratch, not graded");
}

export function runButton(onclick) {
  return h(
    "button",
    { class: "button plain small run", type: "button", onclick },
    icon("play"),
    "Run ",
    h("kbd", { class: "on-focus" }, `${CTRL} Enter`),
  );
}

/** A menu of acts for one cell. `acts` are [label, act] pairs. */
export function menu(label, acts) {
  const summary = h("summary", { class: "button plain small", "aria-label": label }, icon("more"));
  const details = h("details", { class: "menu" }, summary);
  const buttons = acts.map(([text, run]) =>
    h(
      "button",
      {
        class: "button plain small",
        type: "button",
        onclick: () => {
          details.open = false;
          run();
        },
      },
      text,
    ),
  );
  details.append(h("div", {}, buttons));
  tendMenu(details);
  return details;
}

/** Closes a menu on Esc, when the focus leaves it and on a click elsewhere. */
export function tendMenu(details) {
  details.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !details.open) return;
    event.stopPropagation();
    details.open = false;
    details.querySelector("summary").focus();
  });
  details.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !details.contains(event.relatedTarget)) details.open = false;
  });
  document.addEventListener("pointerdown", (event) => {
    if (details.open && !details.contains(event.target)) details.open = false;
  });
}

export function codeMenu(cell, view, acts) {
  const rows = [
    ["Add code cell below", () => acts.add(view, "code")],
    ["Add text cell below", () => acts.add(view, "markdown")],
  ];
  if (cell.role === "answer") rows.push(["Back to the starter", () => acts.reset(view)]);
  if (cell.own)
    rows.push(
      ["Move up", () => acts.move(view, -1)],
      ["Move down", () => acts.move(view, 1)],
      ["Delete", () => acts.remove(view)],
    );
  if (cell.runs) rows.push(["Run all up to here", () => acts.runTo(view)]);
  if (!cell.locked) rows.push(["Look up the name at the cursor", () => view.lookUp()]);
  return menu("More for this cell", rows);
}
