"""Given code: what can run beside the checks too, and what runs in the notebook alone."""

import re
from collections.abc import Collection

from server.exercise_format.foreign.code import MAGIC, Modules, tree_of, used_names

IDLE = re.compile(r"[ \t]*(%(matplotlib|config|load_ext|autoreload)\b|[%!][ \t]*(pip|conda|mamba)[ \t]).*")


def without_idle_lines(source: str) -> tuple[str, tuple[str, ...]]:
    """(code, what was taken out): figures show without a magic, and nothing can be installed here."""
    lines = source.split("\n")
    idle = tuple(line.strip() for line in lines if IDLE.fullmatch(line))
    return "\n".join(line for line in lines if not IDLE.fullmatch(line)), idle


def why_notebook_only(source: str, answered: Collection[str], known: Collection[str], modules: Modules) -> str:
    """Why the judge cannot run it; empty when it can. A setup that fails there would stop every check."""
    tree = tree_of(source)
    if tree is None:
        return "is no plain Python"
    used = used_names(source)
    from_answers = sorted(used & set(answered))
    if from_answers:
        return f"uses {_listed(from_answers)}, which {'answers make' if len(from_answers) > 1 else 'an answer makes'}"
    absent = modules.absent(source)
    if absent:
        where = "a file beside the notebook" if set(absent) <= modules.beside else "not among the usual libraries"
        return f"imports {_listed(absent)}, {where}"
    if MAGIC.search(source):
        return "runs a magic or shell line"
    unknown = sorted(used - set(known))
    return f"uses {_listed(unknown)}, which nothing above makes" if unknown else ""


def _listed(names: list[str]) -> str:
    return " and ".join(f"`{name}`" for name in names[:3])
