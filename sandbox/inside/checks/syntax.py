"""Where a source uses a word of the language or a dotted name: by the parser, so nothing is run. The server's bans use it too."""

import ast
import re
from collections.abc import Iterator

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
SYNTAX: dict[str, tuple[type[ast.AST], ...]] = {
    "for": (ast.For, ast.AsyncFor),
    "while": (ast.While,),
    "comprehension": COMPREHENSIONS,
    "loop": (ast.For, ast.AsyncFor, ast.While, *COMPREHENSIONS),
    "lambda": (ast.Lambda,),
    "import": (ast.Import, ast.ImportFrom),
    "class": (ast.ClassDef,),
    "try": (ast.Try,),
    "global": (ast.Global,),
}
USUAL = {"np": "numpy", "pd": "pandas", "plt": "matplotlib.pyplot"}  # also where the import is in another cell


MAGIC = re.compile(r"^(\s*)(?:\w+\s*=\s*)?[!%].*$", re.MULTILINE)  # IPython's own lines: `%timeit x`, `!ls`, `found = !ls`


def parsed(source: str) -> ast.Module | None:
    """None when it is no Python, IPython's own lines aside: it will fail by itself, with a better message."""
    try:
        return ast.parse(source)
    except SyntaxError:
        plain = MAGIC.sub(r"\1pass", source)
        return parsed(plain) if plain != source else None
    except (ValueError, RecursionError, MemoryError):
        return None


def first_line(tree: ast.Module, thing: str) -> int | None:
    """The first line found that uses it: a word of SYNTAX, a dotted name with all that lies below it, or `.name` for a method of
    anything."""
    return next(lines(tree, thing), None)


def lines(tree: ast.Module, thing: str) -> Iterator[int]:
    if thing in SYNTAX:
        yield from (node.lineno for node in ast.walk(tree) if isinstance(node, SYNTAX[thing]))  # type: ignore[attr-defined]
        return
    known = aliases(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and is_use(node, thing, known):
            yield node.lineno


def is_use(node: ast.Attribute | ast.Name, thing: str, known: dict[str, str]) -> bool:
    if thing.startswith("."):
        return isinstance(node, ast.Attribute) and node.attr == thing[1:]
    name = dotted(node, known)
    return name == thing or name.startswith(f"{thing}.")


def aliases(tree: ast.Module) -> dict[str, str]:
    """Local name -> full dotted name, with the field's usual abbreviations taken as given."""
    names = dict(USUAL)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return names


def dotted(node: ast.expr, known: dict[str, str]) -> str:
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id)
    return f"{dotted(node.value, known)}.{node.attr}" if isinstance(node, ast.Attribute) else ""
