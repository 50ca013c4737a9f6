"""The role templates hold to the format's words, to a candidate's time, and to having floors."""

import pytest

from server.assessments.blueprints.roles import ANALYTICS, BY_KEY, LONGEST_MINUTES, ROLES, Role, template
from server.exercise_format.words import KINDS, TOPICS
from server.exercise_format.words import ROLES as ROLE_WORDS

PLAIN = [role for role in (*ROLES, ANALYTICS) if not role.composed_of]


def test_the_roles_are_those_of_the_exercise_format() -> None:
    assert {role.key for role in ROLES} == {role.name for role in ROLE_WORDS}


@pytest.mark.parametrize("role", PLAIN, ids=lambda role: role.key)
def test_a_template_names_kinds_and_topics_that_there_are_and_keeps_within_four_hours(role: Role) -> None:
    needs = role.strengths + role.floors
    assert {need.kind for need in needs} <= {kind.name for kind in KINDS}
    assert {topic for need in needs for topic in need.topics} <= {topic.name for topic in TOPICS}
    assert role.strengths and role.floors
    assert sum(need.minutes for need in needs) <= LONGEST_MINUTES


def test_a_product_manager_is_asked_for_no_code() -> None:
    role = template("ml_product_manager")
    assert not {need.kind for need in role.strengths + role.floors} & {"coding", "debugging", "takehome"}


def test_whoever_runs_models_is_asked_to_debug() -> None:
    assert "debugging" in {need.kind for need in template("devops_engineer").strengths}


def test_a_data_scientist_must_be_said_to_be_something() -> None:
    with pytest.raises(ValueError, match="several kinds of work"):
        template("data_scientist")
    with pytest.raises(ValueError, match="several kinds of work"):
        template("data_scientist", "data_scientist")
    made = template("data_scientist", "analytics")
    assert (made.title, made.strengths) == ("Data scientist", BY_KEY["analytics"].strengths)


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="no role 'wizard'"):
        template("wizard")
