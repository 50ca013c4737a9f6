// What is known of the name at the cursor, in a panel beside it: Shift-Tab opens it, once more shows all, Escape closes.
import { closeCompletion } from "@codemirror/autocomplete";
import { Facet, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap, showTooltip } from "@codemirror/view";

const put = StateEffect.define();

/** `inspect(code, cursor, detail, { more, close })` makes the panel's node. */
const source = Facet.define({ combine: (all) => all[0] ?? null });

const panel = StateField.define({
  create: () => null,
  update(shown, transaction) {
    const effect = transaction.effects.find((one) => one.is(put));
    if (effect) return effect.value;
    return transaction.docChanged || transaction.selection ? null : shown;
  },
  provide: (field) => showTooltip.from(field),
});

export function inspection(inspect) {
  if (!inspect) return [];
  return [
    source.of(inspect),
    panel,
    keymap.of([{ key: "Escape", run: close }]),
    EditorView.domEventObservers({ blur: (_event, view) => closeWhenLeft(view) }),
  ];
}

/** Looks the name at the cursor up; all of it when the panel is open already. False when there is nobody to ask. */
export function lookUp(view) {
  const inspect = view.state.facet(source);
  if (!inspect) return false;
  closeCompletion(view);
  ask(view, inspect, view.state.field(panel) ? 1 : 0);
  return true;
}

async function ask(view, inspect, detail) {
  const { doc, selection } = view.state;
  const at = selection.main.head;
  const acts = { more: () => ask(view, inspect, 1), close: () => closeAndReturn(view) };
  const dom = await inspect(doc.toString(), at, detail, acts);
  if (view.state.doc !== doc || !view.state.selection.eq(selection)) return; // the person went on
  view.dispatch({ effects: put.of({ pos: at, create: () => tooltip(view, dom, detail) }) });
}

function tooltip(view, dom, detail) {
  dom.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    closeAndReturn(view);
  });
  dom.addEventListener("focusout", () => closeWhenLeft(view));
  return { dom, mount: () => detail && dom.querySelector("[tabindex]")?.focus() };
}

function close(view) {
  if (!view.state.field(panel)) return false;
  view.dispatch({ effects: put.of(null) });
  return true;
}

function closeAndReturn(view) {
  close(view);
  view.focus();
}

/** Looked at a moment later: while the focus moves from the text into the panel, it is nowhere. */
function closeWhenLeft(view) {
  setTimeout(() => {
    if (!view.dom.contains(document.activeElement)) close(view);
  });
}
