// Marks the line that raised; the mark goes with the next change of the text.
import { StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView } from "@codemirror/view";

const setFault = StateEffect.define();

export const faultLine = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    const effect = transaction.effects.find((one) => one.is(setFault));
    if (effect) return effect.value;
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** `number` counts from 1; null takes the mark away. The message is the line's tooltip. */
export function flagLine(view, number, message) {
  if (!number || number > view.state.doc.lines) return view.dispatch({ effects: setFault.of(Decoration.none) });
  const mark = Decoration.line({ class: "cm-fault", attributes: { title: message } });
  return view.dispatch({ effects: setFault.of(Decoration.set([mark.range(view.state.doc.line(number).from)])) });
}
