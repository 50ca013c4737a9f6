// The editor takes every colour and size from the page's custom properties.
import { EditorView } from "@codemirror/view";

export const look = EditorView.theme({
  "&": { backgroundColor: "transparent", color: "var(--ink)", fontSize: "var(--t-s)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.6", overflowX: "auto" },
  ".cm-content": { padding: "var(--s3) 0", caretColor: "var(--ink)" },
  ".cm-line": { padding: "0 var(--s4) 0 0.25rem" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--ink-2)", border: "0", paddingInlineStart: "var(--s4)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "1.75em", padding: "0 0.75em 0 0" },
  ".cm-content ::selection": { backgroundColor: "var(--link-wash)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--brass-wash)", outline: "1px solid var(--gold)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--fail-wash)" },
  ".cm-tooltip": {
    border: "1px solid var(--line)",
    borderRadius: "var(--r)",
    backgroundColor: "var(--sheet)",
    color: "var(--ink)",
    boxShadow: "var(--float)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", fontSize: "var(--t-s)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "0.2rem 0.65rem", lineHeight: "1.5" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--stone)", color: "var(--on-stone)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "650" },
  ".cm-completionDetail": { color: "inherit" },
  ".cm-fault": { backgroundColor: "var(--fail-wash)", boxShadow: "inset 3px 0 var(--fail)" },
});
