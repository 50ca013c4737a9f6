// A task of a take-home: the server's clock, its announcements, and what happens when time is up.
// Between two answers of the server the page counts on by itself, with a clock that nobody can set.

import { byId } from "./dom.js";
import { act, banner, dropBanner, hasBanner, note, say } from "./notices.js";
import { hideable } from "./timer.js";
import { clock, stopwatch } from "./words.js";

const ASK_MS = 20_000;
const SOON_MS = 1_500;
const ANNOUNCED = [30, 10, 5, 1]; // minutes

export function mountSitting({ link, saver }, { clock, clock_url: address }) {
  const sitting = new Sitting({ link, saver, address });
  sitting.take(clock);
  setInterval(() => sitting.tick(), 1000);
  setInterval(() => sitting.ask(), ASK_MS);
  link.addEventListener("back", () => sitting.ask());
  document.addEventListener("visibilitychange", () => document.hidden || sitting.ask());
  for (const other of document.querySelectorAll("#hand-in, #task-list a")) other.addEventListener("click", (event) => sitting.go(event));
}

class Sitting {
  constructor(parts) {
    Object.assign(this, parts, { told: null, over: false });
    this.place = byId("time-left");
    hideable({ place: this.place, button: byId("hide-clock"), key: "touchstone:clock-hidden", what: "the time left" });
  }

  /** Milliseconds that are left, by the server's last answer and the time that has passed here since. */
  get left() {
    return Math.max(0, this.leftThen - (performance.now() - this.at));
  }

  take(clock) {
    Object.assign(this, { clock, leftThen: clock.left_ms, at: performance.now() });
    if (clock.phase === "handed_in" || clock.phase === "withdrawn") return this.leave();
    this.told ??= ANNOUNCED.filter((minute) => this.left <= (minute - 1) * 60_000);
    this.told = this.told.filter((minute) => this.left <= minute * 60_000); // minutes were given: they run out once more
    if (this.over && this.left > SOON_MS) this.#goOn();
    return this.tick();
  }

  async ask() {
    if (this.link.offline) return;
    try {
      const answer = await fetch(this.address, { headers: { Accept: "application/json" }, credentials: "same-origin" });
      if (answer.ok) this.take(await answer.json());
    } catch {
      this.link.lost();
    }
  }

  tick() {
    const running = this.clock.phase === "running";
    const seconds = Math.ceil(this.left / 1000);
    this.place.textContent = running || this.over ? `${stopwatch(seconds)} left` : "Clock stands still";
    this.place.dateTime = `PT${seconds}S`;
    this.place.classList.toggle("low", seconds <= 600);
    if (!running) return this.clock.phase === "paused" ? this.#paused() : this.#timeUp();
    dropBanner("paused");
    this.#announce();
    if (this.left === 0) this.#timeUp();
    return undefined;
  }

  #announce() {
    const minute = ANNOUNCED.findLast((each) => this.left <= each * 60_000 && this.left > 0);
    if (!minute || this.told.includes(minute)) return;
    this.told.push(...ANNOUNCED.filter((each) => each >= minute && !this.told.includes(each)));
    const title = `${minute} ${minute === 1 ? "minute" : "minutes"} left.`;
    const until = clock(this.clock.ends);
    const text = `Everything is saved as you write; at ${until} the last saved state is handed in.`;
    banner("clock", { tone: "warn", title, text, acts: [act("Dismiss", () => dropBanner("clock"))] });
    say(title);
  }

  #paused() {
    if (hasBanner("paused")) return;
    banner("paused", { tone: "warn", title: "The clock stands still.", text: "So does the notebook; it goes on where it stopped." });
  }

  /** What is typed here is sent once more; whatever the server has by the end is what counts. */
  #timeUp() {
    if (this.over) return;
    this.over = true;
    banner("clock", { tone: "warn", title: "Time is up.", text: "The last saved state is being handed in." });
    say("Time is up. The last saved state is being handed in.");
    const again = setInterval(() => this.ask(), SOON_MS);
    this.saver.flushAll().catch(() => undefined);
    this.stop = () => clearInterval(again);
  }

  /** Time was up by the clock of this page alone: the server's stood still meanwhile, or minutes were given. */
  #goOn() {
    this.over = false;
    this.stop();
    dropBanner("clock");
    say("The clock was set anew. You can go on.");
  }

  /** Another page of the take-home shows what is saved, so save first; and without a connection there is no other page. */
  async go(event) {
    event.preventDefault();
    const { href } = event.currentTarget;
    await this.saver.flushAll().catch(() => say("Not everything is saved. It stays in this browser."));
    await this.ask();
    if (this.link.offline) note("There is no connection. Stay here: what you write is kept, and the other page opens when it is back.");
    else window.location.assign(href);
  }

  leave() {
    this.stop?.();
    window.location.assign(this.clock.next);
  }
}
