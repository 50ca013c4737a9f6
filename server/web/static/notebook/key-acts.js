// What the keys do, in the cell that has the focus.

import { say } from "./notices.js";
import { focusRegion } from "./regions.js";

export function keyActs({ book, runner, grader, task, structure, kernel }) {
  const current = () => book.current;
  const runHere = () => current()?.cell.runs && runner.run(current());
  return {
    run: () => {
      const view = current();
      if (view?.toggle && view.writing) view.finish();
      else runHere();
    },
    runAndNext: () => runAndNext({ book, runner, structure }),
    check: () => grader.check(),
    submit: () => grader.submit(),
    stop: () => kernel.busy && runner.stop(),
    hint: () => {
      focusRegion("task");
      task.nextHint();
    },
    addBelow: () => structure.add(current(), "code"),
    removeCurrent: () => (current()?.cell.own ? structure.remove(current()) : say("Only cells that you added can be deleted.")),
    moveCurrent: (step) =>
      current()?.cell.own ? structure.move(current(), step) : say("Only cells that you added can be moved."),
  };
}

async function runAndNext({ book, runner, structure }) {
  const view = book.current;
  if (!view) return;
  if (view.writing) await view.finish();
  else if (view.cell.runs) runner.run(view);
  const next = book.neighbour(view, 1);
  if (next) await next.focus();
  else await structure.add(view, "code");
}
