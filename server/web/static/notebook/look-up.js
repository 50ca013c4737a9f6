// The panel about the name at the cursor: asks the kernel, and says politely why there may be no answer.

import { coloured, withoutColours } from "./ansi.js";
import { characters } from "./desk.js";
import { h } from "./dom.js";
import { say } from "./notices.js";

const SPOKEN_CHARACTERS = 240;
// eslint-disable-next-line no-control-regex
const SOURCE = /^(\x1b\[[0-9;]*m)*Source:/m;
const NOTES = {
  none: "Run a cell first. Names are looked up in the running kernel.",
  busy: "The kernel is busy. Look the name up when the cell has finished.",
  unknown: "The kernel knows nothing of this name. Run the cell that defines it first.",
};

/** -> (code, cursor, detail, { more, close }) => the panel's node, for the editor to show. */
export function lookUpInKernel(api, kernel) {
  return async (code, cursor, detail, acts) => {
    const { text, note } = await ask(api, kernel, { code, cursor: characters(code, cursor), detail });
    say(text ? spoken(text, detail) : note);
    return text ? about(text, detail, acts) : remark(note);
  };
}

async function ask(api, kernel, asked) {
  if (kernel.state.state !== "idle") return { note: kernel.busy ? NOTES.busy : NOTES.none };
  try {
    const { text } = await api.post("/inspect", { ...asked, detail: 0 });
    if (text === null) kernel.look(); // it ended, or another tab uses it
    if (!text) return { note: text === null ? NOTES.none : NOTES.unknown };
    return { text: asked.detail ? text + (await sourceOf(api, asked)) : text };
  } catch (trouble) {
    return { note: trouble.sentence ?? NOTES.unknown };
  }
}

/** In its long form IPython shows the source in place of the documentation. */
async function sourceOf(api, asked) {
  const { text } = await api.post("/inspect", asked);
  const at = (text ?? "").search(SOURCE);
  return at < 0 ? "" : `\n${text.slice(at)}`;
}

function about(text, detail, { more, close }) {
  const pre = h("pre", { tabindex: "0", "aria-label": "Documentation" });
  pre.append(coloured(text.trim()));
  const acts = [
    detail ? null : button("More", more, h("kbd", {}, "Shift Tab")),
    button("Close", close, h("kbd", {}, "Esc")),
  ];
  const label = { role: "group", "aria-label": "About the name at the cursor" };
  return h("div", { class: `look-up${detail ? " all" : ""}`, ...label }, pre, h("p", { class: "cluster" }, acts));
}

function button(label, onclick, key) {
  return h("button", { class: "button plain small", type: "button", onclick }, label, " ", key);
}

function remark(note) {
  return h("div", { class: "look-up" }, h("p", { class: "quiet-text" }, note));
}

/** With all of it shown the focus is in the text, and a screen reader reads that. */
function spoken(text, detail) {
  if (detail) return "";
  const plain = withoutColours(text).replaceAll(/\s+/g, " ").trim();
  const start = plain.length > SPOKEN_CHARACTERS ? `${plain.slice(0, SPOKEN_CHARACTERS)} …` : plain;
  return `${start} Shift Tab shows more, Escape closes.`;
}
