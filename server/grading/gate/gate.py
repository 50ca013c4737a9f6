"""The gate before publishing: an exercise is tried against everything that it promises.

Solutions, stub and mistakes are handed in like anybody's notebook and graded by the same code as theirs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from sandbox.errors import SandboxError
from sandbox.processes.forkserver import ForkServer
from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.linter import lint
from server.exercise_format.reading.reader import Reading
from server.grading.gate.questions import question_lines
from server.grading.gate.report import GateLine, GateReport, lint_line
from server.grading.gate.runs import Effort, Runner
from server.grading.gate.variants import draw_variants, variant_lines

USUAL = Effort()
OnLine = Callable[[GateLine], None]


def check_reading(
    reading: Reading, name: str, forkserver: ForkServer, effort: Effort = USUAL, folder: str = "", on_line: OnLine | None = None
) -> GateReport:
    """Lints what was read and tries it, if it could be read without an error."""
    findings = lint(reading, folder)
    if reading.exercise is None:
        return GateReport(name, (lint_line(findings),), findings, 0.0)
    return check_exercise(reading.exercise, forkserver, effort, findings, on_line)


def check_exercise(
    exercise: Exercise,
    forkserver: ForkServer,
    effort: Effort = USUAL,
    findings: Sequence[Finding] = (),
    on_line: OnLine | None = None,
) -> GateReport:
    """Tries every promise, to the end; one that is broken does not stop the others."""
    began = time.monotonic()
    lines = [lint_line(findings)]
    for line in _tried(exercise, forkserver, effort):
        lines.append(line)
        if on_line is not None:
            on_line(line)
    return GateReport(exercise.slug, tuple(lines), tuple(findings), round(time.monotonic() - began, 3))


def _tried(exercise: Exercise, forkserver: ForkServer, effort: Effort) -> Iterator[GateLine]:
    try:
        drawn = draw_variants(exercise, forkserver)
    except SandboxError as error:
        yield GateLine("variant", "draws", "our_fault", str(error))
        return
    yield from variant_lines(exercise, drawn)
    if drawn.problem:
        return  # without values there is nothing to ask or to grade
    yield from question_lines(exercise, drawn.values)
    runner = Runner(exercise, forkserver, effort, drawn.values)
    yield from runner.solutions()
    yield from runner.repeated()
    yield runner.stub()
    yield from runner.lazy()
    yield from runner.mistakes()
