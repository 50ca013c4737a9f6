// A traceback, short: the frames in the person's own cells and the error; frames inside libraries on request.

import { coloured, withoutColours } from "./ansi.js";
import { h } from "./dom.js";

const LONG = 18;
const OWN_FRAME = /\b(Cell|Input) In\s*\[|<ipython-input|^\s*Cell\s+In/;

export function tracebackNode({ ename, evalue, traceback }) {
  const lines = traceback.filter((part) => !/^-+$/.test(withoutColours(part).trim()));
  const parts = lines.length ? lines : [`${ename}: ${evalue}`];
  const all = parts.join("\n");
  const total = all.split("\n").length;
  const own = parts.filter((part, i) => i === 0 || i === parts.length - 1 || OWN_FRAME.test(withoutColours(part)));
  const short = own.join("\n");
  const pre = h("pre", {});
  if (total <= LONG || short.length >= all.length) {
    pre.append(coloured(all));
    return h("div", { class: "output trace" }, pre);
  }
  pre.append(coloured(short));
  return h("div", { class: "output trace" }, pre, unfold(pre, short, all, total));
}

function unfold(pre, short, all, total) {
  const hidden = total - short.split("\n").length;
  const button = h("button", { class: "button plain small", type: "button", "aria-expanded": "false", onclick: toggle });
  const say = () => {
    const open = button.getAttribute("aria-expanded") === "true";
    button.textContent = open ? "Show only my own lines" : `Show all ${total} lines`;
  };
  function toggle() {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    pre.replaceChildren(coloured(open ? all : short));
    say();
  }
  say();
  return h("p", { class: "quiet-text" }, `${hidden} lines inside libraries are folded away. `, button);
}

/** The line of this very cell that raised: its last frame with the count that the cell has now. */
export function ownLine(traceback, cellCount) {
  const text = withoutColours((traceback ?? []).join("\n"));
  const frames = [...text.matchAll(/Cell In\s*\[(\d+)\],? line (\d+)/g)];
  const own = frames.filter(([, count]) => Number(count) === cellCount);
  return own.length ? Number(own.at(-1)[2]) : null;
}
