// The cells on the page, in their order.

import { Cell } from "./cell.js";
import { CodeView } from "./cell-code.js";
import { QuestionView } from "./cell-question.js";
import { NoteView, TextView } from "./cell-text.js";

export class Book {
  constructor(place, desk) {
    Object.assign(this, { place, desk, views: [], opening: [] });
  }

  /** Text before the first other cell is the task; it stands in the region beside the notebook. */
  load(cells) {
    const first = cells.findIndex(({ role }) => role !== "text");
    this.opening = cells.slice(0, Math.max(first, 0)).map(({ id }) => id);
    this.views = cells.slice(Math.max(first, 0)).map((data) => this.#make(data));
    this.place.replaceChildren(...this.views.map(({ node }) => node));
    this.#renumber();
  }

  get cells() {
    return this.views.map(({ cell }) => cell);
  }

  get codeViews() {
    return this.views.filter(({ cell }) => cell.runs);
  }

  get questionViews() {
    return this.views.filter(({ cell }) => cell.role === "question");
  }

  has(cell) {
    return this.views.some((view) => view.cell === cell);
  }

  view(cellId) {
    return this.views.find(({ cell }) => cell.id === cellId);
  }

  /** The view that holds the focus, or the one that had it last. */
  get current() {
    const id = document.activeElement?.closest?.(".cell")?.id ?? this.lastFocused;
    return this.views.find(({ node }) => node.id === id) ?? null;
  }

  neighbour(view, step) {
    return this.views[this.views.indexOf(view) + step] ?? null;
  }

  /** The cell id that `view` stands after; null at the very top. */
  before(view) {
    return this.neighbour(view, -1)?.cell.id ?? this.opening.at(-1) ?? null;
  }

  insert(data, afterId) {
    const view = this.#make(data);
    this.#put(view, afterId);
    return view;
  }

  remove(view) {
    this.views = this.views.filter((one) => one !== view);
    view.close();
    this.#renumber();
  }

  move(view, afterId) {
    this.views = this.views.filter((one) => one !== view);
    this.#put(view, afterId);
  }

  /** Brings the cells into the order of the server. */
  arrange(ids) {
    const known = ids.map((id) => this.view(id)).filter(Boolean);
    const rest = this.views.filter((view) => !known.includes(view));
    if (known.concat(rest).every((view, i) => view === this.views[i])) return;
    this.views = known.concat(rest);
    this.place.append(...this.views.map(({ node }) => node));
    this.#renumber();
  }

  #put(view, afterId) {
    const at = this.views.findIndex(({ cell }) => cell.id === afterId) + 1;
    this.views.splice(at, 0, view);
    const next = this.views[at + 1];
    if (next) next.node.before(view.node);
    else this.place.append(view.node);
    this.#renumber();
  }

  #make(data) {
    const cell = new Cell(data);
    const view = new (viewFor(cell))(cell, this.desk);
    view.node.addEventListener("focusin", () => {
      this.lastFocused = view.node.id;
    });
    this.desk.saver.watch(cell);
    this.desk.onMade?.(view);
    return view;
  }

  #renumber() {
    let questions = 0;
    this.views.forEach((view, i) => {
      if (view.cell.role === "question") questions += 1;
      view.setPosition(i + 1, questions);
    });
  }
}

function viewFor(cell) {
  if (cell.role === "question") return QuestionView;
  if (cell.role === "text") return TextView;
  return cell.type === "markdown" ? NoteView : CodeView;
}
