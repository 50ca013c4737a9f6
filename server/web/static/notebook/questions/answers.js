// The text of an answer, as it is stored in the cell: "B", "A, C", "A=effective, B=harmful", "A=2/5/9", "7, 12".

/** "A, C" -> ["A", "C"] */
export function readLetters(text) {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}

export function writeList(items) {
  return items.join(", ");
}

/** "A=effective, B=not, really" -> Map { A: "effective", B: "not, really" }; a comma inside a value is kept. */
export function readPairs(text) {
  const marks = [...text.matchAll(/(?:^|,)\s*([A-Z]+)\s*=/g)];
  return new Map(
    marks.map((mark, i) => {
      const end = i + 1 < marks.length ? marks[i + 1].index : text.length;
      return [mark[1], text.slice(mark.index + mark[0].length, end).trim()];
    }),
  );
}

export function writePairs(pairs) {
  return [...pairs]
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}=${value}`)
    .join(", ");
}

/** 0.25, 1/4, 1e-3, 25 % -> the number; null when it is none of these. */
export function readNumber(text) {
  const match =
    /^\s*([+-]?\s*(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*(?:\/\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*)?(%?)\s*$/i.exec(
      text.replaceAll("−", "-"),
    );
  if (!match) return null;
  const value = Number(match[1].replaceAll(/\s/g, "")) / (match[2] ? Number(match[2]) : 1) / (match[3] ? 100 : 1);
  return Number.isFinite(value) ? value : null;
}

/** What to say below the field while somebody types a number. */
export function sayNumber(text) {
  if (!text.trim()) return { ok: true, says: "" };
  const value = readNumber(text);
  if (value === null) return { ok: false, says: numberTrouble(text) };
  const plain = /^[+-]?\d+(\.\d+)?$/.test(text.trim());
  return { ok: true, says: plain ? "" : `Read as ${Number(value.toPrecision(6))}` };
}

function numberTrouble(text) {
  if (/^\s*[+-]?\d+,\d+\s*%?\s*$/.test(text)) return "Use a point, not a comma: 0.25";
  if (/\/\s*0+(\.0*)?\s*$/.test(text)) return "This divides by 0.";
  return "This is not read as a number. Write for example 0.25, 1/4, 1e-3 or 25 %.";
}
