"""What a take-home shows of each need: a floor that is missed is said whatever the rest is, and what is missing is said, too."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from server.assessments.blueprints.blueprint import Task
from server.assessments.blueprints.roles import Need
from server.assessments.decisions.evidence import (
    Asked,
    Missing,
    Seen,
    Work,
    decided_by_machine,
    need_names,
    see,
    share_words,
    snapshot,
)
from server.assessments.decisions.verdicts import Evidence, Verdict

CODE = Task("code", "coding", ("arrays",), 2, 60)
THEORY = Task("theory", "theory", ("metrics",), 2, 20)


def need(kind: str, *, floor: bool, share: float, topics: tuple[str, ...] = (), level: int = 1) -> Asked:
    written = datetime.fromisoformat("2026-11-09T09:00:00+00:00")
    return Asked(f"{kind}-{floor}", floor, Need(kind, topics, 30, level, share), "", "", written)


STRENGTH, FLOOR = need("coding", floor=False, share=0.7), need("theory", floor=True, share=0.6)


def work(task: Task, share: float, pieces: int = 20) -> Work:
    return Work(task, task.slug.capitalize(), decided=Evidence(share * 100, 100, pieces))


def looked(*works: Work, strengths: tuple[Asked, ...] = (STRENGTH,), floors: tuple[Asked, ...] = (FLOOR,)) -> Seen:
    return see(strengths, floors, works)


def test_strong_code_does_not_make_up_for_weak_theory() -> None:
    seen = looked(work(CODE, 0.95), work(THEORY, 0.20))
    assert (seen.verdict, seen.words) == (Verdict.below, "Below floor: theory")
    assert [each.finding.verdict for each in seen.needs if each.finding] == [Verdict.meets, Verdict.below]
    assert seen.strengths_shown == 1


def test_strong_theory_does_not_make_up_for_weak_code() -> None:
    seen = looked(
        work(CODE, 0.20),
        work(THEORY, 0.95),
        strengths=(need("theory", floor=False, share=0.7),),
        floors=(need("coding", floor=True, share=0.6),),
    )
    assert (seen.verdict, seen.words) == (Verdict.below, "Below floor: coding")


def test_a_strength_that_is_not_there_is_not_shown() -> None:
    seen = looked(work(CODE, 0.20), work(THEORY, 0.95))
    assert (seen.verdict, seen.words, seen.strengths_shown) == (Verdict.not_shown, "Not shown: coding", 0)


def test_both_reached_is_every_floor_met() -> None:
    assert looked(work(CODE, 0.95), work(THEORY, 0.95)).words == "Meets every floor"


@pytest.mark.parametrize(("share", "pieces"), [(0.65, 20), (0.95, 2), (0.7, 6)])
def test_a_range_across_the_floor_or_a_handful_of_checks_is_not_enough(share: float, pieces: int) -> None:
    seen = looked(work(CODE, 0.95), work(THEORY, share, pieces))
    assert (seen.verdict, seen.words) == (Verdict.too_little, "Not enough evidence: theory")


def test_a_need_that_no_task_shows_is_not_enough_evidence() -> None:
    hard = need("theory", floor=True, share=0.6, level=3)
    seen = looked(work(CODE, 0.95), work(THEORY, 0.95), floors=(hard,))
    assert (seen.words, seen.floors[0].works, seen.floors[0].words) == (
        "Not enough evidence: theory",
        (),
        "too little work to tell",
    )


def test_several_tasks_and_marks_of_people_make_one_range() -> None:
    other = replace(THEORY, slug="more")
    both = looked(work(CODE, 0.95), Work(THEORY, "T", Evidence(2, 2, 2), Evidence(6, 8, 4)), work(other, 0.5, 2))
    found = both.floors[0].finding
    assert found is not None and found.range is not None
    assert found.range.estimate == pytest.approx((2 + 6 + 50) / 110)
    assert [each.task.slug for each in both.floors[0].works] == ["theory", "more"]


@pytest.mark.parametrize("missing", [Missing.fault, Missing.grading, Missing.marking])
def test_what_is_missing_leaves_that_need_open_and_the_others_shown(missing: Missing) -> None:
    seen = looked(work(CODE, 0.95), replace(work(THEORY, 0.0), missing=missing))
    assert (seen.verdict, seen.missing) == (None, missing)
    strength, floor = seen.needs
    assert strength.finding is not None and strength.finding.verdict is Verdict.meets
    assert (floor.finding, floor.missing) == (None, missing)
    assert seen.words == {"fault": "Not graded, our fault", "grading": "Being graded", "marking": "To mark"}[missing]


def test_nothing_is_said_of_work_that_is_not_handed_in() -> None:
    seen = see([STRENGTH], [FLOOR], [work(CODE, 1.0), work(THEORY, 1.0)], running=True)
    assert (seen.words, seen.verdict) == ("Running", None)
    assert all(each.finding is None and each.percents is None for each in seen.needs)


def test_our_own_fault_is_said_before_what_people_have_to_do() -> None:
    seen = looked(replace(work(CODE, 1.0), missing=Missing.marking), replace(work(THEORY, 1.0), missing=Missing.fault))
    assert seen.missing is Missing.fault


def test_a_quarantined_exercise_counts_for_nobody_and_nothing_of_it_is_waited_for() -> None:
    out = replace(work(THEORY, 0.0), quarantined=True, missing=Missing.marking)
    seen = looked(work(CODE, 0.95), out)
    assert (seen.missing, seen.words) == (None, "Not enough evidence: theory")
    assert share_words(out) == "counts for nobody: taken out of use"
    other = replace(work(THEORY, 0.95), task=replace(THEORY, slug="other"))
    assert looked(work(CODE, 0.95), out, other).words == "Meets every floor"


def test_rows_that_no_machine_decided_are_no_evidence() -> None:
    rows = [
        {"outcome": "passed", "points": 2.0, "possible": 2.0},
        {"outcome": "failed", "points": 0.5, "possible": 2},
        {"outcome": "crashed", "points": 0.0, "possible": 1.0},
        {"outcome": "not_attempted", "points": 0.0, "possible": 1.0},
        {"outcome": "not_attempted", "points": 0.0, "possible": 0.0},
        {"outcome": "to_mark", "points": 0.0, "possible": 0.0},
        {"outcome": "our_fault", "points": 0.0, "possible": 4.0},
    ]
    assert decided_by_machine(rows) == Evidence(2.5, 6.0, 4)


def test_needs_of_one_kind_are_told_apart_by_their_topics() -> None:
    rows = [need("theory", floor=True, share=0.6, topics=topics) for topics in (("metrics", "trees"), ())]
    assert need_names([*rows, need("maths", floor=True, share=0.6)]) == ["theory (metrics, trees)", "theory (any topic)", "maths"]


def test_the_snapshot_holds_what_was_shown() -> None:
    strength, floor = snapshot(looked(work(CODE, 0.95), replace(work(THEORY, 0.5), missing=Missing.marking)))
    assert (strength["verdict"], strength["asked"], strength["range"]) == ("meets", 70, [85, 95, 98])
    assert (floor["verdict"], floor["range"], floor["missing"]) == (None, None, "marking")
    assert floor["works"] == [{"exercise": "theory", "decided": [50.0, 100, 20], "marked": None, "quarantined": False}]
    assert strength["written_at"] == "2026-11-09T09:00:00+00:00"


def test_the_words_for_a_task_say_how_much_stands_behind_it() -> None:
    both = Work(THEORY, "T", Evidence(2, 4, 3), Evidence(6.5, 8, 4))
    assert share_words(both) == "2 of 4 points in 3 checks and questions; 6.5 of 8 points in 4 marked lines"
    assert share_words(replace(both, missing=Missing.grading)) == "being graded"
    assert share_words(Work(THEORY, "T")) == "nothing that counts"
