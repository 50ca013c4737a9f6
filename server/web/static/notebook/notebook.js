// The notebook page: reads the state that the server laid into it and puts the parts together.

import { Api } from "./api.js";
import { Book } from "./book.js";
import { cellActs, makeDesk, namesFromKernel } from "./desk.js";
import { byId } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Grader } from "./grader.js";
import { keyActs } from "./key-acts.js";
import { wireKernelNews } from "./kernel-news.js";
import { Kernel } from "./kernel.js";
import { mountKeys } from "./keys.js";
import { Link } from "./link.js";
import { lookUpInKernel } from "./look-up.js";
import { wireMenus } from "./menus.js";
import { recoverDrafts, rescueGoneCells } from "./recovery.js";
import { mountDividers } from "./regions.js";
import { Results } from "./results.js";
import { RunAgain } from "./run-again.js";
import { Runner } from "./runner.js";
import { Saver } from "./saver.js";
import { mountScrollers } from "./scrollers.js";
import { resultActs, showEarlierResults, showOld, takeMarks, takeResult, wireGrading } from "./show-results.js";
import { Structure } from "./structure.js";
import { Sync } from "./sync.js";
import { TaskRegion } from "./task.js";
import { mountTimer } from "./timer.js";

mountDividers();
mountScrollers();
start(JSON.parse(byId("workspace").textContent));

function start(state) {
  const page = build(state);
  page.book.load(state.cells);
  wireMenus(page);
  page.saver.addEventListener("conflict", ({ detail }) => showConflict(page, detail));
  wireGrading(page);
  wireKernelNews(page);
  mountKeys(keyActs(page));
  mountTimer(state.id, state.seconds);
  if (state.clock) import("./sitting.js").then(({ mountSitting }) => mountSitting(page, state));
  recoverDrafts(page);
  rescueGoneCells(page);
  takeUpWhatRuns(page, state);
  showEarlierResults(page, state);
  page.runner.show();
  page.saver.show();
  openButtons();
  byId("bench").dataset.ready = "yes";
}

/** The page is painted before its scripts are here; until then no button looks as if a press did something. */
function openButtons() {
  for (const part of document.querySelectorAll("#bench :disabled")) part.disabled = false;
}

/** Makes the parts and gives each the others that it needs. */
function build(state) {
  const bench = byId("bench");
  const api = new Api(state.urls.state, document.querySelector("meta[name=csrf]").content);
  const link = new Link(() => api.get("/kernel"));
  const drafts = new Drafts(state.id);
  const desk = makeDesk(api, state);
  const book = new Book(byId("cells"), desk);
  const saver = new Saver({ api, book, drafts, link, badge: byId("saved") });
  const kernel = new Kernel({ api, link, state: state.kernel });
  const structure = new Structure({ api, book, saver, link });
  const page = { api, link, drafts, desk, book, saver, kernel, structure };
  page.runner = new Runner({ api, book, saver, kernel, link });
  page.again = new RunAgain({ api, book, kernel, runner: page.runner });
  page.sync = new Sync({ ...page, runner: page.runner });
  page.grader = new Grader({
    api,
    book,
    saver,
    link,
    counts: { visible: Number(bench.dataset.visible), hidden: Number(bench.dataset.hidden) },
  });
  page.task = new TaskRegion({
    api,
    state,
    showOld: (result) => showOld(page, result),
    gaveUp: ({ result }) => result && takeResult(page, result),
  });
  page.results = new Results(resultActs(page));
  Object.assign(desk, {
    saver,
    acts: cellActs(page),
    complete: namesFromKernel(api, kernel),
    inspect: lookUpInKernel(api, kernel),
    markedItself: (question, marks) => takeMarks(page, question, marks),
  });
  return page;
}

/** A reload in the middle of a run or of a check: say so, and go on from there. */
async function takeUpWhatRuns({ kernel, book, grader, task }, state) {
  kernel.set(state.kernel);
  if (kernel.busy) {
    resume(kernel, book.view(state.running));
    kernel.watchUntilIdle();
  }
  const history = await task.loadHistory();
  const open = history.find(({ state: now }) => now === "queued" || now === "running");
  if (open) grader.resume(open);
}

/** A cell that waits for a kernel shows that it runs from when it does. */
function resume(kernel, view) {
  if (kernel.state.state !== "queued") return view?.resume?.();
  view?.waitForTurn?.("Waits for a kernel");
  const look = () => {
    if (kernel.state.state === "queued") return;
    kernel.removeEventListener("change", look);
    if (kernel.busy) view?.resume?.();
  };
  return kernel.addEventListener("change", look);
}

/** Loaded when it is needed, which is seldom. */
async function showConflict({ saver, structure }, { cell, theirs }) {
  const chooser = await import("./choose-version.js");
  chooser.showConflict({ cell, theirs, saver, structure });
}
