// The outputs below one cell, drawn as they arrive.

import { coloured } from "./ansi.js";
import { fromServer, h } from "./dom.js";
import { fold } from "./fold.js";
import { frameNode } from "./frame.js";
import { tracebackNode } from "./traceback.js";

const PICTURES = ["image/svg+xml", "image/png", "image/jpeg", "image/gif"];

export class Outputs {
  /** `render(markdown)` asks the server for HTML; `label()` is "cell 3" as it is numbered now. */
  constructor({ label, nonce, render }) {
    Object.assign(this, { label, nonce, render, items: [], waiting: new Set(), frame: 0 });
    this.node = h("div", { class: "outputs", role: "group", hidden: true });
  }

  load(stored) {
    this.items = [];
    for (const event of stored ?? []) fold(this.items, event);
    this.#drawAll();
  }

  clear() {
    this.load([]);
  }

  take(event) {
    const { redraw, grown } = fold(this.items, event);
    if (redraw === "all") return this.#drawAll();
    if (grown !== undefined && this.#append(redraw[0], grown)) return undefined;
    redraw.forEach((index) => this.waiting.add(index));
    // Many updates of one progress bar between two pictures of the screen are drawn once.
    this.frame ||= requestAnimationFrame(() => this.flush());
    return undefined;
  }

  flush() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    for (const index of this.waiting) this.#draw(index);
    this.waiting.clear();
    this.#tidy();
  }

  #append(index, text) {
    const pre = this.node.children[index]?.querySelector("pre");
    if (!pre || this.waiting.has(index)) return false;
    const last = pre.lastChild;
    if (last?.nodeType === Node.TEXT_NODE && last.length < 4000) last.appendData(text);
    else pre.append(text);
    this.frame ||= requestAnimationFrame(() => this.flush());
    return true;
  }

  #drawAll() {
    this.waiting.clear();
    this.node.replaceChildren(...this.items.map((item) => this.#nodeOf(item)));
    this.#tidy();
  }

  #draw(index) {
    const item = this.items[index];
    if (!item) return;
    const node = this.#nodeOf(item);
    if (this.node.children[index]) this.node.children[index].replaceWith(node);
    else this.node.append(node);
  }

  #tidy() {
    this.node.hidden = this.items.length === 0;
    this.node.setAttribute("aria-label", `Output of ${this.label()}`);
  }

  #nodeOf(item) {
    if (item.t === "stream") return streamNode(item);
    if (item.t === "error") return tracebackNode(item);
    if (item.t === "limit" || item.t === "died") return noticeNode(item);
    return this.#bundle(item);
  }

  /** The richest form that can be shown safely. */
  #bundle({ data = {}, metadata = {} }) {
    const picture = PICTURES.find((mime) => data[mime]);
    if (picture) return pictureNode(picture, data, metadata, this.label());
    if (data["text/html"])
      return frameNode(joined(data["text/html"]), { label: `Table or text, output of ${this.label()}`, nonce: this.nonce });
    if (data["text/markdown"]) return this.#written(joined(data["text/markdown"]), data);
    if (data["text/latex"]) return this.#written(joined(data["text/latex"]), data);
    if (data["application/json"] !== undefined && !data["text/plain"])
      return textNode(JSON.stringify(data["application/json"], null, 2));
    return textNode(joined(data["text/plain"] ?? ""));
  }

  #written(markdown, data) {
    const node = textNode(joined(data["text/plain"] ?? markdown));
    this.render(markdown)
      .then((html) => {
        node.className = "output prose";
        node.replaceChildren(fromServer(html));
      })
      .catch(() => undefined); // the plain text is already there
    return node;
  }
}

function joined(text) {
  return Array.isArray(text) ? text.join("") : String(text);
}

function textNode(text) {
  const pre = h("pre", {});
  pre.append(coloured(text));
  return h("div", { class: "output" }, pre);
}

function streamNode({ name, text }) {
  const node = textNode(text);
  if (name === "stderr") {
    node.classList.add("stderr");
    node.prepend(h("span", { class: "unseen" }, "Warnings and errors: "));
  }
  return node;
}

function noticeNode({ t, sentence }) {
  return h("div", { class: "output" }, h("p", { class: `banner ${t === "died" ? "bad" : "warn"}` }, h("span", {}, sentence)));
}

function pictureNode(mime, data, metadata, label) {
  const raw = joined(data[mime]);
  const source =
    mime === "image/svg+xml"
      ? `data:${mime};charset=utf-8,${encodeURIComponent(raw)}`
      : `data:${mime};base64,${raw.replaceAll(/\s/g, "")}`;
  const size = metadata[mime] ?? {};
  const image = h("img", {
    class: "plate",
    src: source,
    alt: alternative(data, metadata, label),
    width: size.width,
    height: size.height,
  });
  return h("div", { class: "output" }, image);
}

/** What the author of the plot gave, else what it says of itself. */
function alternative(data, metadata, label) {
  if (metadata.alt) return metadata.alt;
  const figure = /Figure size (\d+)x(\d+) with (\d+) Axes?/.exec(joined(data["text/plain"] ?? ""));
  if (figure) return `Plot made by ${label}, ${figure[3] === "1" ? "one chart" : `${figure[3]} charts`}`;
  return `Picture made by ${label}`;
}
