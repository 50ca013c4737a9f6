"""What a take-home shows of each need: the work behind it, the range that it comes to, and what is still missing. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from server.assessments.blueprints.blueprint import Task
from server.assessments.blueprints.roles import Need
from server.assessments.blueprints.versions import as_need
from server.assessments.decisions.verdicts import Evidence, Finding, Verdict, judge_candidate, judge_need
from server.assessments.tables.blueprints import NeedRow
from server.bank.labels import KINDS
from server.grading.outcome import State

UNDECIDED = frozenset({State.to_mark.value, State.our_fault.value})  # rows that no machine decided


class Missing(StrEnum):
    """Why there is nothing to judge yet, in the order in which it is said."""

    running = "running"  # not handed in
    fault = "fault"  # our machinery failed
    grading = "grading"
    marking = "marking"


MISSING_WORDS: Mapping[Missing, str] = {
    Missing.running: "Running",
    Missing.fault: "Not graded, our fault",
    Missing.grading: "Being graded",
    Missing.marking: "To mark",
}


@dataclass(frozen=True, slots=True)
class Work:
    """One task of a take-home. `decided`: what a machine decided, `marked`: what people did; neither counts in quarantine."""

    task: Task
    title: str
    decided: Evidence | None = None
    marked: Evidence | None = None
    missing: Missing | None = None
    quarantined: bool = False

    @property
    def counts(self) -> tuple[Evidence, ...]:
        return () if self.quarantined else tuple(each for each in (self.decided, self.marked) if each is not None)


@dataclass(frozen=True, slots=True)
class Asked:
    """A need as it was written down; plain data, so that it outlives the rows that it was read from."""

    id: str
    floor: bool
    need: Need
    words: str
    must: str
    written_at: datetime

    @property
    def kind(self) -> str:
        return self.need.kind

    @property
    def topics(self) -> tuple[str, ...]:
        return self.need.topics

    @property
    def percent(self) -> int:
        """The share of the points that is asked for."""
        return round(100 * self.need.share)


def asked(rows: Iterable[NeedRow]) -> list[Asked]:
    return [Asked(row.id, row.floor, as_need(row), row.words, row.must, row.written_at) for row in rows]


@dataclass(frozen=True, slots=True)
class NeedSeen:
    """A need with the work that shows it. `finding` is None while a result or a mark is missing."""

    asked: Asked
    name: str
    works: tuple[Work, ...]
    finding: Finding | None
    missing: Missing | None = None

    @property
    def percents(self) -> tuple[int, int, int] | None:
        """Low end, best estimate and high end of the range, whole numbers from 0 to 100."""
        found = self.finding.range if self.finding else None
        return None if found is None else (round(100 * found.low), round(100 * found.estimate), round(100 * found.high))

    @property
    def words(self) -> str:
        """What there is to say of the range, for whoever cannot see it."""
        if self.finding is None:
            return MISSING_WORDS[self.missing or Missing.grading].lower()
        if self.percents is None:
            return "too little work to tell"
        low, estimate, high = self.percents
        return f"{estimate}, likely {low} to {high}"


@dataclass(frozen=True, slots=True)
class Seen:
    """A take-home against its blueprint. `verdict` is None while anything is missing; there is no total on purpose."""

    strengths: tuple[NeedSeen, ...]
    floors: tuple[NeedSeen, ...]
    works: tuple[Work, ...]
    verdict: Verdict | None
    missing: Missing | None
    words: str

    @property
    def needs(self) -> tuple[NeedSeen, ...]:
        return (*self.strengths, *self.floors)

    @property
    def strengths_shown(self) -> int:
        return sum(each.finding is not None and each.finding.verdict is Verdict.meets for each in self.strengths)


def decided_by_machine(outcomes: Iterable[Mapping[str, object]]) -> Evidence:
    """Of the rows of a result, those that a machine decided: each is a piece. Rows of a fault of ours count for nobody."""
    rows = [row for row in outcomes if row["outcome"] not in UNDECIDED]
    points, possible = (sum(float(str(row[name])) for row in rows) for name in ("points", "possible"))
    return Evidence(points, possible, sum(float(str(row["possible"])) > 0 for row in rows))


def see(strengths: Sequence[Asked], floors: Sequence[Asked], works: Sequence[Work], running: bool = False) -> Seen:
    """Look at the work with the needs of the blueprint. `running`: it was not handed in."""
    missing = first_missing([Missing.running] if running else [work.missing for work in works if not work.quarantined])
    shown = [
        tuple(_see_need(each, name, works, running) for each, name in zip(side, need_names(side), strict=True))
        for side in (strengths, floors)
    ]
    found = [[each.finding for each in side if each.finding is not None] for side in shown]
    verdict = judge_candidate(found[0], found[1]) if missing is None else None
    words = _verdict_words(verdict, *shown) if verdict is not None else MISSING_WORDS[missing or Missing.grading]
    return Seen(shown[0], shown[1], tuple(works), verdict, missing, words)


def _see_need(wanted: Asked, name: str, works: Sequence[Work], running: bool) -> NeedSeen:
    behind = tuple(work for work in works if work.task.shows(wanted.need))
    missing = Missing.running if running else first_missing([work.missing for work in behind if not work.quarantined])
    if missing is not None:
        return NeedSeen(wanted, name, behind, None, missing)
    evidence = [each for work in behind for each in work.counts]
    return NeedSeen(wanted, name, behind, judge_need(evidence, wanted.need.share, floor=wanted.floor))


def first_missing(reasons: Iterable[Missing | None]) -> Missing | None:
    there = set(reasons)
    return next((reason for reason in Missing if reason in there), None)


def need_names(side: Sequence[Asked]) -> list[str]:
    """The kind alone where that tells them apart, else with what each is about."""
    kinds = Counter(each.kind for each in side)
    words = [KINDS.get(each.kind, each.kind).lower() for each in side]
    return [word if kinds[each.kind] == 1 else f"{word} ({_about(each)})" for word, each in zip(words, side, strict=True)]


def _about(asked: Asked) -> str:
    return ", ".join(topic.replace("-", " ") for topic in asked.topics) or "any topic"


def _verdict_words(verdict: Verdict, strengths: Sequence[NeedSeen], floors: Sequence[NeedSeen]) -> str:
    if verdict is Verdict.meets:
        return "Meets every floor"
    named = {Verdict.below: "Below floor", Verdict.not_shown: "Not shown", Verdict.too_little: "Not enough evidence"}
    about = [each.name for each in (*floors, *strengths) if each.finding is not None and each.finding.verdict is verdict]
    return f"{named[verdict]}: {', '.join(dict.fromkeys(about))}" if about else named[verdict]


def snapshot(seen: Seen) -> list[dict[str, object]]:
    """The evidence as plain data, to be kept with a decision: what was shown, not what can be computed later."""
    return [
        {
            "need": each.asked.id,
            "floor": each.asked.floor,
            "name": each.name,
            "asked": each.asked.percent,
            "written_at": each.asked.written_at.isoformat(),
            "range": list(each.percents) if each.percents else None,
            "verdict": each.finding.verdict.value if each.finding else None,
            "missing": each.missing.value if each.missing else None,
            "why": each.finding.why if each.finding else "",
            "works": [_work(work) for work in each.works],
        }
        for each in seen.needs
    ]


def _work(work: Work) -> dict[str, object]:
    pieces = {"decided": work.decided, "marked": work.marked}
    told = {name: [part.points, part.possible, part.pieces] if part else None for name, part in pieces.items()}
    return {"exercise": work.task.slug, **told, "quarantined": work.quarantined}


def share_words(work: Work) -> str:
    """What one task earned, for the team: "12 of 16 points in 9 checks and questions"."""
    if work.quarantined:
        return "counts for nobody: taken out of use"
    if work.missing is not None:
        return MISSING_WORDS[work.missing].lower()
    parts = ((work.decided, "checks and questions"), (work.marked, "marked lines"))
    told = [f"{part.points:g} of {part.possible:g} points in {part.pieces} {of}" for part, of in parts if part and part.pieces]
    return "; ".join(told) or "nothing that counts"
