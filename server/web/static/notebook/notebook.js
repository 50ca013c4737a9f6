// The notebook page: reads the state that the server laid into it and puts the parts together.

import { Api } from "./api.js";
import { Book } from "./book.js";
import { tendMenu } from "./cell-parts.js";
import { conflictPanel } from "./conflict.js";
import { showKeys } from "./dialogs.js";
import { byId } from "./dom.js";
import { Drafts } from "./drafts.js";
import { Grader } from "./grader.js";
import { Kernel } from "./kernel.js";
import { mountKeys } from "./keys.js";
import { Link } from "./link.js";
import { note, say } from "./notices.js";
import { recoverDrafts, rescueGoneCells } from "./recovery.js";
import { focusRegion, mountDividers, showRegion } from "./regions.js";
import { Results } from "./results.js";
import { Runner } from "./runner.js";
import { Saver } from "./saver.js";
import { mountScrollers } from "./scrollers.js";
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
  wireCells(page);
  wireGrading(page);
  mountKeys(keyActs(page));
  mountTimer(state.id, state.seconds);
  recoverDrafts(page);
  rescueGoneCells(page);
  takeUpWhatRuns(page, state);
  showEarlierResults(page, state);
  page.runner.show();
  page.saver.show();
  byId("bench").dataset.ready = "yes";
}

/** Makes the parts and gives each the others that it needs. */
function build(state) {
  const bench = byId("bench");
  const api = new Api(state.urls?.workspace ?? `/workspaces/${state.id}`, document.querySelector("meta[name=csrf]")?.content ?? "");
  const link = new Link(() => api.get("/kernel"));
  const drafts = new Drafts(state.id);
  const desk = makeDesk(api, state);
  const book = new Book(byId("cells"), desk);
  const saver = new Saver({ api, book, drafts, link, badge: byId("saved") });
  const kernel = new Kernel({ api, link, state: state.kernel });
  const structure = new Structure({ api, book, saver, link });
  const page = { api, link, drafts, desk, book, saver, kernel, structure };
  page.runner = new Runner({ api, book, saver, kernel, link });
  page.sync = new Sync({ ...page, runner: page.runner });
  page.grader = new Grader({ api, book, saver, link, counts: { visible: Number(bench.dataset.visible), hidden: Number(bench.dataset.hidden) } });
  page.task = new TaskRegion({ api, state, showOld: (result) => showOld(page, result), gaveUp: ({ result }) => result && takeResult(page, result) });
  page.results = new Results(resultActs(page));
  Object.assign(desk, { saver, acts: cellActs(page), complete: namesFromKernel(api, kernel), markedItself: (question, marks) => takeMarks(page, question, marks) });
  return page;
}

/** What every cell may use. */
function makeDesk(api, state) {
  let loading = null;
  const near = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      near.unobserve(target);
      target.whenNear();
    }
  }, { rootMargin: "600px" });
  return {
    api,
    limits: state.limits,
    nonce: document.querySelector("script[nonce]")?.nonce ?? "",
    editors: () => (loading ??= import("./editor.js")),
    render: async (source) => (await api.post("/render", { source })).html,
    whenNear: (node, act) => { node.whenNear = act; near.observe(node); },
  };
}

/** Completion is a help: without an answer the editor offers the names that it knows itself. */
function namesFromKernel(api, kernel) {
  return async (code, cursor) => {
    if (kernel.state.state !== "idle") return [];
    const { matches } = await api.post("/complete", { code, cursor }).catch(() => ({ matches: [] }));
    return matches;
  };
}

function cellActs({ structure, runner }) {
  return {
    run: (view) => runner.run(view),
    runTo: (view) => runner.runTo(view),
    add: (view, type) => structure.add(view, type),
    remove: (view) => structure.remove(view),
    move: (view, step) => structure.move(view, step),
    reset: (view) => structure.reset(view),
  };
}

function resultActs(page) {
  const goTo = (cellId) => {
    showRegion("notebook");
    page.book.view(cellId)?.focus();
  };
  return {
    goTo,
    questionCell: (name) => page.book.questionViews.find(({ cell }) => cell.question.name === name)?.cell,
    again: () => page.grader.check(),
    explain: () => { showRegion("task"); page.task.open("explanation"); byId("explanation").focus(); },
    cellNumber: (cellId, what) => numberOf(page.book, cellId, what),
  };
}

