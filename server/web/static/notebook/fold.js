// Events of a run become the list of outputs below a cell. Stored outputs have the same shape and go the same way.

import { isPlain, settle } from "./ansi.js";

/**
 * Takes one event into `items` and says what has to be drawn again:
 * { redraw: "all" | [indexes], grown?: text that may simply be appended to the last item }.
 */
export function fold(items, event) {
  const act = ACTS[event.t];
  return act ? act(items, event) : { redraw: [] };
}

const ACTS = {
  stream: takeStream,
  display: (items, event) => push(items, shown(event)),
  result: (items, event) => push(items, shown(event)),
  update_display: updateDisplay,
  error: (items, event) =>
    push(items, { t: "error", ename: event.ename, evalue: event.evalue, traceback: event.traceback ?? [] }),
  limit: (items, event) => push(items, { t: "limit", sentence: event.sentence }),
  died: (items, event) => push(items, { t: "died", sentence: event.sentence }),
  clear: clear,
};

function push(items, item) {
  if (items.clearNext) {
    items.length = 0;
    items.clearNext = false;
    items.push(item);
    return { redraw: "all" };
  }
  items.push(item);
  return { redraw: [items.length - 1] };
}

function takeStream(items, { name, text }) {
  const last = items.at(-1);
  if (items.clearNext || last?.t !== "stream" || last.name !== name)
    return push(items, { t: "stream", name, text: settle(text) });
  const simple = isPlain(text) && !last.text.endsWith("\r");
  last.text = simple ? last.text + text : settle(last.text + text);
  return { redraw: [items.length - 1], grown: simple ? text : undefined };
}

function shown(event) {
  return { t: event.t, data: event.data, metadata: event.metadata ?? {}, count: event.count, display_id: displayId(event) };
}

function displayId(event) {
  return event.display_id ?? event.transient?.display_id ?? null;
}

function updateDisplay(items, event) {
  const id = displayId(event);
  const redraw = items.flatMap((item, i) => (id !== null && item.display_id === id ? [i] : []));
  for (const i of redraw) Object.assign(items[i], { data: event.data, metadata: event.metadata ?? {} });
  return { redraw };
}

/** clear_output(wait=True) keeps the old outputs until the next one comes, so that nothing flickers. */
function clear(items, { wait }) {
  items.clearNext = Boolean(wait);
  if (wait) return { redraw: [] };
  items.length = 0;
  return { redraw: "all" };
}
