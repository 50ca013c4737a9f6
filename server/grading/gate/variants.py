"""The variants of an exercise: drawn in the sandbox, then looked at. Only the drawing runs code."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import FunctionFailed, run_function
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import FILLED_ROLES, placeholders
from server.grading.gate.report import GateLine, verdict_line

Values = Mapping[str, Any]
FEWEST_DISTINCT = 50


@dataclass(frozen=True, slots=True)
class Drawn:
    """The values of all variants, seed by seed; one empty variant where the exercise has none."""

    values: tuple[Values, ...]
    repeated: bool = True
    problem: str = ""


def draw_variants(exercise: Exercise, forkserver: ForkServer) -> Drawn:
    """Calls `variant` for every seed, twice: in order and, in a process of its own, in reverse."""
    variant = exercise.variant
    if variant is None:
        return Drawn(({},))
    seeds = list(range(variant.seeds))
    try:
        first = run_function(forkserver, variant.source, "variant", [[seed] for seed in seeds], Limits())
        again = run_function(forkserver, variant.source, "variant", [[seed] for seed in reversed(seeds)], Limits())
    except FunctionFailed as error:
        return Drawn((), problem=f"variant(seed) raised {error}")
    wrong = next((value for value in first if not isinstance(value, dict)), None)
    if wrong is not None:
        return Drawn((), problem=f"variant(seed) returned {type(wrong).__name__}, not a dict")
    repeated = repr(first) == repr(again[::-1])
    return Drawn(tuple(value for value in first if isinstance(value, dict)), repeated)


def variant_lines(exercise: Exercise, drawn: Drawn) -> Iterator[GateLine]:
    if exercise.variant is None:
        return
    if drawn.problem:
        yield verdict_line("variant", "draws", drawn.problem)
        return
    count = len({repr(values) for values in drawn.values})
    few = "" if count >= FEWEST_DISTINCT else f"{count} distinct variants; {FEWEST_DISTINCT} are needed"
    yield verdict_line("variant", "distinct", few, kept=f"{count} of {len(drawn.values)} distinct")
    yield verdict_line("variant", "repeatable", "" if drawn.repeated else "the same seed gave different values")
    yield verdict_line("variant", "plain values", plain_problem(drawn.values))
    yield verdict_line("variant", "placeholders", placeholder_problem(exercise, drawn.values))


def plain_problem(drawn: Sequence[Values]) -> str:
    """Numbers, texts, booleans and lists of them, all finite, under the same names for every seed."""
    names = set(drawn[0])
    for seed, values in enumerate(drawn):
        if set(values) != names:
            return f"seed {seed} gives other names than seed 0: {', '.join(sorted(set(values) ^ names))}"
        for name, value in values.items():
            if not isinstance(name, str) or not _is_plain(value):
                return f"seed {seed}: {name} is {value!r:.60}, not a finite number, a text, a boolean or a list of them"
    return ""


def _is_plain(value: object) -> bool:
    if isinstance(value, list | tuple):
        return all(_is_plain(entry) and not isinstance(entry, list | tuple) for entry in value)
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, bool | int | str)


def placeholder_problem(exercise: Exercise, drawn: Sequence[Values]) -> str:
    for cell in exercise.cells:
        for name in placeholders(cell.body) if cell.role in FILLED_ROLES else ():
            if name not in drawn[0]:
                return f"cell {cell.id} asks for {name}, which the variant does not give"
    return ""
