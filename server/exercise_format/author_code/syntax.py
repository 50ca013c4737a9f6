"""Author's code looked at as a syntax tree; nothing is ever run here."""

import ast
from collections.abc import Iterator

DEEPEST = 150
TOO_DEEP = "it is nested too deeply"


def parse(source: str) -> ast.Module | None:
    """The tree, or None when the source is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return tree if _is_shallow(tree) else None


def syntax_problem(source: str) -> str:
    """Why the source does not parse; empty when it does."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        return f"line {error.lineno}: {error.msg}"
    except (ValueError, RecursionError, MemoryError) as error:
        return str(error) or TOO_DEEP
    return "" if _is_shallow(tree) else TOO_DEEP


def _is_shallow(tree: ast.Module) -> bool:
    """Deep trees parse, but whatever walks them by recursion would stop with an error."""
    level: list[ast.AST] = [tree]
    for _ in range(DEEPEST):
        level = [inner for node in level for inner in ast.iter_child_nodes(node)]
        if not level:
            return True
    return False


def imported(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Full names of imported modules and of the names taken from them, with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                yield f"{node.module or ''}.{alias.name}", node.lineno


def dotted(node: ast.expr) -> str:
    """`a.b.c` as text; empty when it is something else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = dotted(node.value)
        return f"{inner}.{node.attr}" if inner else ""
    return ""


def aliases(tree: ast.AST) -> dict[str, str]:
    """Local name to full dotted name; the field's usual abbreviations count even where the import is elsewhere."""
    found = {"np": "numpy", "pd": "pandas"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    return found


def full_name(node: ast.expr, known: dict[str, str]) -> str:
    name = dotted(node)
    head, dot, rest = name.partition(".")
    return known.get(head, head) + dot + rest


def defined_names(tree: ast.Module) -> frozenset[str]:
    """Names that the code binds at its top level, inside `if`, `for`, `with` and `try` too."""
    collector = _Bindings()
    collector.visit(tree)
    return frozenset(collector.names)


def defined_classes(source: str) -> frozenset[str]:
    """Names of the classes that the code defines at its top level."""
    tree = parse(source)
    return frozenset(node.name for node in tree.body if isinstance(node, ast.ClassDef)) if tree else frozenset()


class _Bindings(ast.NodeVisitor):
    def __init__(self) -> None:
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self.names.add(node.name)

    visit_AsyncFunctionDef = visit_FunctionDef
    visit_ClassDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        """What a lambda binds stays inside."""

    def visit_Name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Store):
            self.names.add(node.id)

    def visit_alias(self, node: ast.alias) -> None:
        self.names.add((node.asname or node.name).partition(".")[0])
