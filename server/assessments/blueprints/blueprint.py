"""What a role needs, and the work that shows it: strengths as hypotheses, floors as bars, exercises against both.

A blueprint is read whole: every problem is told, not only the first. Publishing waits until no problem that blocks is left."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from server.assessments.blueprints.roles import LONGEST_MINUTES, Need
from server.bank import labels

SAME_SKILL = 3  # pieces of work that show one and the same thing


@dataclass(frozen=True, slots=True)
class Task:
    """An exercise as a blueprint sees it. `median_minutes`: of real people; None before anybody sat it."""

    slug: str
    kind: str
    topics: tuple[str, ...]
    level: int
    minutes: int
    median_minutes: int | None = None
    public: bool = True
    proven: bool = True

    def shows(self, need: Need) -> bool:
        fits = self.kind == need.kind and self.level >= need.level
        return fits and (not need.topics or bool(set(need.topics) & set(self.topics)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Blueprint:
    """`stated_minutes`: what candidates are told. `changed`: it or an exercise in it; `previewed`: when somebody of the team last
    began to sit it as a candidate would."""

    role: str
    strengths: tuple[Need, ...]
    floors: tuple[Need, ...]
    tasks: tuple[Task, ...]
    stated_minutes: int
    changed: datetime
    previewed: datetime | None = None
    unfounded: tuple[Need, ...] = ()  # floors that name no must-have, of a job that has some
    gone: tuple[str, ...] = ()  # titles of exercises that left the bank
    quarantined: tuple[str, ...] = ()  # titles of exercises that the team took out of use
    has_contact: bool = True
    has_about: bool = True


@dataclass(frozen=True, slots=True)
class Problem:
    code: str
    text: str
    blocks: bool = True


def problems(blueprint: Blueprint) -> list[Problem]:
    """Everything that speaks against publishing it."""
    rules = (_needs, _time, _coverage, _exposure, _told, _preview)
    return [problem for rule in rules for problem in rule(blueprint)]


def covering(blueprint: Blueprint) -> Mapping[Need, tuple[Task, ...]]:
    """Each need, and the tasks that show it."""
    needs = (*blueprint.strengths, *blueprint.floors)
    return {need: tuple(task for task in blueprint.tasks if task.shows(need)) for need in needs}


def real_minutes(blueprint: Blueprint) -> int:
    """By the medians of people who sat the tasks, where there are any."""
    return sum(task.median_minutes or task.minutes for task in blueprint.tasks)


def _needs(blueprint: Blueprint) -> Iterator[Problem]:
    if not blueprint.strengths:
        yield Problem("no-strength", "Write down at least one strength that you expect: a hypothesis to be shown or not.")
    if not blueprint.floors:
        yield Problem("no-floor", "Set at least one floor: the least that somebody strong elsewhere must know here.")
    if blueprint.role == "devops_engineer" and not any(task.kind == "debugging" for task in blueprint.tasks):
        yield Problem("no-debugging", "Whoever runs models in use must find faults: add an exercise of the kind debugging.")
    if blueprint.tasks and not any(task.kind == "projects" for task in blueprint.tasks):
        yield Problem("no-project", "Nothing asks about past work. Add an exercise of the kind projects.", blocks=False)
    for need in blueprint.unfounded:
        yield Problem("no-must", f"Say which must-have needs the floor for {described(need)}, or remove that floor.")
    wrong = sorted({need.kind for need in (*blueprint.strengths, *blueprint.floors) if not 0 < need.share <= 1})
    if wrong:
        yield Problem("share", f"A share asked for lies between 0 and 1 ({', '.join(wrong)}).")


def _time(blueprint: Blueprint) -> Iterator[Problem]:
    if blueprint.stated_minutes <= 0:
        yield Problem("no-time", "Say how long candidates have: more than 0 minutes.")
    if blueprint.stated_minutes > LONGEST_MINUTES:
        hours = f"{blueprint.stated_minutes / 60:g}"
        yield Problem("too-long", f"{hours} hours are more than anybody should work unpaid: at most {LONGEST_MINUTES // 60}.")
    real = real_minutes(blueprint)
    if 0 < blueprint.stated_minutes < real:
        yield Problem("untrue-time", f"{blueprint.stated_minutes} minutes are stated, people need {real}: state at least that.")


def _coverage(blueprint: Blueprint) -> Iterator[Problem]:
    if not blueprint.tasks:
        yield Problem("no-task", "Choose exercises that show what you look for.")
        return
    for need, tasks in covering(blueprint).items():
        if not tasks:
            level = labels.inside_a_sentence(labels.LEVELS[need.level])
            yield Problem("not-shown", f"Nothing shows {described(need)}. Add such an exercise, {level} or above.")
    main = Counter((task.kind, task.topics[0]) for task in blueprint.tasks if task.topics)
    for (kind, topic), count in main.items():
        if count >= SAME_SKILL:
            yield Problem(
                "same-skill", f"{count} exercises show {describe(kind, (topic,))}. One of them is enough.", blocks=False
            )


def _exposure(blueprint: Blueprint) -> Iterator[Problem]:
    for need, tasks in covering(blueprint).items():
        if need in blueprint.floors and tasks and all(task.public for task in tasks):
            yield Problem(
                "public-floor",
                f"The floor for {described(need)} rests on public exercises alone: answers can be found. Add a private one.",
                blocks=False,
            )
    for title in blueprint.gone:
        yield Problem("gone", f"“{title}” is not in the bank any more. Remove it and choose another one.")
    for title in blueprint.quarantined:
        yield Problem("quarantined", f"Your team has taken “{title}” out of use. Remove it, or lift the quarantine first.")
    unproven = [task.slug for task in blueprint.tasks if not task.proven]
    if unproven:
        yield Problem("unproven", f"Not proven by the gate: {', '.join(unproven)}.")


def _told(blueprint: Blueprint) -> Iterator[Problem]:
    if not blueprint.has_contact:
        yield Problem("no-contact", "Say whom candidates can ask: a name with an address.")
    if not blueprint.has_about:
        yield Problem("no-about", "Candidates read nothing about the team and the work. A few sentences help them.", blocks=False)


def _preview(blueprint: Blueprint) -> Iterator[Problem]:
    if blueprint.previewed is None or blueprint.previewed < blueprint.changed:
        yield Problem("not-previewed", "Sit it yourself as a candidate would, after the last change.")


def blocking(found: Sequence[Problem]) -> list[Problem]:
    return [problem for problem in found if problem.blocks]


def described(need: Need) -> str:
    return describe(need.kind, need.topics)


def describe(kind: str, topics: Sequence[str]) -> str:
    """For the middle of a sentence: coding on SQL or algorithms."""
    words = [labels.inside_a_sentence(labels.TOPICS.get(topic, topic)) for topic in topics]
    about = f" on {', '.join(words[:-1])}{' or ' if words[:-1] else ''}{words[-1]}" if words else ""
    return labels.inside_a_sentence(labels.KINDS.get(kind, kind)) + about
