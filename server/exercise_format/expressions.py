"""Arithmetic that people type, evaluated by walking a short list of allowed syntax; nothing is ever compiled or run."""

import ast
import math
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

LONGEST = 400
MOST_NODES = 200

# Only these tokens reach Python's parser: no quotes, brackets or keywords that could surprise it.
TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w.])"
    r"|(?P<name>[^\W\d]\w*)"
    r"|(?P<sign>\*\*|[-+*/(),]))"
)
SPELLINGS = str.maketrans({"−": "-", "–": "-", "·": "*", "×": "*", "÷": "/", "^": "**", "π": " pi "})

CONSTANTS = {"pi": math.pi, "e": math.e}


def _sigmoid(value: float) -> float:
    return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "exp": math.exp,
    "log": math.log,
    "sqrt": math.sqrt,
    "sin": math.sin,
    "cos": math.cos,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "abs": abs,
    "log1p": math.log1p,
    "expm1": math.expm1,
}


class ExpressionError(ValueError):
    """What was typed is not an expression in the allowed names; the message says what is wrong."""


class Undefined(ValueError):
    """The expression has no finite real value at this point."""


@dataclass(frozen=True, slots=True)
class Parsed:
    tree: ast.expr
    names: frozenset[str]


def parse_expression(text: str, allowed: Collection[str]) -> Parsed:
    """Reads an expression in the allowed names, the constants and the functions."""
    tree = _tree(_cleaned(text))
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise ExpressionError("The expression is too long.")
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    used = {node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called}
    _check_nodes(nodes)
    unknown = sorted(used - set(allowed) - set(CONSTANTS))
    if unknown:
        known = ", ".join(sorted(allowed)) or "numbers only"
        raise ExpressionError(f"`{unknown[0]}` is not known here; use {known}.")
    return Parsed(tree, frozenset(used & set(allowed)))


def _cleaned(text: str) -> str:
    """The text in Python's spelling, token by token."""
    if len(text) > LONGEST:
        raise ExpressionError(f"The expression is longer than {LONGEST} characters.")
    text = text.translate(SPELLINGS).strip()
    tokens, place = [], 0
    while place < len(text):
        found = TOKEN.match(text, place)
        if found is None:
            raise ExpressionError(f"`{text[place : place + 12].strip()}` cannot be read as arithmetic.")
        tokens.append(_plain_number(found["number"]) if found["number"] else found[0].strip())
        place = found.end()
        while place < len(text) and text[place].isspace():
            place += 1
    if not tokens:
        raise ExpressionError("Nothing was typed.")
    return " ".join(tokens)


def _plain_number(digits: str) -> str:
    """Every number as a float, so that no whole number can grow without limit."""
    return repr(float(digits)) if math.isfinite(float(digits)) else "1e400"


def _tree(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ExpressionError("Check brackets and operators: write `2 * x`, not `2x`.") from error


def _check_nodes(nodes: list[ast.AST]) -> None:
    allowed = (ast.BinOp, ast.UnaryOp, ast.Name, ast.Load, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub)
    for node in nodes:
        if isinstance(node, ast.Call):
            _check_call(node)
        elif isinstance(node, ast.Constant):
            if not isinstance(node.value, float):
                raise ExpressionError(f"`{node.value!r}` is not a number.")
        elif not isinstance(node, allowed):
            raise ExpressionError("Only numbers, names, brackets, functions and + - * / ** are allowed.")


def _check_call(node: ast.Call) -> None:
    if not isinstance(node.func, ast.Name) or node.func.id not in FUNCTIONS:
        raise ExpressionError(f"Only these functions are known: {', '.join(FUNCTIONS)}.")
    if len(node.args) != 1 or node.keywords:
        raise ExpressionError(f"`{node.func.id}` takes one value in brackets.")


def evaluate(parsed: Parsed, values: Mapping[str, float]) -> float:
    """The value at one point; raises Undefined where there is none."""
    try:
        result = _value(parsed.tree, values)
    except (ArithmeticError, ValueError, RecursionError) as error:
        raise Undefined("no value here") from error
    if not math.isfinite(result):
        raise Undefined("no finite value here")
    return result


def calculate(text: str, values: Mapping[str, float]) -> float:
    """Reads and evaluates in one go."""
    return evaluate(parse_expression(text, values.keys()), values)


def _value(node: ast.expr, values: Mapping[str, float]) -> float:
    match node:
        case ast.Constant():
            return float(node.value)  # type: ignore[arg-type]
        case ast.Name():
            return float(values[node.id]) if node.id in values else CONSTANTS[node.id]
        case ast.UnaryOp():
            inner = _value(node.operand, values)
            return -inner if isinstance(node.op, ast.USub) else inner
        case ast.Call(func=ast.Name(id=name)):
            return float(FUNCTIONS[name](_value(node.args[0], values)))
        case ast.BinOp():
            return _combined(node, values)
    raise ExpressionError("Only arithmetic is allowed.")


def _combined(node: ast.BinOp, values: Mapping[str, float]) -> float:
    left, right = _value(node.left, values), _value(node.right, values)
    match node.op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
        case ast.Div():
            return left / right
        case ast.Pow():
            return math.pow(left, right)  # refuses what would be complex, and overflows instead of growing
    raise ExpressionError("Only + - * / ** are allowed.")


def numbers_of(values: Mapping[str, object]) -> dict[str, float]:
    """The plain numbers among a variant's values."""
    numbers = {name: value for name, value in values.items() if isinstance(value, int | float)}
    return {name: float(value) for name, value in numbers.items() if not isinstance(value, bool)}
