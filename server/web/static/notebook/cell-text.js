// Text of the exercise, and the person's own notes in Markdown.

import { article, codeMenu, headingOf, nameOf } from "./cell-parts.js";
import { freshId, fromServer, h } from "./dom.js";
import { complain } from "./notices.js";

export class TextView {
  constructor(cell) {
    this.cell = cell;
    this.node = article(cell, "text");
    this.node.append(h("div", { class: "prose" }, fromServer(cell.html)));
  }

  setPosition(position) {
    this.node.setAttribute("aria-label", nameOf(this.cell, position));
  }

  focus() {
    this.node.focus();
  }

  close() {
    this.node.remove();
  }
}

/** A note is shown as it reads, and opened for writing. */
export class NoteView {
  constructor(cell, desk) {
    Object.assign(this, { cell, desk, position: 0 });
    this.node = article(cell, "note-cell");
    this.edit = h("button", { class: "button plain small", type: "button", onclick: () => this.toggle() });
    this.shown = h("div", { class: "written prose", ondblclick: () => this.focus() });
    this.#buildField();
    this.node.append(
      h("header", {}, headingOf(cell), h("span", { class: "cell-acts" }, this.edit, codeMenu(cell, this, desk.acts))),
      this.shown,
      this.field,
    );
    this.shown.append(fromServer(cell.html));
    this.#open(cell.source.trim() === "");
    cell.addEventListener("adopted", () => this.#adopt());
  }

  #buildField() {
    const id = freshId("note");
    this.area = h("textarea", { class: "input full growing", id, rows: "3", value: this.cell.source });
    this.label = h("label", { class: "unseen", htmlFor: id }, "Note, Markdown");
    this.area.addEventListener("input", () => this.cell.write(this.area.value));
    this.area.addEventListener("blur", () => this.desk.saver.flush(this.cell).catch(() => undefined));
    this.field = h("div", { class: "written" }, this.label, this.area);
  }

  #adopt() {
    this.area.value = this.cell.source;
    if (!this.writing) this.#render();
  }

  setPosition(position) {
    this.position = position;
    this.node.setAttribute("aria-label", nameOf(this.cell, position));
    this.label.textContent = `Note in cell ${position}, Markdown`;
  }

  #open(writing) {
    this.writing = writing;
    this.field.hidden = !writing;
    this.shown.hidden = writing;
    this.edit.textContent = writing ? "Done" : "Edit";
  }

  toggle() {
    return this.writing ? this.finish() : this.focus();
  }

  async finish() {
    this.#open(false);
    await this.#render();
  }

  async #render() {
    try {
      this.shown.replaceChildren(fromServer(await this.desk.render(this.cell.source)));
    } catch (trouble) {
      this.shown.replaceChildren(h("pre", {}, this.cell.source));
      if (trouble.kind !== "offline") complain(trouble, "The note could not be laid out.");
    }
    if (!this.cell.source.trim()) this.shown.append(h("p", { class: "quiet-text" }, "An empty note."));
    await this.desk.saver.flush(this.cell).catch(() => undefined);
  }

  focus() {
    this.#open(true);
    this.area.focus();
  }

  close() {
    this.node.remove();
  }
}