function numberOf(book, cellId, what) {
  const views = what === "question" ? book.questionViews : book.views;
  return views.findIndex(({ cell }) => cell.id === cellId) + 1;
}

function wireMenus({ runner, structure, task, saver, grader, book }) {
  document.querySelectorAll(".bar .menu").forEach(tendMenu);
  const on = (id, act) => byId(id)?.addEventListener("click", (event) => {
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
  const hasCode = () => { byId("bench").classList.toggle("no-code", book.codeViews.length === 0); };
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

function wireCells({ saver, structure, results }) {
  saver.addEventListener("conflict", ({ detail: { cell, theirs } }) => showConflict({ cell, theirs, saver, structure }));
  saver.addEventListener("saved", ({ detail: { cell } }) => cell.graded && results.markStale());
}

function showConflict({ cell, theirs, saver, structure }) {
  const view = structure.book.view(cell.id);
  const panel = conflictPanel({
    view, theirs, canKeepBoth: cell.role !== "question",
    choose: async (what) => {
      if (what === "both" && !(await structure.add(view, cell.type, theirs.source))) return;
      panel.remove();
      settle({ cell, theirs, saver, what });
      view.focus();
    },
  });
  view.node.querySelector(".conflict")?.remove();
  cell.addEventListener("adopted", () => panel.remove(), { once: true });
  view.node.querySelector("header").after(panel);
}

function settle({ cell, theirs, saver, what }) {
  const mine = cell.source;
  cell.conflict = null;
  cell.confirm(theirs.source, theirs.version);
  if (what === "theirs") {
    cell.adopt(theirs.source, theirs.version);
    saver.drafts.drop(cell.id);
    note("The other version is taken.", () => { cell.write(mine); cell.dispatchEvent(new Event("adopted")); });
  }
  saver.flush(cell).catch(() => undefined);
  saver.show();
}

function wireGrading(page) {
  const { grader, results, sync, task } = page;
  grader.addEventListener("graded", async ({ detail: { result } }) => {
    takeResult(page, result, { focus: true });
    const state = await sync.refresh();
    if (result.kind === "submit" && state?.explanation) results.offerExplanation(state.solved ? "Solved. The explanation is open now." : "The explanation is open.");
    task.loadHistory();
  });
  sync.addEventListener("state", ({ detail: { state } }) => task.take(state));
}

function takeResult(page, result, { focus = false } = {}) {
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

function showOld({ results }, result) {
  showRegion("panel");
  results.show(result, { focus: true, old: true });
}

/** Marks given in one question are known to the panel and to the next drawing of the result. */
function takeMarks({ results }, question, marks) {
  const { shown } = results;
  if (!shown || shown.kind !== "submit") return;
  shown.self_marks = { ...shown.self_marks, [question]: marks };
  results.show(shown);
}

function showEarlierResults(page, state) {
  const known = [state.result, state.check].filter(Boolean).sort((a, b) => new Date(a.at) - new Date(b.at));
  known.forEach((result) => showInQuestions(page, result));
  page.results.show(known.at(-1) ?? null);
}

/** A reload in the middle of a run or of a check: say so, and go on from there. */
async function takeUpWhatRuns({ kernel, book, grader, task }, state) {
  if (kernel.busy) {
    book.view(state.running)?.resume?.();
    kernel.watchUntilIdle();
  } else if (state.kernel.state === "died") kernel.tellDeath();
  else kernel.set(state.kernel);
  const history = await task.loadHistory();
  const open = history.find(({ state: now }) => now === "queued" || now === "running");
  if (open) grader.resume(open);
}

function keyActs({ book, runner, grader, task, structure, kernel }) {
  const current = () => book.current;
  const runHere = () => current()?.cell.runs && runner.run(current());
  return {
    run: () => { const view = current(); if (view?.toggle && view.writing) view.finish(); else runHere(); },
    runAndNext: () => runAndNext({ book, runner, structure }),
    check: () => grader.check(),
    submit: () => grader.submit(),
    stop: () => kernel.busy && runner.stop(),
    hint: () => { focusRegion("task"); task.nextHint(); },
    addBelow: () => structure.add(current(), "code"),
    removeCurrent: () => (current()?.cell.own ? structure.remove(current()) : say("Only cells that you added can be deleted.")),
    moveCurrent: (step) => (current()?.cell.own ? structure.move(current(), step) : say("Only cells that you added can be moved.")),
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
