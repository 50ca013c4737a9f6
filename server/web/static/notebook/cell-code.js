// A code cell: locked and given, an answer, or one of the person's own.

import { article, codeMenu, headingOf, nameOf, runButton } from "./cell-parts.js";
import { allow, fromServer, h } from "./dom.js";
import { Outputs } from "./outputs.js";
import { ownLine } from "./traceback.js";
import { duration } from "./words.js";

const narrow = matchMedia("(width < 64rem)");

export class CodeView {
  constructor(cell, desk) {
    Object.assign(this, { cell, desk, editor: null, position: 0 });
    this.outputs = new Outputs({ label: () => `cell ${this.position}`, nonce: desk.nonce, render: desk.render });
    this.#build();
    this.outputs.load(cell.outputs);
    this.#showCount();
    cell.addEventListener("adopted", () => this.#adopt());
  }

  #build() {
    const { cell, desk } = this;
    const kind = { setup: "given", answer: "answer" }[cell.role] ?? "";
    this.node = article(cell, kind);
    this.prompt = h("span", { class: "prompt", "aria-hidden": "true" });
    this.run = runButton(() => desk.acts.run(this));
    this.state = h("span", { class: "run-state" });
    this.code = h("pre", { class: cell.locked ? "code" : "code numbered waiting", tabindex: "0" });
    const acts = h("span", { class: "cell-acts" }, this.state, this.run, codeMenu(cell, this, desk.acts));
    this.node.append(this.prompt, h("header", {}, headingOf(cell), acts), this.code, this.outputs.node);
    this.#showStatic();
    if (!cell.locked) this.#openWhenSeen();
  }

  /** Readable before the editor is there, and for good when the cell is locked. */
  #showStatic() {
    const code = h("code", {});
    if (this.cell.code_html && this.cell.locked) code.append(fromServer(this.cell.code_html));
    else code.append(...this.cell.source.split("\n").map((line) => h("span", { class: "line" }, line)));
    this.code.replaceChildren(code);
    if (!this.cell.locked || !this.cell.code_html)
      this.desk
        .editors()
        .then(({ paint }) => this.#paint(paint, code))
        .catch(() => undefined);
  }

  #paint(paint, code) {
    if (!code.isConnected || this.editor) return;
    code.replaceChildren(...paint(this.cell.source));
  }

  #openWhenSeen() {
    this.desk.whenNear(this.node, () => this.open());
    for (const event of ["pointerdown", "focus"]) this.code.addEventListener(event, () => this.focus(), { once: true });
  }

  async open() {
    if (this.editor || this.cell.locked) return;
    const { openEditor } = await this.desk.editors();
    if (this.editor) return;
    const place = h("div", { class: "code editor" });
    this.code.replaceWith(place);
    this.code = place;
    this.editor = openEditor({
      parent: this.code,
      source: this.cell.source,
      label: this.#editorLabel(),
      nonce: this.desk.nonce,
      complete: this.desk.complete,
      inspect: this.desk.inspect,
      wrap: narrow.matches,
      onChange: (text) => this.#typed(text),
      onBlur: () => this.desk.saver.flush(this.cell).catch(() => undefined),
    });
    narrow.addEventListener("change", () => this.editor?.wrap(narrow.matches));
  }

  #typed(text) {
    this.cell.write(text);
    this.editor.flag(null);
  }

  #adopt() {
    if (this.editor) this.editor.replace(this.cell.source);
    else this.#showStatic();
  }

  #editorLabel() {
    return `${nameOf(this.cell, this.position)}, code. Escape then Tab leaves the editor.`;
  }

  setPosition(position) {
    this.position = position;
    this.node.setAttribute("aria-label", nameOf(this.cell, position));
    this.run.setAttribute("aria-label", `Run cell ${position}`);
    this.editor?.label(this.#editorLabel());
  }

  async focus(line = null) {
    if (this.cell.locked) return this.node.focus();
    await this.open();
    if (line) this.editor.goToLine(line);
    else this.editor.focus();
    return this.node.scrollIntoView({ block: "nearest" });
  }

  /** What the kernel knows of the name at the cursor; also for those who have no Shift key. */
  async lookUp() {
    await this.focus();
    this.editor?.lookUp();
  }

  // ---- running

  waitForTurn(words = "Waits for its turn") {
    clearInterval(this.ticking);
    this.ticking = null;
    this.node.classList.remove("running");
    this.prompt.textContent = "[*]";
    this.state.replaceChildren(h("span", { class: "status" }, words));
    this.run.hidden = true;
  }

  begin() {
    this.outputs.clear();
    this.editor?.flag(null);
    this.editor?.quiet();
    this.resume();
  }

  /** Shows that it runs, and after three seconds for how long. */
  resume() {
    this.prompt.textContent = "[*]";
    this.node.classList.add("running");
    this.run.hidden = true;
    const since = Date.now();
    const status = h("span", { class: "status busy" }, "Running");
    this.state.replaceChildren(status);
    const limit = this.desk.limits?.cell_seconds;
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      const passed = (Date.now() - since) / 1000;
      if (passed > 3) status.textContent = `Running ${duration(Math.floor(passed))}${limit ? `, limit ${duration(limit)}` : ""}`;
    }, 500);
  }

  take(event) {
    if (event.t === "queued") this.waitForTurn("Waits for a kernel");
    if (event.t === "started" && !this.ticking) this.resume(); // its time counts from here
    if (event.t === "started" && event.count) this.cell.count = event.count;
    if (event.t === "done" && event.count) this.cell.count = event.count;
    if (event.t === "error") this.error = event;
    this.outputs.take(event);
  }

  end(done = null) {
    clearInterval(this.ticking);
    this.outputs.flush();
    this.node.classList.remove("running");
    this.run.hidden = false;
    this.state.replaceChildren();
    this.#showCount();
    if (done?.status === "ok" && done.seconds >= 3) this.state.append(h("span", { class: "quiet-text" }, duration(done.seconds)));
    if (done?.status === "interrupted") this.state.append(h("span", { class: "status" }, "Stopped"));
    if (done?.status === "timed_out") this.state.append(h("span", { class: "status failed" }, "Ran out of time"));
    this.#flagError();
  }

  #flagError() {
    const { error } = this;
    this.error = null;
    const line = error && ownLine(error.traceback, this.cell.count);
    if (line) this.editor?.flag(line, `${error.ename}: ${error.evalue}`);
  }

  forgetCount() {
    this.cell.count = null;
    this.#showCount();
  }

  reload(stored, count) {
    this.cell.count = count;
    this.outputs.load(stored);
    this.#showCount();
  }

  #showCount() {
    this.prompt.textContent = `[${this.cell.count ?? " "}]`;
  }

  allowRun(allowed, reason) {
    allow(this.run, allowed, reason);
  }

  close() {
    clearInterval(this.ticking);
    this.editor?.close();
    this.node.remove();
  }
}
