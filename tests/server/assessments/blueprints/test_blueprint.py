"""A blueprint tells everything that speaks against publishing it, and what to do about each."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from server.assessments.blueprints.blueprint import Blueprint, Task, blocking, covering, problems, real_minutes
from server.assessments.blueprints.roles import Need

NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
CODE = Need("coding", ("arrays", "algorithms"), 60, 2, 0.7)
THEORY = Need("theory", ("metrics",), 20, 1, 0.6)
TASKS = (
    Task("softmax", "coding", ("arrays",), 2, 60),
    Task("auc", "theory", ("metrics",), 1, 20, public=False),
    Task("past", "projects", ("communication",), 1, 20),
)
GOOD = Blueprint(
    role="ml_engineer",
    strengths=(CODE,),
    floors=(THEORY,),
    tasks=TASKS,
    stated_minutes=120,
    changed=NOON,
    previewed=NOON + timedelta(minutes=1),
)


def codes(blueprint: Blueprint) -> list[str]:
    return [problem.code for problem in problems(blueprint)]


def test_a_good_blueprint_can_be_published() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"strengths": ()}, "no-strength"),
        ({"floors": ()}, "no-floor"),
        ({"stated_minutes": 0}, "no-time"),
        ({"stated_minutes": 300}, "too-long"),
        ({"stated_minutes": 90}, "untrue-time"),
        ({"previewed": None}, "not-previewed"),
        ({"previewed": NOON - timedelta(minutes=1)}, "not-previewed"),
        ({"role": "devops_engineer"}, "no-debugging"),
        ({"strengths": (replace(CODE, share=0.0),)}, "share"),
        ({"strengths": (replace(CODE, level=3),)}, "not-shown"),
        ({"strengths": (replace(CODE, topics=("sql",)),)}, "not-shown"),
        ({"tasks": (*TASKS[:2], replace(TASKS[2], proven=False))}, "unproven"),
        ({"unfounded": (THEORY,)}, "no-must"),
        ({"gone": ("Softmax",)}, "gone"),
        ({"quarantined": ("Softmax",)}, "quarantined"),
        ({"has_contact": False}, "no-contact"),
    ],
)
def test_one_slip_blocks_it_with_a_reason(change: dict[str, object], code: str) -> None:
    changed = replace(GOOD, **change)  # type: ignore[arg-type]
    assert codes(changed) == [code]
    assert blocking(problems(changed))


@pytest.mark.parametrize(
    ("tasks", "code"),
    [
        (TASKS[:2], "no-project"),
        ((*TASKS, replace(TASKS[2], slug="b"), replace(TASKS[2], slug="c")), "same-skill"),
        ((TASKS[0], replace(TASKS[1], public=True), TASKS[2]), "public-floor"),
    ],
)
def test_what_is_only_unwise_is_told_and_blocks_nothing(tasks: tuple[Task, ...], code: str) -> None:
    changed = replace(GOOD, tasks=tasks, stated_minutes=200)
    assert codes(changed) == [code]
    assert blocking(problems(changed)) == []


def test_that_nothing_is_told_about_the_team_blocks_nothing() -> None:
    (problem,) = problems(replace(GOOD, has_about=False))
    assert (problem.code, problem.blocks) == ("no-about", False)


def test_a_need_that_nothing_shows_is_described_in_words() -> None:
    (problem,) = problems(replace(GOOD, strengths=(replace(CODE, topics=("sql", "data-quality", "bayesian")),)))
    assert problem.text == (
        "Nothing shows coding on SQL, data quality or Bayesian reasoning. Add such an exercise, intermediate or above."
    )


def test_without_exercises_nothing_is_shown_and_that_is_said_once() -> None:
    assert codes(replace(GOOD, tasks=())) == ["no-task"]


def test_real_medians_count_before_the_authors_guess() -> None:
    slow = replace(GOOD, tasks=(replace(TASKS[0], median_minutes=100), *TASKS[1:]))
    assert real_minutes(slow) == 140
    assert codes(slow) == ["untrue-time"]


def test_the_tasks_that_show_a_need_are_named() -> None:
    assert {need.kind: [task.slug for task in tasks] for need, tasks in covering(GOOD).items()} == {
        "coding": ["softmax"], "theory": ["auc"],
    }  # fmt: skip
