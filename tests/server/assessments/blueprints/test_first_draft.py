"""What a blueprint begins with: the role's needs, moved by the team's profile, floors tied to must-haves."""

from __future__ import annotations

import pytest

from server.assessments.blueprints.advert import SKILLS
from server.assessments.blueprints.first_draft import PROOFS, must_for, shows_skill, starting_needs
from server.assessments.blueprints.roles import BY_KEY, template
from server.assessments.teams.organisation import Archetype
from server.exercise_format.words import KINDS, TOPICS

ENGINEER = template("ml_engineer")
SLIDERS = {"research": 1, "data": 2, "models": 4}


def test_without_a_profile_the_usual_minutes_stand() -> None:
    starts = starting_needs(ENGINEER, [])
    assert [(start.floor, start.need) for start in starts] == [
        *((False, need) for need in ENGINEER.strengths),
        *((True, need) for need in ENGINEER.floors),
    ]
    assert {start.why for start in starts} == {()}


def test_a_profile_moves_strengths_by_its_weights_and_never_a_floor() -> None:
    starts = starting_needs(ENGINEER, [], Archetype.embedded, SLIDERS)
    moved = {start.need.kind: (start.usual_minutes, start.need.minutes) for start in starts if not start.floor}
    # coding: +20 and +5 percent of 60; debugging: +20, +5 and +10 percent of 45; take-homes as usual
    assert moved == {"coding": (60, 75), "debugging": (45, 60), "takehome": (90, 90)}
    assert starts[0].why == ("+20 %: embedded in products", "+5 %: software or research")
    assert [start.need for start in starts if start.floor] == list(ENGINEER.floors)


@pytest.mark.parametrize("role", [key for key, role in BY_KEY.items() if role.strengths])
@pytest.mark.parametrize("archetype", list(Archetype))
def test_no_profile_takes_a_need_away(role: str, archetype: Archetype) -> None:
    for research in (0, 4):
        starts = starting_needs(BY_KEY[role], [], archetype, {"research": research, "data": 0, "models": 0})
        assert all(start.need.minutes >= 5 for start in starts)
        assert len(starts) == len(BY_KEY[role].strengths) + len(BY_KEY[role].floors)


def test_a_floor_is_tied_to_the_must_that_its_work_shows_best() -> None:
    musts = ["Python", "SQL", "containers", "machine learning"]
    assert must_for("coding", ("sql", "algorithms"), musts) == "SQL"
    assert must_for("coding", ("arrays", "testing"), musts) == "Python"
    assert must_for("theory", (), musts) == "machine learning"
    assert must_for("culture", ("teamwork",), musts) == ""
    assert must_for("theory", ("metrics",), []) == ""
    floors = [start.must for start in starting_needs(ENGINEER, ["Python", "machine learning", "statistics"]) if start.floor]
    assert floors == ["machine learning", "statistics"]


def test_what_no_exercise_shows_is_said_to_be_shown_by_none() -> None:
    assert not any(shows_skill("containers", kind.name, [topic.name for topic in TOPICS]) for kind in KINDS)


def test_skills_kinds_and_topics_are_those_of_the_product() -> None:
    assert set(PROOFS) <= {skill.name for skill in SKILLS}
    assert {topic for proof in PROOFS.values() for topic in proof.topics} <= {topic.name for topic in TOPICS}
    assert {kind for proof in PROOFS.values() for kind in proof.kinds} <= {kind.name for kind in KINDS}
