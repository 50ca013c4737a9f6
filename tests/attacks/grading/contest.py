"""Notebooks on assignments, in both graders: what the tests look at and the report prints."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sandbox.processes.forkserver import ForkServer
from server.grading.grade import grade_cells
from server.grading.handed_in.submitted import read_submitted
from server.grading.outcome import Grade, State
from tests.attacks.grading.assignments.assignment import SEED, Assignment, Document, as_bytes
from tests.attacks.grading.assignments.nearest import NEAREST
from tests.attacks.grading.assignments.softmax import SOFTMAX
from tests.attacks.grading.assignments.totals import TOTALS
from tests.attacks.grading.forgeries.all import FORGERIES
from tests.attacks.grading.forgeries.forgery import Forgery
from tests.attacks.grading.honest import Honest, honest_on
from tests.attacks.grading.same_process import points_in_same_process

ASSIGNMENTS = [SOFTMAX, TOTALS, NEAREST]
AT_ONCE = 4
KEY = b"of a site that no notebook knows"
Entry = tuple[Assignment, Forgery]


@dataclass(frozen=True)
class Row:
    """One forged notebook on one assignment. `there` is None where it was not run."""

    assignment: str
    forgery: Forgery
    possible: float
    there: float | None
    here: float
    states: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.forgery.name

    @property
    def fooled(self) -> bool:
        return bool(self.there)


@dataclass(frozen=True)
class HonestRow:
    assignment: str
    name: str
    deserved: float
    possible: float
    here: float


def everything() -> list[Entry]:
    return [(assignment, forgery) for forgery in FORGERIES for assignment in ASSIGNMENTS]


def rotated(works_on: Mapping[str, Collection[str]]) -> list[Entry]:
    """Each forgery on one of the assignments: one on which it is known to work without walls, if there is any."""
    turns = [ASSIGNMENTS[start:] + ASSIGNMENTS[:start] for start in range(len(ASSIGNMENTS))]
    found = []
    for position, forgery in enumerate(FORGERIES):
        order = turns[position % len(turns)]
        found.append((next((each for each in order if each.name in works_on.get(forgery.name, ())), order[0]), forgery))
    return found


def grade(assignment: Assignment, document: Document, forkserver: ForkServer, seconds: float = 0.0) -> Grade:
    """As `touchstone grade` does, from the bytes of the file."""
    cells = read_submitted(as_bytes(document)).cells
    exercise = (assignment.hasty(seconds) if seconds else assignment).exercise
    return grade_cells(exercise, cells, SEED, forkserver, key=KEY)


def forged_rows(forkserver: ForkServer, entries: Sequence[Entry], first: bool = False) -> list[Row]:
    """`first`: of the grader without walls only whether it is fooled."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        theirs = {each.name: pool.submit(gains_there, each, entries, first) for each in ASSIGNMENTS}
        found = list(pool.map(lambda entry: grade(entry[0], entry[1].notebook(entry[0]), forkserver, entry[1].seconds), entries))
    there = {name: future.result() for name, future in theirs.items()}
    return [
        Row(assignment.name, forgery, assignment.points, there[assignment.name].get(forgery.name), each.points, states_of(each))
        for (assignment, forgery), each in zip(entries, found, strict=True)
    ]


def gains_there(assignment: Assignment, entries: Iterable[Entry], first: bool) -> dict[str, float]:
    """What the forgeries that can be run there get from the grader without walls; `first` leaves out those that get nothing."""
    chosen = [each for on, each in entries if on is assignment and not each.not_there and not (first and each.no_gain)]
    return points_in_same_process(assignment, {forgery.name: forgery.notebook(assignment) for forgery in chosen}, first)


def states_of(found: Grade) -> tuple[str, ...]:
    return tuple(dict.fromkeys(outcome.outcome.value for outcome in found.outcomes))


def honest_rows(forkserver: ForkServer) -> list[HonestRow]:
    work = [(assignment, honest) for assignment in ASSIGNMENTS for honest in honest_on(assignment)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(lambda each: honest_row(*each, forkserver), work))


def honest_row(assignment: Assignment, honest: Honest, forkserver: ForkServer) -> HonestRow:
    found = grade(assignment, honest.notebook(assignment), forkserver)
    return HonestRow(assignment.name, honest.name, honest.deserved(assignment), assignment.points, found.points)


def our_faults(rows: Iterable[Row]) -> list[str]:
    return [f"{row.assignment}: {row.name}" for row in rows if State.our_fault.value in row.states]
