// What the page knows of one cell: what stands in it, what the server holds, and whether the two are the same.

export class Cell extends EventTarget {
  constructor(data) {
    super();
    const { source, version, ...rest } = data;
    Object.assign(this, rest, { source, version, saved: source, conflict: null, sent: new Set() });
  }

  /** Not known to be saved. `sent` are texts that the server may have or not: their answers have not come. */
  get dirty() {
    return this.source !== this.saved || this.sent.size > 0;
  }

  get runs() {
    return this.type === "code" && this.role !== "question";
  }

  get own() {
    return this.role === "own";
  }

  get graded() {
    return this.role === "answer" || this.role === "question";
  }

  get attempted() {
    return this.role === "question" ? this.source.trim() !== "" : this.source.trim() !== (this.starter ?? "").trim();
  }

  /** The person typed. */
  write(text) {
    if (text === this.source) return;
    this.source = text;
    this.dispatchEvent(new Event("written"));
  }

  /** The server's text takes the place of what stands here. */
  adopt(source, version) {
    const changed = source !== this.source;
    Object.assign(this, { source, conflict: null });
    this.confirm(source, version);
    if (changed) this.dispatchEvent(new Event("adopted"));
  }

  /** The server has `source` as `version`; what was typed since stays. */
  confirm(source, version) {
    Object.assign(this, { saved: source, version, sent: new Set() });
  }
}
