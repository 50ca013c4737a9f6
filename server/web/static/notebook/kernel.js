// What the kernel is doing, as far as this page knows.

import { byId } from "./dom.js";
import { complain, say } from "./notices.js";
import { duration } from "./words.js";

const LOOK_MS = 1500;
const GLANCE_MS = 60_000; // a kernel that rests may be ended meanwhile

const WORDS = {
  none: ["", "Kernel not started"],
  starting: ["busy", "Kernel starting"],
  queued: ["busy", "Waiting for a kernel"],
  idle: ["passed", "Kernel ready"],
  busy: ["busy", "Kernel busy"],
  died: ["failed", "Kernel stopped"],
};

/** Events: "change"; "settled" when a run that this page did not follow has ended. */
export class Kernel extends EventTarget {
  constructor({ api, link, state }) {
    super();
    Object.assign(this, {
      api,
      link,
      state: state ?? { state: "none" },
      badge: byId("kernel"),
      busySince: null,
      following: false,
    });
    setInterval(() => this.#draw(), 500);
    setInterval(() => this.#glance(), GLANCE_MS);
    link.addEventListener("lost", () => this.#draw());
    link.addEventListener("back", () => this.look().then(() => this.watchUntilIdle()));
  }

  get busy() {
    return ["busy", "starting", "queued"].includes(this.state.state);
  }

  set(state) {
    const before = this.state.state;
    this.state = typeof state === "string" ? { state } : state;
    if (this.state.state !== "busy") this.busySince = null;
    else if (before !== "busy") this.busySince = Date.now();
    this.#draw();
    this.dispatchEvent(new Event("change"));
  }

  /** Asks the server; keeps asking while something runs that this page does not follow. */
  async look() {
    try {
      const { kernel } = await this.api.get("/kernel");
      if (this.following) return;
      const wasBusy = this.busy;
      this.set(kernel);
      if (wasBusy && !this.busy) this.dispatchEvent(new Event("settled"));
    } catch (trouble) {
      if (trouble.kind === "offline") this.link.lost();
    }
  }

  #glance() {
    if (this.state.state === "idle" && !document.hidden && !this.following && !this.link.offline) this.look();
  }

  /** After a reload or a broken connection in the middle of a run: look until the kernel is idle. */
  watchUntilIdle() {
    clearInterval(this.watching);
    this.watching = setInterval(() => {
      if (!this.busy || this.following) clearInterval(this.watching);
      else if (!this.link.offline) this.look();
    }, LOOK_MS);
  }

  async interrupt() {
    try {
      await this.api.post("/interrupt");
      say("Stopping");
    } catch (trouble) {
      complain(trouble, "The cell could not be stopped.");
    }
  }

  /** True when a fresh kernel is there. */
  async restart() {
    try {
      this.set("starting");
      const { kernel } = await this.api.post("/restart");
      this.set(kernel);
      say("The kernel was restarted. Variables are gone.");
      return true;
    } catch (trouble) {
      complain(trouble, "The kernel was not restarted.");
      if (trouble.kind === "offline") this.link.lost();
      this.set("none");
      return false;
    }
  }

  #draw() {
    const [tone, text] = this.#words();
    const name = `status ${tone}`;
    if (this.badge.className !== name) this.badge.className = name;
    if (this.badge.textContent !== text) this.badge.textContent = text;
  }

  #words() {
    if (this.link.offline) return ["", "Kernel unreachable"];
    const { state, place } = this.state;
    const [tone, text] = WORDS[state] ?? ["", `Kernel ${state}`];
    if (state === "queued" && place) return [tone, `${text}, place ${place}`];
    const seconds = this.busySince ? (Date.now() - this.busySince) / 1000 : 0;
    return state === "busy" && seconds > 3 ? [tone, `${text}, ${duration(Math.floor(seconds))}`] : [tone, text];
  }
}
