// Reads a formula as it is typed and says in words what is missing. The server decides whether it is right.

const FUNCTIONS = new Set(["exp", "log", "sqrt", "sin", "cos", "tanh", "sigmoid", "abs", "log1p", "expm1"]);
const TOKEN = /\s*(?:(\d+\.?\d*(?:e[+-]?\d+)?|\.\d+(?:e[+-]?\d+)?)|([\p{L}_][\p{L}\p{N}_]*)|(\*\*|[-+*/()^,=]))/iuy;

class Unreadable extends Error {}

/** { ok, says }: an empty sentence when there is nothing to say. */
export function sayExpression(text) {
  if (!text.trim()) return { ok: true, says: "" };
  try {
    const names = new Set();
    const rest = sum(tokens(text), names);
    if (rest.length)
      throw new Unreadable(
        rest[0].text === ")"
          ? "There is one closing bracket too many."
          : `After a value comes an operator such as * or +, not "${rest[0].text}".`,
      );
    return { ok: true, says: names.size ? `A formula in ${[...names].sort().join(", ")}` : "A number without names" };
  } catch (trouble) {
    if (trouble instanceof Unreadable) return { ok: false, says: trouble.message };
    throw trouble;
  }
}

function tokens(text) {
  const found = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (!match) throw new Unreadable(`"${text.slice(start).trim()[0]}" cannot stand in a formula.`);
    found.push({ kind: match[1] ? "number" : match[2] ? "name" : "sign", text: match[1] ?? match[2] ?? match[3] });
  }
  return found;
}

function sum(rest, names) {
  rest = product(rest, names);
  while (rest[0]?.text === "+" || rest[0]?.text === "-") rest = product(rest.slice(1), names);
  return rest;
}

function product(rest, names) {
  rest = signed(rest, names);
  while (rest[0]?.text === "*" || rest[0]?.text === "/") rest = signed(rest.slice(1), names);
  return rest;
}

function signed(rest, names) {
  while (rest[0]?.text === "-" || rest[0]?.text === "+") rest = rest.slice(1);
  return power(rest, names);
}

function power(rest, names) {
  rest = atom(rest, names);
  if (rest[0]?.text === "^") throw new Unreadable("Write a power with **, as in x**2.");
  return rest[0]?.text === "**" ? signed(rest.slice(1), names) : rest;
}

function atom([first, ...rest], names) {
  if (!first) throw new Unreadable("The formula is not finished.");
  if (first.kind === "number") return rest;
  if (first.text === "(") return closed(sum(rest, names));
  if (first.text === "=") throw new Unreadable("Write only the right-hand side, without =.");
  if (first.kind === "sign") throw new Unreadable(`A value is missing before "${first.text}".`);
  if (rest[0]?.text === "(") return called(first.text, rest.slice(1), names);
  if (FUNCTIONS.has(first.text)) throw new Unreadable(`${first.text} needs brackets: ${first.text}(x)`);
  names.add(first.text);
  return rest;
}

function called(name, rest, names) {
  if (!FUNCTIONS.has(name))
    throw new Unreadable(`${name} is not a function here. Multiply with *. Functions: ${[...FUNCTIONS].join(" ")}.`);
  return closed(sum(rest, names));
}

function closed(rest) {
  if (rest[0]?.text === ",") throw new Unreadable("Functions take one value here.");
  if (rest[0]?.text !== ")") throw new Unreadable("A bracket is not closed.");
  return rest.slice(1);
}
