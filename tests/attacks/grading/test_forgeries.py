"""Nothing that a notebook does changes a verdict other than by right answers (cases C014-C018, C021, C023, C025, C026).

Each forgery on one of the assignments; `make forgeries` runs all of them on all."""

from pathlib import Path

import pytest

from tests.attacks.grading.assignments.assignment import Assignment
from tests.attacks.grading.contest import ASSIGNMENTS, HonestRow, Row, forged_rows, grade, honest_rows, our_faults, rotated
from tests.attacks.grading.forgeries.all import FAMILIES, FORGERIES
from tests.attacks.grading.forgeries.forgery import Forgery
from tests.attacks.grading.report import ENOUGH, as_text, recorded
from tests.attacks.grading.same_process import points_in_same_process
from tests.trials import forkserver

pytestmark = pytest.mark.timeout(600)
NAMES = [assignment.name for assignment in ASSIGNMENTS]


@pytest.fixture(scope="module")
def works_on() -> dict[str, set[str]]:
    """What the page says that works without walls."""
    return recorded((Path(__file__).parents[3] / "docs" / "forgeries.md").read_text())


@pytest.fixture(scope="module")
def forged(works_on: dict[str, set[str]]) -> list[Row]:
    return forged_rows(forkserver(), rotated(works_on), first=True)


@pytest.fixture(scope="module")
def honest() -> list[HonestRow]:
    return honest_rows(forkserver())


@pytest.mark.parametrize("family", FAMILIES)
def test_no_forgery_of_a_family_gains_a_point(family: str, forged: list[Row]) -> None:
    rows = [row for row in forged if row.forgery in FAMILIES[family]]
    assert len(rows) == len(FAMILIES[family])
    assert {(row.assignment, row.name): row.here for row in rows if row.here} == {}


def test_no_forgery_makes_us_say_that_the_fault_is_ours(forged: list[Row]) -> None:
    """Else whoever wants no result, or a second try, could have one."""
    assert our_faults(forged) == []


def test_honest_notebooks_get_what_they_deserve_in_the_same_run(honest: list[HonestRow]) -> None:
    assert {(row.assignment, row.name): row.here for row in honest if row.here != row.deserved} == {}
    assert {row.deserved == row.possible for row in honest} == {True, False}


def test_forgeries_have_names_of_their_own_and_say_what_they_do() -> None:
    assert len({forgery.name for forgery in FORGERIES}) == len(FORGERIES)
    assert [forgery.name for forgery in FORGERIES if not forgery.does] == []


def test_a_grader_in_the_same_process_is_fooled_as_the_page_says(forged: list[Row], works_on: dict[str, set[str]]) -> None:
    """Otherwise the forgeries above would prove nothing. A few rest on threads and alarms, and do not always succeed."""
    missed = [row.name for row in forged if row.name in works_on and not row.fooled]
    assert len(missed) <= 5, missed
    assert min(sum(name in places for places in works_on.values()) for name in NAMES) >= ENOUGH


def test_every_forgery_is_in_the_page(forged: list[Row], honest: list[HonestRow]) -> None:
    page = as_text(forged, honest)
    assert [forgery.name for forgery in FORGERIES if f"| {forgery.name.replace('_', ' ')} |" not in page] == []
    assert "0 forged points from Touchstone" in page


@pytest.mark.parametrize("assignment", ASSIGNMENTS, ids=NAMES)
def test_both_graders_tell_right_from_wrong(assignment: Assignment) -> None:
    notebooks = {"right": assignment.notebook(assignment.reference), "wrong": Forgery("wrong", "nothing").notebook(assignment)}
    expected = {"right": assignment.points, "wrong": 0}
    assert points_in_same_process(assignment, notebooks) == expected
    assert {name: grade(assignment, notebook, forkserver()).points for name, notebook in notebooks.items()} == expected
