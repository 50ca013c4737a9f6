"""The checks library as the linter needs it: its names, and how cells import them. A test keeps the names equal to the library's
own."""

import ast
from collections.abc import Iterable, Iterator

PACKAGE, MODULE = "touchstone", "touchstone.checks"
REPORTED = ("pure", "estimator")  # rests on what only the submission can tell, or can evade
HELPING = ("seed_family", "estimator")  # decides nothing by itself
DECIDING = (
    "close", "equal", "has_shape", "same_frame", "raises", "pure", "metric_at_least", "metric_at_most", "mean_is", "share_is",
    "counts_fit", "follows", "grows_at_most", "uses", "avoids", "labelled_axes", "cases",
)  # fmt: skip
NAMES = (*DECIDING, *HELPING)


def library_imports(tree: ast.AST) -> Iterator[tuple[ast.Import | ast.ImportFrom, list[ast.alias]]]:
    """Every import of the library, or of something that bears its name, and what it takes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 0 and _is_ours(node.module or ""):
            yield node, node.names
        elif isinstance(node, ast.Import) and any(_is_ours(alias.name) for alias in node.names):
            yield node, [alias for alias in node.names if _is_ours(alias.name)]


def _is_ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(f"{PACKAGE}.")


def local_names(trees: Iterable[ast.AST]) -> dict[str, str]:
    """What the functions are called where they are used -> their names in the library."""
    found = (
        alias for tree in trees for node, names in library_imports(tree) if isinstance(node, ast.ImportFrom) for alias in names
    )
    return {alias.asname or alias.name: alias.name for alias in found if alias.name in NAMES}
