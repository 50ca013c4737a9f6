// The editor of a code cell and the painter of code that is only shown.
import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  closeCompletion,
  completeAnyWord,
  completionStatus,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentLess, indentMore } from "@codemirror/commands";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { pythonLanguage } from "@codemirror/lang-python";
import { Compartment, EditorState, Transaction } from "@codemirror/state";
import { EditorView, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter, highlightCode } from "@lezer/highlight";
import { faultLine, flagLine } from "./fault.js";
import { inspection, lookUp } from "./inspect.js";
import { look } from "./look.js";
import { typeOver } from "./type-over.js";

const STEP = 4;

/** Tab after a name completes it, elsewhere it goes to the next stop; a selection is indented as a whole. */
function tab(view) {
  if (completionStatus(view.state) === "active") return acceptCompletion(view);
  const { from, empty } = view.state.selection.main;
  if (!empty || view.state.selection.ranges.length > 1) return indentMore(view);
  const line = view.state.doc.lineAt(from);
  if (/[\p{L}\p{N}_.]$/u.test(line.text.slice(0, from - line.from))) return startCompletion(view);
  const column = from - line.from;
  const spaces = " ".repeat(STEP - (column % STEP));
  view.dispatch({ changes: { from, insert: spaces }, selection: { anchor: from + spaces.length }, userEvent: "input" });
  return true;
}

/** Shift-Tab in the blanks before the code, or with a selection, takes a step back; elsewhere it looks the name up. */
function shiftTab(view) {
  const { head, empty } = view.state.selection.main;
  const line = view.state.doc.lineAt(head);
  const inBlanks = !line.text.slice(0, head - line.from).trim();
  return (empty && !inBlanks && lookUp(view)) || indentLess(view);
}

/** Opens an editor inside `parent`. The page's own keys are caught before they reach it. */
export function openEditor({ parent, source, label, nonce, complete, inspect, wrap = false, onChange, onFocus, onBlur }) {
  const wrapping = new Compartment();
  const listen = EditorView.updateListener.of((update) => {
    if (update.docChanged && !update.transactions.some((tr) => tr.annotation(Transaction.remote)))
      onChange?.(update.state.doc.toString());
    if (update.focusChanged) (update.view.hasFocus ? onFocus : onBlur)?.();
  });
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: source,
      extensions: [
        nonce ? EditorView.cspNonce.of(nonce) : [],
        history(),
        lineNumbers(),
        indentUnit.of(" ".repeat(STEP)),
        EditorState.tabSize.of(STEP),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion({ icons: false, activateOnTyping: false }), // on request only: Enter must stay a new line
        inspection(inspect),
        keymap.of([{ key: "Tab", run: tab, shift: shiftTab }, ...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap]),
        pythonLanguage.extension,
        pythonLanguage.data.of({ autocomplete: complete ? namesFrom(complete) : completeAnyWord }),
        syntaxHighlighting(classHighlighter),
        look,
        faultLine,
        typeOver,
        wrapping.of(wrap ? EditorView.lineWrapping : []),
        EditorView.contentAttributes.of({
          "aria-label": label,
          tabindex: "0",
          autocapitalize: "off",
          autocorrect: "off",
          spellcheck: "false",
        }),
        listen,
      ],
    }),
  });
  return handle(view, wrapping);
}

/** Names from the person's kernel, `complete(code, cursor)`; without an answer the words of this cell. */
function namesFrom(complete) {
  return async (context) => {
    const typed = context.matchBefore(/[\p{L}_][\p{L}\p{N}_.]*$/u);
    if (!typed) return null;
    const names = await complete(context.state.doc.toString(), context.pos);
    if (context.aborted) return null;
    if (!names.length) return completeAnyWord(context);
    const labels = new Set(names.map((name) => name.split(".").pop()).filter(Boolean));
    return {
      from: typed.from + typed.text.lastIndexOf(".") + 1,
      options: [...labels].map((label) => ({ label })),
      validFor: /^[\p{L}\p{N}_]*$/u,
    };
  };
}

/** What the page may do with an open editor. */
function handle(view, wrapping) {
  return {
    dom: view.dom,
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    hasFocus: () => view.hasFocus,
    wrap: (on) => view.dispatch({ effects: wrapping.reconfigure(on ? EditorView.lineWrapping : []) }),
    label: (text) => view.contentDOM.setAttribute("aria-label", text),
    replace: (text) => replaceText(view, text),
    goToLine: (number) => goToLine(view, number),
    flag: (number, message) => flagLine(view, number, message),
    lookUp: () => lookUp(view),
    quiet: () => closeCompletion(view),
    close: () => view.destroy(),
  };
}

/** Replaces only what differs, so that the cursor and the undo history survive; `onChange` is not called. */
function replaceText(view, text) {
  const old = view.state.doc.toString();
  if (old === text) return;
  let start = 0;
  const shortest = Math.min(old.length, text.length);
  while (start < shortest && old[start] === text[start]) start += 1;
  let end = 0;
  while (end < shortest - start && old[old.length - 1 - end] === text[text.length - 1 - end]) end += 1;
  view.dispatch({
    changes: { from: start, to: old.length - end, insert: text.slice(start, text.length - end) },
    annotations: Transaction.remote.of(true),
  });
}

function lineAt(view, number) {
  return view.state.doc.line(Math.max(1, Math.min(number, view.state.doc.lines)));
}

function goToLine(view, number) {
  view.dispatch({ selection: { anchor: lineAt(view, number).from }, scrollIntoView: true });
  view.focus();
}

/** The lines of `code` as spans of class `line` with `tok-*` classes inside. */
export function paint(code) {
  const lines = [newLine()];
  const put = (text, classes) => {
    const span = classes ? Object.assign(document.createElement("span"), { className: classes }) : null;
    span?.append(text);
    lines.at(-1).append(span ?? text);
  };
  highlightCode(code, pythonLanguage.parser.parse(code), classHighlighter, put, () => lines.push(newLine()));
  return lines;
}

function newLine() {
  return Object.assign(document.createElement("span"), { className: "line" });
}
