// The buttons of the bar and below the notebook.

import { tendMenu } from "./cell-parts.js";
import { showKeys } from "./dialogs.js";
import { byId } from "./dom.js";
import { say } from "./notices.js";

export function wireMenus({ runner, structure, task, saver, grader, book }) {
  document.querySelectorAll(".bar .menu").forEach(tendMenu);
  const on = (id, act) =>
    byId(id)?.addEventListener("click", (event) => {
      event.currentTarget.closest(".menu")?.removeAttribute("open");
      act(event);
    });
  on("run-all", () => runner.runAll());
  on("stop", () => runner.stop());
  on("restart", () => runner.restartAnd());
  on("restart-all", () => runner.restartAnd(() => runner.runAll()));
  on("reset-all", () => structure.resetAll());
  on("give-up", () => task.giveUp());
  on("show-keys", () => showKeys());
  on("add-code", () => structure.add(null, "code"));
  on("add-text", () => structure.add(null, "markdown"));
  on("download", (event) => downloadSaved(event, saver));
  const hasCode = () => {
    byId("bench").classList.toggle("no-code", book.codeViews.length === 0);
  };
  hasCode();
  book.desk.onMade = () => queueMicrotask(hasCode);
  if (!grader.counts.visible && byId("check")) byId("check").hidden = true;
}

/** The file holds what is saved, so save first. */
async function downloadSaved(event, saver) {
  const { href } = event.currentTarget;
  event.preventDefault();
  await saver.flushAll().catch(() => say("Not everything is saved; the file holds the last saved state."));
  window.location.assign(href);
}
