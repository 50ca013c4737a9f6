"""Whole notebooks through real grading: solutions earn everything, the stub nothing, mistakes fail as declared."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from sandbox.errors import SandboxError
from sandbox.processes.forkserver import ForkServer
from server.exercise_format.copies.candidate_copy import CopyCell
from server.exercise_format.copies.lazy_answers import LAZY, TAMPERING, lazy_sources
from server.exercise_format.copies.whole import answered_cells, mistake_cells, solved_cells, stub_cells
from server.exercise_format.exercise import Exercise, Mistake, Solution
from server.exercise_format.reading.option_values import BadValue
from server.grading.gate.faults import explain_faults
from server.grading.gate.report import GateLine, Kind, verdict_line
from server.grading.grade import grade_cells
from server.grading.handed_in.submitted import SubmittedCell
from server.grading.mistakes import FAILURES
from server.grading.outcome import Grade, Outcome, State
from server.grading.seeds import OPEN_KEY

PURE_SEEDS = 50  # without code a notebook costs next to nothing, so more variants are tried
LAZY_SHARE = 0.1  # of all points
TRIES = 2  # a run that hit a time limit on a busy machine is done again before it counts

Make = Callable[[int, Mapping[str, Any]], Sequence[CopyCell]]
Judge = Callable[[Grade], str]


@dataclass(frozen=True, slots=True)
class Effort:
    """How much the gate tries: `seeds` for each notebook, `repeats` of one grading that must come to the same."""

    seeds: int = 3
    repeats: int = 2


class Runner:
    """Hands in notebooks of one exercise for several seeds."""

    def __init__(self, exercise: Exercise, forkserver: ForkServer, effort: Effort, drawn: Sequence[Mapping[str, Any]]) -> None:
        self.exercise = exercise
        self.forkserver = forkserver
        self.drawn = drawn
        self.seeds = effort.seeds if exercise.checks else max(effort.seeds, min(PURE_SEEDS, len(drawn)))
        self.repeats = effort.repeats

    def solutions(self) -> Iterator[GateLine]:
        yield self._line("solution", "reference", self._problems(self._solved_by(None), solved_problem))
        for solution in self.exercise.solutions:
            if not self._is_reference(solution):
                yield self._line("solution", solution.name, self._problems(self._solved_by(solution), solved_problem))

    def _is_reference(self, solution: Solution) -> bool:
        """A solution cell that is the only reference of its answer was tried as such."""
        answer = self.exercise.answer(solution.answers[0]) if len(solution.answers) == 1 else None
        return answer is not None and answer.marked_solution is None and self.exercise.solution_source(answer) == solution.source

    def _solved_by(self, solution: Solution | None) -> Make:
        return lambda seed, values: solved_cells(self.exercise, seed, values, solution)

    def repeated(self) -> Iterator[GateLine]:
        """A right and a wrong notebook, each graded several times."""
        makes = {"right": self._solved_by(None)}
        if self.exercise.mistakes:
            makes["wrong"] = self._made(self.exercise.mistakes[0])
        for name, make in makes.items():
            yield self._line("repeatable", name, self._differences(make), kept=f"graded {self.repeats} times")

    def stub(self) -> GateLine:
        return self._line("stub", "untouched", self._problems(partial(stub_cells, self.exercise), stub_problem))

    def lazy(self) -> Iterator[GateLine]:
        """Answers that know nothing of the task; only code is tried so."""
        if not self.exercise.checks:
            return
        for name, body in LAZY.items():
            make = self._answered(lazy_sources(self.exercise, body))
            yield self._line("lazy", name, self._problems(make, lazy_problem, seeds=1))
        for name, (body, before) in TAMPERING.items():
            make = self._answered(lazy_sources(self.exercise, body, before))
            yield self._line("tampering", name, self._problems(make, tampering_problem, seeds=1))

    def _answered(self, sources: Mapping[str, str]) -> Make:
        return lambda seed, values: answered_cells(self.exercise, sources, seed, values)

    def mistakes(self) -> Iterator[GateLine]:
        for mistake in self.exercise.mistakes:
            yield self._line("mistake", mistake.name, self._problems(self._made(mistake), partial(mistake_problem, mistake)))

    def _made(self, mistake: Mistake) -> Make:
        return lambda seed, values: mistake_cells(self.exercise, mistake, seed, values)

    def _line(self, kind: Kind, name: str, problems: Iterable[str], kept: str = "") -> GateLine:
        """Stops at the first problem. The notebooks are graded as the problems are asked for."""
        began = time.monotonic()
        try:
            problem = next(filter(None, problems), "")
        except SandboxError as error:
            return GateLine(kind, name, "our_fault", str(error), round(time.monotonic() - began, 3))
        except BadValue as error:
            problem = str(error)
        return verdict_line(kind, name, problem, time.monotonic() - began, kept)

    def _problems(self, make: Make, judge: Judge, seeds: int | None = None) -> Iterator[str]:
        return (self._problem(seed, make, judge) for seed in range(seeds or self.seeds))

    def _differences(self, make: Make) -> Iterator[str]:
        values = self.drawn[0]
        cells, first = _submitted(make, 0, values), list[Outcome]()
        for number in range(self.repeats):
            grade = grade_cells(self.exercise, cells, 0, self.forkserver, key=OPEN_KEY, values=values)
            found = [replace(row, seconds=0.0) for row in grade.outcomes]
            first = first or found
            yield difference_problem(first, found, number + 1)

    def _problem(self, seed: int, make: Make, judge: Judge) -> str:
        values = self.drawn[seed % len(self.drawn)]
        cells = _submitted(make, seed, values)
        problem = ""
        for _ in range(TRIES):
            grade = grade_cells(self.exercise, cells, seed, self.forkserver, key=OPEN_KEY, values=values)
            faults = explain_faults(self.exercise, cells, seed, self.forkserver, grade)
            problem = fault_problem(faults) or judge(grade)
            if not any(row.outcome in (State.timed_out, State.our_fault) for row in grade.outcomes):
                break
        return f"seed {seed}: {problem}" if problem else ""


def _submitted(make: Make, seed: int, values: Mapping[str, Any]) -> list[SubmittedCell]:
    try:
        return [SubmittedCell(cell.id, cell.type, cell.source) for cell in make(seed, values)]
    except (ValueError, KeyError, TypeError, ArithmeticError) as error:  # an answer of the author's has no value here
        raise BadValue(f"seed {seed}: the answers cannot be worked out: {error}") from error


def fault_problem(faults: Mapping[str, str]) -> str:
    """Checks that stop with an error of their own, whatever was handed in: the last line of each error, once."""
    by_text: dict[str, list[str]] = {}
    for name, text in faults.items():
        last = next((line for line in reversed(text.splitlines()) if line.strip(" ;")), text)
        by_text.setdefault(last[:300], []).append(name)
    return "; ".join(f"{', '.join(names)}: an error of the check's own: {text}" for text, names in by_text.items())


def difference_problem(first: Sequence[Outcome], found: Sequence[Outcome], times: int) -> str:
    """What came out differently when the same notebook was graded again with the same seed."""
    pairs = [(before, after) for before, after in zip(first, found, strict=True) if before != after]
    told = [f"{after.check} was {before.outcome.value} ({before.message[:200]}), then {_told(after)}" for before, after in pairs]
    return f"graded {times} times: {'; '.join(told)}" if told else ""


def solved_problem(grade: Grade) -> str:
    """Why this is not a solved notebook."""
    wrong = [row for row in grade.outcomes if row.outcome not in (State.passed, State.to_mark)]
    if wrong:
        return "; ".join(_told(row) for row in wrong)
    if grade.points < grade.possible - 1e-9:
        return f"{grade.points:g} of {grade.possible:g} points"
    return f"the structure had to be repaired: {grade.repairs[0]}" if grade.repairs else ""


def stub_problem(grade: Grade) -> str:
    """Why this does not count as an untouched notebook."""
    passed = [row.check for row in grade.outcomes if row.outcome is State.passed]
    if passed:
        return f"the stub passes {', '.join(passed)}; a guard needs `needs` with a check of values"
    return f"the stub earns {grade.points:g} points" if grade.points > 0 else ""


def lazy_problem(grade: Grade) -> str:
    """Why an answer that knows nothing earns too much."""
    if grade.points <= LAZY_SHARE * grade.possible + 1e-9:
        return ""
    return f"earns {grade.points:g} of {grade.possible:g} points, a tenth is allowed; {_passed(grade)}"


def tampering_problem(grade: Grade) -> str:
    return f"earns {grade.points:g} of {grade.possible:g} points; {_passed(grade)}" if grade.points > 0 else ""


def _passed(grade: Grade) -> str:
    return f"passes {', '.join(row.check for row in grade.outcomes if row.points > 0)}"


def mistake_problem(mistake: Mistake, grade: Grade) -> str:
    """Why this mistake does not fail as declared."""
    failed = {row.check: row for row in grade.outcomes if row.outcome in FAILURES}
    if set(failed) != set(mistake.fails):
        return _difference(set(failed), set(mistake.fails), grade)
    texts = [text for row in failed.values() for text in (row.message, *(reason.text for reason in row.reasons))]
    if not any(mistake.says in text for text in texts):
        return f"nobody says {mistake.says!r}; the learner reads: {' | '.join(row.message for row in failed.values())[:400]}"
    return ""


def _difference(failed: set[str], declared: set[str], grade: Grade) -> str:
    parts = []
    if failed - declared:
        told = [_told(row) for row in grade.outcomes if row.check in failed - declared]
        parts.append(f"fails too: {'; '.join(told)}")
    if declared - failed:
        states = [f"{row.check} is {row.outcome.value}" for row in grade.outcomes if row.check in declared - failed]
        parts.append(f"does not fail: {'; '.join(states)}")
    return "; ".join(parts)


def _told(row: Outcome) -> str:
    return f"{row.check} {row.outcome.value}: {row.message[:200]}"
