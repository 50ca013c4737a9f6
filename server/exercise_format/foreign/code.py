"""What a piece of notebook code uses and makes, by its syntax tree; nothing is run."""

import ast
import builtins
import re
import symtable
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from server.exercise_format.author_code.syntax import parse
from server.exercise_format.rules.code import LIBRARY_OF

MAGIC = re.compile(r"^[ \t]*[%!].*$", re.MULTILINE)
BUILTIN = frozenset(dir(builtins)) | {"__name__", "__file__", "__doc__", "display", "get_ipython"}


def plain(source: str) -> str:
    """Without magics and shell lines, which are no Python; the numbers of the lines stay."""
    return MAGIC.sub("", source)


def tree_of(source: str) -> ast.Module | None:
    return parse(plain(source))


def used_names(source: str, made_anew: Collection[str] = ()) -> frozenset[str]:
    """Names that the code needs from outside; Python's own where the notebook makes them anew. Empty when it is no Python."""
    tree = tree_of(source)
    if tree is None:
        return frozenset()
    table = symtable.symtable(plain(source), "<cell>", "exec")
    made = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_assigned() or symbol.is_imported()}
    read = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_referenced()} | set(_inner(table))
    read |= {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Del)}
    return frozenset(name for name in read if name not in made or _is_read_first(tree, name)) - (BUILTIN - set(made_anew))


def _inner(table: symtable.SymbolTable) -> Iterator[str]:
    """Names of the notebook that functions and classes use."""
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_global() and symbol.is_referenced())
        yield from _inner(child)


def _is_read_first(tree: ast.Module, name: str) -> bool:
    """`squares = squares` and `del squares` need what was there before."""
    for statement in tree.body:
        named = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name]
        if any(isinstance(node.ctx, ast.Load | ast.Del) for node in named) and not isinstance(
            statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
        ):
            return not _is_bound_inside(statement, name)
        if named or name in bound_by(statement):
            return False
    return False


def _is_bound_inside(statement: ast.stmt, name: str) -> bool:
    """`for x in xs: use(x)` and `with f() as x:` bind before they read."""
    return isinstance(statement, ast.For | ast.With | ast.If | ast.Try | ast.While) and name in bound_by(statement)


def bound_by(statement: ast.AST) -> frozenset[str]:
    found = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(statement):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return frozenset(found)


def imports(source: str) -> dict[str, str]:
    """Name -> the import statement that makes it, at any depth."""
    tree = tree_of(source)
    found: dict[str, str] = {}
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {(a.asname or a.name).partition(".")[0]: f"import {_alias(a)}" for a in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {a.asname or a.name: f"from {node.module} import {_alias(a)}" for a in node.names if a.name != "*"}
    return found


def _alias(alias: ast.alias) -> str:
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def roots(source: str) -> frozenset[str]:
    """Top-level names of the imported modules."""
    tree = tree_of(source)
    found = set()
    for node in ast.walk(tree) if tree else ():
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or "").partition(".")[0])
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Modules:
    """What can be imported. `beside`: files next to the notebook; `any_library`: an environment of the author's own is named."""

    beside: frozenset[str] = frozenset()
    any_library: bool = False

    def absent(self, source: str) -> list[str]:
        """Modules that the code imports and that are not there."""
        here = sys.stdlib_module_names | LIBRARY_OF.keys()
        return sorted(root for root in roots(source) if root not in here and (root in self.beside or not self.any_library))


def libraries(sources: list[str]) -> list[str]:
    """Names for `needs`."""
    found = {LIBRARY_OF[root] for source in sources for root in roots(source) if root in LIBRARY_OF}
    return sorted(found)


def statement_text(source: str, statement: ast.stmt) -> str:
    """The lines of a top-level statement, with its decorators."""
    first = min([statement.lineno, *(each.lineno for each in getattr(statement, "decorator_list", []))])
    return "\n".join(plain(source).split("\n")[first - 1 : statement.end_lineno])
