// Talks to the server. Everything that goes wrong comes back as a Trouble with a sentence for the person.

const PATIENCE_MS = 30_000;
/** The code for a notebook that is not this browser's, or not any more. */
export const NOT_YOURS = "no_workspace";
const UNREACHABLE = new Set([502, 503, 504]);

/** kind: "offline" (not reached), "conflict" (another version is saved), "refused" (said no), "ours" (our fault). */
export class Trouble extends Error {
  constructor(kind, sentence, { code = "", status = 0, body = null } = {}) {
    super(sentence);
    Object.assign(this, { kind, sentence, code, status, body });
  }
}

const OFFLINE = "The server cannot be reached.";
const OURS = "Something failed on our side. Your text is kept; try again in a moment.";
const SIGNED_OUT = "You are signed out here. Your text is kept in this browser; sign in in another tab, then try again.";
const SOMEBODY_ELSE =
  "You are now working as somebody else in this browser. Sign in as before in another tab and try again, or open the exercise anew and copy your text.";

export class Api {
  constructor(base, token) {
    Object.assign(this, { base, token });
  }

  get(path) {
    return this.#json("GET", path);
  }

  post(path, body = {}, options = {}) {
    return this.#json("POST", path, body, options);
  }

  /** Posts and hands each line of the answer to `onEvent` as soon as it is there. */
  async stream(path, body, onEvent) {
    const response = await this.#answer("POST", path, body, { patience: null });
    if (!response.ok) throw await troubleOf(response);
    for await (const event of events(response.body)) onEvent(event);
  }

  /** The page's token belongs to the session; after signing in again in another tab there is a new one. */
  async #freshToken() {
    const response = await reach(window.location.pathname, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
    this.token = fresh.querySelector("meta[name=csrf]")?.content ?? this.token;
  }

  async #json(method, path, body, options) {
    const response = await this.#answer(method, path, body, options);
    if (!response.ok) throw await troubleOf(response);
    if (!response.headers.get("Content-Type")?.includes("json")) throw new Trouble("refused", SIGNED_OUT, { code: "signed_out" });
    return response.json();
  }

  /** An old token is no reason to fail: fetch the new one and ask once more. */
  async #answer(method, path, body, options = {}) {
    const response = await reach(this.base + path, this.#request(method, body, options));
    if (!(await isStaleToken(response))) return response;
    await this.#freshToken();
    return reach(this.base + path, this.#request(method, body, options));
  }

  #request(method, body, { keepalive = false, patience = PATIENCE_MS }) {
    const headers = { Accept: "application/json" };
    const signal = patience === null || keepalive ? undefined : AbortSignal.timeout(patience);
    if (method === "GET") return { method, headers, signal };
    Object.assign(headers, { "Content-Type": "application/json", "X-CSRFToken": this.token });
    return { method, headers, keepalive, signal, body: JSON.stringify(body) };
  }
}

async function reach(address, request) {
  try {
    return await fetch(address, { credentials: "same-origin", ...request });
  } catch {
    throw new Trouble("offline", OFFLINE);
  }
}

async function isStaleToken(response) {
  if (response.status !== 400 && response.status !== 403) return false;
  const body = await response
    .clone()
    .json()
    .catch(() => null);
  return ["form_expired", "csrf"].includes(body?.error?.code);
}

async function troubleOf(response) {
  const { status } = response;
  const body = await response.json().catch(() => null);
  const { code = "", sentence } = body?.error ?? {};
  if (status === 409 && body?.theirs)
    return new Trouble("conflict", sentence ?? "Another version is saved.", { code, status, body });
  if (UNREACHABLE.has(status) && !sentence) return new Trouble("offline", OFFLINE, { status });
  if (code === NOT_YOURS) return new Trouble("refused", SOMEBODY_ELSE, { code, status });
  if (status === 401) return new Trouble("refused", SIGNED_OUT, { code, status });
  if (status >= 500) return new Trouble("ours", sentence ?? OURS, { code, status, body });
  return new Trouble("refused", sentence ?? refusal(status), { code, status, body });
}

function refusal(status) {
  if (status === 403) return SIGNED_OUT;
  if (status === 404) return "This is not there any more. It may have been deleted in another tab.";
  if (status === 413) return "This is too long to save. Shorten it; the text stays here.";
  if (status === 429) return "Too many requests in a short time. Wait a moment and try again.";
  return OURS;
}

/** One object for each line; a connection that breaks off is a Trouble. */
async function* events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read().catch(brokeOff);
    if (done) break;
    const parts = (rest + value).split("\n");
    rest = parts.pop();
    yield* parts.filter((part) => part.trim()).map((part) => JSON.parse(part));
  }
  if (rest.trim()) brokeOff();
}

function brokeOff() {
  throw new Trouble("offline", "The connection broke while the cell was running.");
}
