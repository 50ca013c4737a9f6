"""Which libraries a process has ready. A fork copies an entry for each mapped page of what its parent holds: one from all
libraries takes seven times as long as one from NumPy alone, and a grading needs ten.

Nothing is forbidden by a smaller stack: what it does not have ready is imported from disk when the code asks for it."""

import re
import sys
from collections.abc import Iterable

from sandbox.inside.stack import READY, WHOLE, Stack

# `import a, b.c as d` and `from a.b import c`, at the start of a line or after a semicolon or colon
IMPORT = re.compile(r"(?:^|[;:])[ \t]*(?:import[ \t]+([^\n#;]+)|from[ \t]+([\w.]+)[ \t]+import\b)", re.MULTILINE)
WORD = re.compile(r"[A-Za-z_]\w*")
ALWAYS = sys.stdlib_module_names | {"IPython", "__future__", "touchstone"}  # touchstone.checks is in every process
TABLE_CHECKS = frozenset({"same_frame"})  # what of it works on tables
KNOWN = frozenset().union(*READY.values())


def smallest_stack(sources: Iterable[str]) -> Stack:
    """The smallest one that has all ready that these sources import; the whole one for a library that we do not know."""
    wanted = frozenset().union(*map(wanted_by, sources)) - ALWAYS
    return next((name for name, ready in READY.items() if wanted <= ready), WHOLE)


def wanted_by(source: str) -> set[str]:
    """The top-level names that a cell imports, also where it is no valid Python as it stands. A library that we know counts as
    soon as its name occurs: `importlib.import_module("pandas")` must not make a table a stranger."""
    words = frozenset(WORD.findall(source))
    names = set(KNOWN & words)
    if words & TABLE_CHECKS:
        names.add("pandas")
    for listed, package in IMPORT.findall(source):
        for each in (listed or package).split(","):
            names.update(WORD.findall(each)[:1])
    return names
