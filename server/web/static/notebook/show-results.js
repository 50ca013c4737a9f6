// A result goes to the panel and to the questions it is about.

import { byId } from "./dom.js";
import { say } from "./notices.js";
import { showRegion } from "./regions.js";

export function wireGrading(page) {
  const { book, grader, results, sync, task } = page;
  for (const cell of book.cells.filter(({ graded }) => graded))
    for (const change of ["written", "adopted"]) cell.addEventListener(change, () => results.showStale());
  grader.addEventListener("graded", async ({ detail: { result } }) => {
    takeResult(page, result, { lead: true });
    say(results.inWords);
    const state = await sync.refresh();
    if (result.kind === "submit" && state?.explanation)
      results.offerExplanation(state.solved ? "Solved. The explanation is open now." : "The explanation is open.");
    task.loadHistory();
  });
  sync.addEventListener("state", ({ detail: { state } }) => task.take(state));
}

/** `lead` leads to the result, but nobody out of the cell in which they go on meanwhile. */
export function takeResult(page, result, { lead = false } = {}) {
  const focus = lead && !document.activeElement?.closest(".cell");
  if (focus) showRegion("panel");
  page.results.show(result, { focus });
  showInQuestions(page, result);
}

function showInQuestions({ book }, result) {
  for (const view of book.questionViews) {
    const outcome = result.outcomes.find(({ question, check }) => question && check === view.cell.question.name);
    if (outcome || result.kind === "submit") view.showOutcome(outcome ?? null, { result });
  }
}

export function showOld({ results }, result) {
  showRegion("panel");
  results.show(result, { focus: true, old: true });
}

/** Marks given in one question are known to the panel and to the next drawing of the result. */
export function takeMarks({ results }, question, marks) {
  const { shown } = results;
  if (!shown || shown.kind !== "submit") return;
  shown.self_marks = { ...shown.self_marks, [question]: marks };
  results.show(shown);
}

export function showEarlierResults(page, state) {
  const known = [state.result, state.check].filter(Boolean).sort((a, b) => new Date(a.at) - new Date(b.at));
  known.forEach((result) => showInQuestions(page, result));
  page.results.show(known.at(-1) ?? null);
}

/** What the panel may ask of the rest of the page. */
export function resultActs(page) {
  const goTo = (cellId) => {
    showRegion("notebook");
    page.book.view(cellId)?.focus();
  };
  return {
    goTo,
    questionCell: (name) => page.book.questionViews.find(({ cell }) => cell.question.name === name)?.cell,
    again: () => page.grader.check(),
    explain: () => {
      showRegion("task");
      page.task.open("explanation");
      byId("explanation").focus();
    },
    changedSince: ({ graded }) => page.book.cells.some(({ id, source }) => id in graded && graded[id] !== source),
    cellNumber: (cellId, what) => numberOf(page.book, cellId, what),
  };
}

function numberOf(book, cellId, what) {
  const views = what === "question" ? book.questionViews : book.views;
  return views.findIndex(({ cell }) => cell.id === cellId) + 1;
}
