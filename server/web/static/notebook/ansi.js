// Terminal text: colours become classes, a carriage return goes back to the start of its line.

const COLOURS = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// eslint-disable-next-line no-control-regex
const ESCAPE = /\x1b(?:\[([0-9;:]*)([@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])/g;
// eslint-disable-next-line no-control-regex
const NEEDS_CARE = /[\x08\r\x1b]/;

/** What a terminal would show after "a\rb" and "ab\b". Escapes stay in place; they take no room. */
export function settle(text) {
  if (!/[\x08\r]/.test(text)) return text;
  return text.replaceAll(/\r+\n/g, "\n").split("\n").map(settleLine).join("\n");
}

function settleLine(line) {
  if (!/[\x08\r]/.test(line)) return line;
  const places = [];
  let at = 0;
  let waiting = "";
  for (const piece of line.match(new RegExp(`${ESCAPE.source}|[\\s\\S]`, "gu")) ?? []) {
    if (piece === "\r") at = 0;
    else if (piece === "\b") at = Math.max(0, at - 1);
    else if (/^\x1b\[[012]?K$/.test(piece)) places.length = Math.min(places.length, at);
    else if (piece.startsWith("\x1b")) waiting += piece;
    else {
      places[at] = waiting + piece;
      waiting = "";
      at += 1;
    }
  }
  // A return at the very end waits for the text that will overwrite this line.
  return places.join("") + waiting + (line.endsWith("\r") ? "\r" : "");
}

export function isPlain(text) {
  return !NEEDS_CARE.test(text);
}

/** The text as nodes: plain text, and spans with classes such as ansi-red-fg and ansi-bold. */
export function coloured(text) {
  const fragment = document.createDocumentFragment();
  let look = {};
  let last = 0;
  for (const match of text.matchAll(ESCAPE)) {
    put(fragment, text.slice(last, match.index), look);
    if (match[2] === "m") look = after(look, match[1]);
    last = match.index + match[0].length;
  }
  put(fragment, text.slice(last), look);
  return fragment;
}

export function withoutColours(text) {
  return text.replaceAll(ESCAPE, "");
}

function put(fragment, text, look) {
  const clean = text.replaceAll(/[\r\x08]/g, "");
  if (!clean) return;
  const classes = classesOf(look);
  if (!classes) return fragment.append(clean);
  const span = document.createElement("span");
  span.className = classes;
  span.textContent = clean;
  fragment.append(span);
}

function classesOf({ fg, bg, ...marks }) {
  const names = Object.keys(marks)
    .filter((name) => marks[name])
    .map((name) => `ansi-${name}`);
  if (fg) names.push(`ansi-${fg}-fg`);
  if (bg) names.push(`ansi-${bg}-bg`);
  return names.join(" ");
}

/** Select Graphic Rendition: what the look is after these codes. */
function after(look, codes) {
  const numbers = (codes || "0").split(/[;:]/).map(Number);
  const next = { ...look };
  while (numbers.length) step(next, numbers.shift(), numbers);
  return next;
}

const MARKS = { 1: "bold", 2: "faint", 3: "italic", 4: "underline", 7: "inverse", 9: "struck" };
const UNMARKS = { 22: ["bold", "faint"], 23: ["italic"], 24: ["underline"], 27: ["inverse"], 29: ["struck"] };

function step(look, code, rest) {
  if (code === 0) Object.keys(look).forEach((name) => delete look[name]);
  else if (MARKS[code]) look[MARKS[code]] = true;
  else if (UNMARKS[code]) UNMARKS[code].forEach((name) => delete look[name]);
  else if (code === 38 || code === 48) look[code === 38 ? "fg" : "bg"] = extended(rest);
  else if (code === 39) delete look.fg;
  else if (code === 49) delete look.bg;
  else if (inside(code, 30) || inside(code, 90)) look.fg = COLOURS[code % 10];
  else if (inside(code, 40) || inside(code, 100)) look.bg = COLOURS[code % 10];
}

function inside(code, start) {
  return code >= start && code < start + 8;
}

/** 256 colours and true colour are brought to the nearest of the eight, so that both themes stay readable. */
function extended(rest) {
  const kind = rest.shift();
  if (kind === 5) return nearest(...cube(rest.shift() ?? 0));
  if (kind === 2) return nearest(...rest.splice(0, 3));
  return undefined;
}

function cube(index) {
  if (index < 16) return [index & 1, index & 2, index & 4].map((bit) => (bit ? 255 : 0));
  if (index > 231) return Array(3).fill((index - 232) * 10 + 8);
  const level = (n) => (n ? n * 40 + 55 : 0);
  return [Math.floor((index - 16) / 36), Math.floor((index - 16) / 6) % 6, (index - 16) % 6].map(level);
}

function nearest(red = 0, green = 0, blue = 0) {
  const bright = Math.max(red, green, blue);
  const bit = (level) => (bright > 60 && level > bright * 0.6 ? 1 : 0);
  return COLOURS[bit(red) + 2 * bit(green) + 4 * bit(blue)];
}
