// Which lines of two texts differ: the longest common subsequence, lines as units.

const MOST_LINES = 600;

export function compare(mine, theirs) {
  const [a, b] = [mine.split("\n"), theirs.split("\n")];
  const same = a.length > MOST_LINES || b.length > MOST_LINES ? [new Set(), new Set()] : common(a, b);
  const marked = (lines, kept) => lines.map((text, i) => ({ text, differs: !kept.has(i) }));
  return { mine: marked(a, same[0]), theirs: marked(b, same[1]) };
}

/** The line numbers of a longest common subsequence, in `a` and in `b`. */
function common(a, b) {
  const lengths = table(a, b);
  const [inA, inB] = [new Set(), new Set()];
  let [i, j] = [0, 0];
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      inA.add(i++);
      inB.add(j++);
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  return [inA, inB];
}

function table(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}
