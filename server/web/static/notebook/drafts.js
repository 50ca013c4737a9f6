// Text that is not saved on the server yet is kept in this browser, so that neither a crash nor a lost connection costs it.

export class Drafts {
  constructor(workspace, storage = safeStorage()) {
    Object.assign(this, { prefix: `touchstone:draft:${workspace}:`, storage });
  }

  /** False when this browser keeps nothing (private mode, full): then the page asks before it is closed. */
  keep(cell, now = Date.now()) {
    const draft = { source: cell.source, base: cell.version, sent: [...cell.sent], type: cell.type, at: now };
    try {
      this.storage.setItem(this.prefix + cell.id, JSON.stringify(draft));
      return true;
    } catch {
      return false;
    }
  }

  drop(cellId) {
    this.storage?.removeItem(this.prefix + cellId);
  }

  /** [[cell id, {source, base, sent, type, at}], ...] */
  all() {
    const keys = Object.keys(this.storage ?? {}).filter((key) => key.startsWith(this.prefix));
    return keys.map((key) => [key.slice(this.prefix.length), parse(this.storage.getItem(key))]).filter(([, draft]) => draft);
  }
}

/** What a draft found at the start of the page means for a cell. */
export function judge(draft, cell) {
  if (!cell) return "orphan";
  if (draft.source === cell.source) return "same";
  return draft.base === cell.version || draft.sent?.includes(cell.source) ? "newer" : "conflict";
}

function parse(text) {
  try {
    const draft = JSON.parse(text);
    return typeof draft?.source === "string" ? draft : null;
  } catch {
    return null;
  }
}

export function safeStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
