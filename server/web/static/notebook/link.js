// Whether the server can be reached. When it cannot, tries again: after 2, 4, 8 ... 60 seconds, or when asked to.

import { act, banner, dropBanner, say } from "./notices.js";
import { clock } from "./words.js";

const FIRST_S = 2;
const LONGEST_S = 60;

/** Events: "lost", "back". */
export class Link extends EventTarget {
  /** `ping()` resolves when the server answers. */
  constructor(ping) {
    super();
    Object.assign(this, { ping, since: null, wait: FIRST_S, left: 0, timer: 0, trying: false });
    window.addEventListener("offline", () => this.lost());
    window.addEventListener("online", () => this.since && this.tryNow());
  }

  get offline() {
    return this.since !== null;
  }

  lost() {
    if (this.offline) return;
    this.since = new Date();
    this.wait = FIRST_S;
    this.dispatchEvent(new Event("lost"));
    say("No connection. Keep typing; your text is kept in this browser.");
    this.#countDown();
  }

  async tryNow() {
    if (this.trying || !this.offline) return;
    this.trying = true;
    clearInterval(this.timer);
    try {
      await this.ping();
      this.#found();
    } catch (trouble) {
      if (trouble.kind === "offline") this.#later();
      else this.#found(); // it answered, if only with a refusal
    } finally {
      this.trying = false;
    }
  }

  #found() {
    this.since = null;
    dropBanner("link");
    say("The connection is back.");
    this.dispatchEvent(new Event("back"));
  }

  #later() {
    this.wait = Math.min(this.wait * 2, LONGEST_S);
    this.#countDown();
  }

  #countDown() {
    this.left = this.wait;
    clearInterval(this.timer);
    this.#draw();
    this.timer = setInterval(() => {
      this.left -= 1;
      if (this.left <= 0) this.tryNow();
      else this.seconds.textContent = String(this.left);
    }, 1000);
  }

  #draw() {
    this.seconds = document.createElement("span");
    this.seconds.textContent = String(this.left);
    const rest = document.createElement("span");
    // The seconds count down in silence: a live region that changes every second cannot be listened to.
    rest.setAttribute("aria-live", "off");
    rest.append("Next try in ", this.seconds, " s.");
    const node = banner("link", {
      tone: "warn",
      title: `No connection since ${clock(this.since)}.`,
      text: "Keep typing: every change is kept in this browser and sent when the connection returns. Running and checking wait until then.",
      acts: [act("Try now", () => this.tryNow())],
    });
    node.querySelector("div").append(" ", rest);
  }
}
