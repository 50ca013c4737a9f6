// Check and Submit: saves everything, hands it over once, and waits for the result.

import { ask } from "./dialogs.js";
import { allow, byId, h } from "./dom.js";
import { act, banner, complain, dropBanner, note, say } from "./notices.js";
import { count, duration } from "./words.js";

const LOOK_MS = [200, 200, 200, 300, 400, 600, 1000, 2000];
const SEND_TRIES = 4;

/** Events: "graded" { result }. */
export class Grader extends EventTarget {
  constructor({ api, book, saver, link, counts }) {
    super();
    Object.assign(this, { api, book, saver, link, counts, waiting: null });
    this.buttons = { check: byId("check"), submit: byId("submit") };
    this.buttons.check?.addEventListener("click", () => this.check());
    this.buttons.submit?.addEventListener("click", () => this.submit());
    link.addEventListener("lost", () => this.#show());
    link.addEventListener("back", () => this.#show());
  }

  check() {
    return this.buttons.check && !this.buttons.check.hidden ? this.#start("check") : undefined;
  }

  async submit() {
    if (!this.buttons.submit) return void byId("hand-in")?.click(); // a take-home is handed in as a whole
    if (!this.#mayStart()) return;
    const sure = await ask({ title: "Submit this notebook?", body: this.#whatIsGraded(), yes: "Submit" });
    if (sure) await this.#start("submit");
  }

  /** Goes on waiting for a submission that an earlier view of this page has started. */
  resume({ id, kind }) {
    if (!this.waiting) this.#waitFor(id, kind);
  }

  #mayStart() {
    if (this.link.offline) note("There is no connection. Checking waits until it returns.");
    else if (this.waiting) note("One is running already; its result comes first.");
    else return true;
    return false;
  }

  /** One click has one key, so that a request sent twice is graded once. */
  async #start(kind) {
    if (!this.#mayStart()) return;
    const request = newKey();
    this.#begin(kind);
    try {
      await this.saver.flushAll();
      const { submission } = await this.#send(kind, request);
      await this.#waitFor(submission, kind);
    } catch (trouble) {
      this.#failed(kind, trouble);
    }
  }

  async #waitFor(id, kind) {
    try {
      await this.#follow(id, kind);
    } catch (trouble) {
      this.#end();
      complain(trouble, "The result could not be fetched. It is kept; the history shows it later.");
    }
  }

  async #send(kind, request, tries = 1) {
    try {
      return await this.api.post(`/${kind}`, { request });
    } catch (trouble) {
      if (trouble.kind !== "offline" || tries >= SEND_TRIES) throw trouble;
      await pause(600 * 2 ** tries);
      return this.#send(kind, request, tries + 1);
    }
  }

  async #follow(id, kind) {
    this.#begin(kind);
    const since = Date.now();
    for (let look = 0, again = 0; ; look += 1) {
      await pause(Math.max(again, LOOK_MS[Math.min(look, LOOK_MS.length - 1)]));
      const found = await this.#look(id);
      again = found?.again_ms ?? 0;
      if (found?.state === "graded") return this.#graded(found.result);
      if (found?.state === "our_fault") return this.#ourFault(kind);
      this.#progress(kind, found, (Date.now() - since) / 1000);
    }
  }

  /** A lost connection does not lose the submission: keep asking. */
  async #look(id) {
    if (this.link.offline) return null;
    try {
      return await this.api.get(`/submissions/${id}`);
    } catch (trouble) {
      if (trouble.kind === "refused" && trouble.status !== 429) throw trouble;
      if (trouble.kind === "offline") this.link.lost();
      return null;
    }
  }

  #begin(kind) {
    this.waiting = kind;
    dropBanner("grading");
    this.#show();
    this.#tell(kind === "check" ? "Checking" : "Submitting");
  }

  #progress(kind, found, seconds) {
    const what = kind === "check" ? "Running the checks" : "Running the whole notebook";
    const time = seconds > 3 ? `, ${duration(Math.floor(seconds))}` : "";
    if (!found) return this.#tell("Waiting for the connection. What you handed over is safe.");
    if (found.state === "queued")
      return this.#tell(found.place ? `In the queue, place ${found.place}${time}` : `In the queue${time}`);
    return this.#tell(`${what}${time}`);
  }

  /** Seen at once; spoken only when the words before the seconds change. */
  #tell(text) {
    const place = byId("progress");
    place.hidden = false;
    place.querySelector(".status").textContent = text;
    const spoken = text.split(",")[0];
    if (spoken !== this.spoken) say(spoken);
    this.spoken = spoken;
  }

  #end() {
    this.waiting = null;
    this.spoken = null;
    byId("progress").hidden = true;
    this.#show();
  }

  #graded(result) {
    this.#end();
    this.dispatchEvent(new CustomEvent("graded", { detail: { result } }));
  }

  #ourFault(kind) {
    this.#end();
    banner("grading", {
      tone: "warn",
      title: "Our machinery failed, not your code.",
      text: "Nothing counts against you and your work is saved.",
      acts: [act(kind === "check" ? "Check again" : "Submit again", () => this.#start(kind), "primary")],
    });
  }

  #failed(kind, trouble) {
    this.#end();
    if (trouble.kind === "offline") this.link.lost();
    const what = kind === "check" ? "Nothing was checked." : "Nothing was submitted.";
    if (trouble.kind === "conflict")
      return complain({ sentence: "One cell has two versions. Choose one, then try again." }, what);
    return complain(trouble, what);
  }

  #show() {
    const reason = this.link.offline ? "Waits for the connection" : this.waiting ? "One is running already" : "";
    for (const [kind, button] of Object.entries(this.buttons)) {
      if (!button) continue;
      allow(button, !reason, reason);
      if (this.waiting === kind) button.setAttribute("aria-busy", "true");
      else button.removeAttribute("aria-busy");
    }
  }

  #whatIsGraded() {
    const rows = this.book.views.filter(({ cell }) => cell.graded).map((view) => gradedRow(view, this.latest));
    if (this.counts.hidden) rows.push(row(`${count(this.counts.hidden, "more check", "more checks")}`, "locked", "unseen"));
    return [
      h(
        "p",
        {},
        this.book.codeViews.length
          ? "It is run once from the top in a fresh kernel, then graded in a separate process. You can go on afterwards; every submission is kept."
          : "Your answers are graded as they stand. You can go on afterwards; every submission is kept.",
      ),
      h(
        "div",
        { class: "scrolls", tabindex: "0", role: "group", "aria-label": "What is graded" },
        h(
          "table",
          {},
          h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Graded"), h("th", { scope: "col" }, "State"))),
          h("tbody", {}, rows),
        ),
      ),
    ];
  }
}

function gradedRow({ cell, title }) {
  if (cell.role === "question")
    return row(
      `${title.textContent}: ${cell.title || cell.name}`,
      "",
      cell.attempted ? "answered" : "empty",
      cell.attempted && "tried",
    );
  return row(cell.title || cell.name, "", cell.attempted ? "written" : "not attempted", cell.attempted && "tried");
}

function row(name, tone, state, other = "") {
  return h("tr", {}, h("th", { scope: "row" }, name), h("td", {}, h("span", { class: `status ${tone || other || ""}` }, state)));
}

/** crypto.randomUUID() is missing on a plain http address that is not this machine. */
function newKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function pause(ms) {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
