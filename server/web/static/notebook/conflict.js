// Two texts of one cell: what stands here, and what was saved elsewhere. Both are shown; the person chooses.

import { h } from "./dom.js";
import { compare } from "./compare.js";
import { say } from "./notices.js";
import { when } from "./words.js";

/** `choose(what)` gets "mine", "theirs" or "both". */
export function conflictPanel({ view, theirs, canKeepBoth, choose }) {
  const { mine: mineLines, theirs: theirLines } = compare(view.cell.source, theirs.source);
  const button = (what, label, tone = "") =>
    h("button", { class: `button small ${tone}`, type: "button", onclick: () => choose(what) }, label);
  const panel = h(
    "section",
    { class: "conflict stack tight", "aria-label": "Two versions of this cell" },
    h(
      "p",
      {},
      h("strong", {}, "This cell was changed in another tab or on another device. "),
      "Both texts are kept until you choose. Lines that differ are marked.",
    ),
    h(
      "div",
      { class: "conflict-texts" },
      textBox("Mine, in this page", mineLines, "add"),
      textBox(`The other, saved ${theirs.saved_at ? when(theirs.saved_at) : "elsewhere"}`, theirLines, "del"),
    ),
    h(
      "p",
      { class: "cluster" },
      button("mine", "Keep mine", "primary"),
      button("theirs", "Take the other"),
      canKeepBoth && button("both", "Keep both"),
    ),
  );
  say("This cell was changed elsewhere. Both texts are shown; choose one.");
  return panel;
}

function textBox(title, lines, mark) {
  const rows = lines.map(({ text, differs }) => h("span", { class: `line ${differs ? mark : ""}` }, text || " "));
  return h(
    "div",
    {},
    h("p", {}, h("strong", {}, title)),
    h("pre", { class: "code", tabindex: "0", "aria-label": title }, h("code", {}, rows)),
  );
}
