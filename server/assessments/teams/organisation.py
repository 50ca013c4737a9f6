"""What kind of machine-learning organisation a team belongs to, from six answers, and what follows for the kinds of exercises.

The five archetypes and the shifts of weight are a reading of the field's advice, shown to the team and open to change. They
move weights only, never a floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Archetype(StrEnum):
    ad_hoc = "ad-hoc"
    research = "research and development"
    embedded = "embedded in products"
    division = "independent division"
    ml_first = "ML first"


@dataclass(frozen=True, slots=True)
class Choice:
    key: str
    text: str
    speaks_for: Mapping[Archetype, int]  # 2: typical of it, 1: fits


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Sliders:
    """From 0 to 4. Where a team stands between software and research; how much it owns of the data and of the models in use."""

    research: int
    data: int
    models: int

    def __post_init__(self) -> None:
        if not all(0 <= value <= 4 for value in (self.research, self.data, self.models)):
            raise ValueError("a slider goes from 0 to 4")


A, R, E, D, M = Archetype
QUESTIONS = (
    Question(
        "people",
        "How many people spend most of their time on machine learning?",
        (
            Choice("few", "One or two, beside other work", {A: 2}),
            Choice("group", "A group of three to ten", {R: 1, E: 1}),
            Choice("groups", "Several groups", {E: 1, D: 2}),
            Choice("most", "Most of the company", {M: 2}),
        ),
    ),
    Question(
        "place",
        "Where do they sit?",
        (
            Choice("spread", "Wherever they happened to be hired", {A: 2}),
            Choice("lab", "In a research group of their own", {R: 2}),
            Choice("products", "In the teams that build the products", {E: 2, M: 1}),
            Choice("division", "In a division that serves the others", {D: 2}),
        ),
    ),
    Question(
        "outcome",
        "What becomes of a model that works?",
        (
            Choice("shown", "It is shown; sometimes somebody takes it up", {A: 2, R: 1}),
            Choice("published", "It becomes a report, a paper or a prototype", {R: 2}),
            Choice("feature", "The people who built it run it as a part of the product", {E: 2, M: 1}),
            Choice("handed-over", "It is handed to another team, which runs it", {D: 2}),
            Choice("product", "It is the product", {M: 2}),
        ),
    ),
    Question(
        "data",
        "Who looks after the data that models learn from?",
        (
            Choice("nobody", "Nobody in particular", {A: 2}),
            Choice("elsewhere", "Another team; we ask for extracts", {R: 2, D: 1}),
            Choice("product", "The product team itself", {E: 2}),
            Choice("own", "Our own people, for the whole company", {D: 1, M: 2}),
        ),
    ),
    Question(
        "plan",
        "Who decides what is worked on?",
        (
            Choice("whoever", "Whoever has an idea and time", {A: 2}),
            Choice("researchers", "The researchers, a year or more ahead", {R: 2}),
            Choice("product", "The product's plan", {E: 2, M: 1}),
            Choice("customers", "Other departments, as our customers", {D: 2}),
        ),
    ),
    Question(
        "failure",
        "What happens when a project with a model fails?",
        (
            Choice("forgotten", "It is forgotten", {A: 2}),
            Choice("learned", "We write down what we learned", {R: 2, M: 1}),
            Choice("plan-b", "The product ships with a simpler rule", {E: 2}),
            Choice("budget", "The department that ordered it looks elsewhere", {D: 2}),
            Choice("company", "The company is in trouble", {M: 2}),
        ),
    ),
)
DEFAULTS: Mapping[Archetype, Sliders] = {
    Archetype.ad_hoc: Sliders(research=2, data=1, models=1),
    Archetype.research: Sliders(research=4, data=1, models=1),
    Archetype.embedded: Sliders(research=1, data=2, models=4),
    Archetype.division: Sliders(research=2, data=3, models=2),
    Archetype.ml_first: Sliders(research=2, data=4, models=4),
}
RESEARCH, ENGINEERING = ("theory", "maths", "projects"), ("coding", "debugging")
SHIFTS: Mapping[Archetype, Mapping[str, int]] = {  # percent, by kind of exercise
    Archetype.ad_hoc: {"applied": 20, "takehome": 20},
    Archetype.research: dict.fromkeys(RESEARCH, 20),
    Archetype.embedded: dict.fromkeys(ENGINEERING, 20),
    Archetype.division: {"culture": 10, "applied": 10},
    Archetype.ml_first: {"applied": 10},
}


def archetype_of(answers: Mapping[str, str]) -> Archetype:
    """Of six answers, or fewer: the archetype that most of them speak for. A tie goes to the one that asks for less. Raises
    ValueError for an answer that there is none of."""
    votes = dict.fromkeys(Archetype, 0)
    for question in QUESTIONS:
        if question.key in answers:
            for archetype, weight in _choice(question, answers[question.key]).speaks_for.items():
                votes[archetype] += weight
    return max(Archetype, key=lambda one: votes[one])


def _choice(question: Question, key: str) -> Choice:
    found = next((choice for choice in question.choices if choice.key == key), None)
    if found is None:
        raise ValueError(f"{key!r} is no answer to {question.text!r}")
    return found


@dataclass(frozen=True, slots=True)
class Weight:
    """How much a kind of exercise counts among strengths, in percent of the usual, and why."""

    kind: str
    percent: int
    why: tuple[str, ...]


def weights(archetype: Archetype, sliders: Sliders, kinds: tuple[str, ...]) -> tuple[Weight, ...]:
    """One for each kind. Sliders at 2 say nothing; each step off moves its kinds by 5 percent, and a team that owns no data
    needs no pipelines."""
    return tuple(_weight(kind, archetype, sliders) for kind in kinds)


def _weight(kind: str, archetype: Archetype, sliders: Sliders) -> Weight:
    parts = [(SHIFTS[archetype].get(kind, 0), f"{archetype.value}")]
    lean = 5 * (sliders.research - 2)
    parts.append((lean if kind in RESEARCH else -lean if kind in ENGINEERING else 0, "software or research"))
    parts.append((5 * (sliders.data - 2) if kind == "takehome" else 0, "ownership of data"))
    parts.append((5 * (sliders.models - 2) if kind == "debugging" else 0, "ownership of models"))
    moved = [(percent, why) for percent, why in parts if percent]
    return Weight(kind, 100 + sum(percent for percent, _ in moved), tuple(f"{percent:+d} %: {why}" for percent, why in moved))
