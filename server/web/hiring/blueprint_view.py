"""What the page of a blueprint shows: rows in words, problems with what to do, and the bar of candidates' time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from server.assessments.blueprints.blueprint import Problem, describe, real_minutes
from server.assessments.blueprints.coverage import Fact, Whole
from server.assessments.blueprints.first_draft import Start
from server.assessments.blueprints.real_times import Exposure
from server.assessments.blueprints.roles import LONGEST_MINUTES
from server.assessments.tables.blueprints import NeedRow
from server.bank import labels
from server.web.filter_forms import topics_in_words
from server.web.wording import join_words

SEEN_BY_FEW = 0.1  # of the people who practise here
BAR_WIDTH = 300  # of the drawing, for four hours or for what is longer
FILLS = ("var(--stone)", "var(--gold)", "var(--link)")
TOO_LONG = "var(--fail)"
# What to do about a problem: the words of the link, and where it leads, after the page's own address.
REMEDIES = {
    "no-strength": ("Add a strength", "?add=strength#need"),
    "no-floor": ("Add a floor", "?add=floor#need"),
    "no-debugging": ("Find one", "/exercises?kind=debugging"),
    "no-project": ("Find one", "/exercises?kind=projects"),
    "no-must": ("To the floors", "#floors"),
    "share": ("To the strengths", "#strengths"),
    "no-time": ("Change the time", "#rules"),
    "too-long": ("Change the time", "#rules"),
    "untrue-time": ("Change the time", "#rules"),
    "no-task": ("Choose exercises", "/exercises"),
    "not-shown": ("See what would show it", "#open"),
    "same-skill": ("To the exercises", "#exercises"),
    "public-floor": ("To the exercises", "#exercises"),
    "gone": ("To the exercises", "#exercises"),
    "quarantined": ("To the exercises", "#exercises"),
    "unproven": ("To the exercises", "#exercises"),
    "no-contact": ("Write it down", "#rules"),
    "no-about": ("Write it down", "#rules"),
    "not-previewed": ("To the preview", "#preview"),
}


@dataclass(frozen=True, slots=True)
class NeedLine:
    """A strength or a floor."""

    row: NeedRow
    title: str
    level: str
    percent: int
    evidence: str  # titles of the chosen exercises that show it; empty when none does


def need_line(whole: Whole, row: NeedRow) -> NeedLine:
    showing = whole.showing(row)
    evidence = join_words([fact.title for fact in showing])
    return NeedLine(row, need_title(row.kind, row.topics), labels.LEVELS[row.level], round(100 * row.share), evidence)


def need_title(kind: str, topics: Sequence[str]) -> str:
    said = describe(kind, topics)
    return said[:1].upper() + said[1:]


@dataclass(frozen=True, slots=True)
class TaskLine:
    """An exercise of the blueprint, or one that could be."""

    slug: str
    title: str
    topics: str
    kind: str
    minutes: str
    seen: str
    seen_class: str  # of a status


def task_line(fact: Fact) -> TaskLine:
    task = fact.task
    people = f", people need {task.median_minutes}" if task.median_minutes else ""
    kind = f"{labels.KINDS[task.kind]}, {labels.inside_a_sentence(labels.LEVELS[task.level])}"
    seen, seen_class = exposure_words(fact.exposure)
    return TaskLine(fact.slug, fact.title, topics_in_words(task.topics), kind, f"{task.minutes} min{people}", seen, seen_class)


def exposure_words(exposure: Exposure) -> tuple[str, str]:
    """With the class of a status."""
    if exposure.share is None:
        return "Exposure not known", ""
    if exposure.share < SEEN_BY_FEW:
        return "Low exposure", "passed"
    return f"Seen by {round(100 * exposure.share)} %", "due"


@dataclass(frozen=True, slots=True)
class Told:
    """A problem with what to do; `anchor` is its place in the list."""

    anchor: str
    text: str
    blocks: bool
    remedy: str
    where: str


def told(problems: Sequence[Problem]) -> list[Told]:
    """What blocks first."""
    ordered = sorted(problems, key=lambda problem: not problem.blocks)
    return [
        Told(f"problem-{number}", problem.text, problem.blocks, *REMEDIES[problem.code])
        for number, problem in enumerate(ordered, 1)
    ]


@dataclass(frozen=True, slots=True)
class Piece:
    """Of the bar, in units of the drawing."""

    x: float
    width: float
    fill: str


@dataclass(frozen=True, slots=True)
class Time:
    """Candidates' time: what is stated, what people need, and the bar of the exercises."""

    stated: int
    needed: int
    by: str  # whose minutes they are
    pieces: tuple[Piece, ...]
    limit: float  # where four hours are on the bar
    longest: int  # minutes at its end
    says: str

    @property
    def too_long(self) -> bool:
        return max(self.stated, self.needed) > LONGEST_MINUTES


def time_of(whole: Whole) -> Time:
    tasks = whole.blueprint.tasks
    needed = real_minutes(whole.blueprint)
    spans = [task.median_minutes or task.minutes for task in tasks]
    longest = max(LONGEST_MINUTES, needed)
    known = sum(task.median_minutes is not None for task in tasks)
    by = "median of people" if known and known == len(tasks) else "medians where known" if known else "by the authors"
    parts = [f"{labels.inside_a_sentence(labels.KINDS[task.kind])} {span}" for task, span in zip(tasks, spans, strict=True)]
    says = f"{needed} of at most {LONGEST_MINUTES} minutes{': ' if parts else ''}{', '.join(parts)}"
    limit = BAR_WIDTH * LONGEST_MINUTES / longest
    return Time(whole.row.stated_minutes, needed, by, _pieces(spans, longest), limit, longest, says)


def _pieces(spans: Sequence[int], longest: int) -> tuple[Piece, ...]:
    """One for each exercise; what lies beyond four hours is red."""
    pieces, begins = [], 0
    for number, span in enumerate(spans):
        for start, end, fill in (
            (begins, min(begins + span, LONGEST_MINUTES), FILLS[number % len(FILLS)]),
            (max(begins, LONGEST_MINUTES), begins + span, TOO_LONG),
        ):
            if end > start:
                scale = BAR_WIDTH / longest
                pieces.append(Piece(round(start * scale, 1), round(max(1.0, (end - start) * scale - 1), 1), fill))
        begins += span
    return tuple(pieces)


def starting_lines(starts: Sequence[Start]) -> list[str]:
    """How the team's profile moved the minutes that strengths begin with."""
    return [
        f"{need_title(start.need.kind, start.need.topics)}: {start.usual_minutes} minutes become {start.need.minutes} "
        f"({'; '.join(start.why)})"
        for start in starts
        if start.why
    ]


def policy_values(whole: Whole) -> dict[str, Any]:
    row = whole.row
    names = ("stated_minutes", "ai_policy", "answer_days", "appeal_days", "markers", "hard_window", "about", "contact")
    return {name: getattr(row, name) for name in names}


def need_values(row: NeedRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "topics": row.topics,
        "level": row.level,
        "minutes": row.minutes,
        "percent": round(100 * row.share),
        "words": row.words,
        "must": row.must,
    }
