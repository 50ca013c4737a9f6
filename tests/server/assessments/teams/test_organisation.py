"""Six answers place a team; its archetype and sliders move weights, and every move is explained."""

import pytest

from server.assessments.teams.organisation import DEFAULTS, QUESTIONS, SHIFTS, Archetype, Sliders, archetype_of, weights
from server.exercise_format.words import KINDS

ALL_KINDS = tuple(kind.name for kind in KINDS)
ANSWERS = {
    Archetype.ad_hoc: ("few", "spread", "shown", "nobody", "whoever", "forgotten"),
    Archetype.research: ("group", "lab", "published", "elsewhere", "researchers", "learned"),
    Archetype.embedded: ("group", "products", "feature", "product", "product", "plan-b"),
    Archetype.division: ("groups", "division", "handed-over", "elsewhere", "customers", "budget"),
    Archetype.ml_first: ("most", "products", "product", "own", "product", "company"),
}


@pytest.mark.parametrize("archetype", Archetype)
def test_five_sets_of_answers_give_the_five_archetypes(archetype: Archetype) -> None:
    answers = dict(zip((question.key for question in QUESTIONS), ANSWERS[archetype], strict=True))
    assert archetype_of(answers) is archetype


def test_without_answers_a_team_is_taken_for_the_one_that_asks_for_least() -> None:
    assert archetype_of({}) is Archetype.ad_hoc


def test_an_answer_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(ValueError, match="'hundreds' is no answer"):
        archetype_of({"people": "hundreds"})


def test_every_archetype_can_be_reached_from_every_question() -> None:
    for question in QUESTIONS:
        assert {one for choice in question.choices for one in choice.speaks_for} == set(Archetype)


def test_a_product_team_weighs_engineering_at_least_as_much_as_research_and_a_lab_the_other_way_round() -> None:
    def of(archetype: Archetype) -> dict[str, int]:
        return {weight.kind: weight.percent for weight in weights(archetype, DEFAULTS[archetype], ALL_KINDS)}

    embedded, research = of(Archetype.embedded), of(Archetype.research)
    assert embedded["coding"] > embedded["theory"]
    assert research["theory"] > research["coding"]


def test_each_move_of_a_weight_is_explained() -> None:
    found = {weight.kind: weight for weight in weights(Archetype.research, Sliders(4, 0, 2), ALL_KINDS)}
    assert (found["theory"].percent, found["theory"].why) == (
        130,
        ("+20 %: research and development", "+10 %: software or research"),
    )
    assert (found["takehome"].percent, found["takehome"].why) == (90, ("-10 %: ownership of data",))
    assert (found["culture"].percent, found["culture"].why) == (100, ())


def test_shifts_name_kinds_that_there_are() -> None:
    assert {kind for shift in SHIFTS.values() for kind in shift} <= set(ALL_KINDS)


def test_a_slider_goes_from_0_to_4() -> None:
    with pytest.raises(ValueError, match="0 to 4"):
        Sliders(5, 0, 0)
