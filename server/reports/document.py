"""What a report says, as plain data: everything that was asked and found, nothing of what is hidden in an exercise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.decisions.evidence import NeedSeen, Seen, Work
from server.assessments.sittings.times import Times
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.exercise_format.exercise import Exercise
from server.grading.messages import check_message
from server.grading.outcome import Outcome, State
from server.reports.signing import Signer

FORMAT = 1
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class LineRead:
    """A line of a rubric as it was settled. `question`: empty where the rubric is of several. `level` is None where nobody could
    judge; `anchor`: what that level looks like."""

    question: str
    line: str
    level: float | None
    anchor: str


@dataclass(frozen=True, slots=True)
class TaskGraded:
    """One task: the exercise in the version that it was graded with, what was found, and why it was graded again."""

    work: Work
    exercise: Exercise
    digest: str
    outcomes: Sequence[Outcome]
    lines: Sequence[LineRead]
    regraded: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that a report is made of. `percentiles`: by the id of a need, and of how many people."""

    team: str
    job: str
    candidate: Candidate
    blueprint: BlueprintRow
    sitting: Sitting
    times: Times
    decision: Decision
    seen: Seen
    tasks: Sequence[TaskGraded]
    markers: int
    percentiles: Mapping[str, tuple[int, int]]


def document(told: Told, signer: Signer, now: datetime) -> Json:
    """Extra time is nobody's business but the candidate's, so it is not in what they hand on."""
    rule = BY_KEY[told.blueprint.ai_policy]
    return {
        "format": FORMAT,
        "issued_at": now.isoformat(),
        "candidate": told.candidate.name or told.candidate.code,
        "team": told.team,
        "job": told.job,
        "blueprint_version": told.blueprint.version,
        "started_at": told.sitting.started_at.isoformat(),
        "handed_in_at": _moment(told.sitting.handed_in_at),
        "handed_in_by": told.sitting.handed_in_by,
        "fingerprint": told.sitting.fingerprint,
        "minutes": {"stated": told.times.stated, "used": told.times.used, "given_back": told.times.given_back},
        "ai": {"rule": rule.title, "told": rule.tells, "disclosure": told.sitting.disclosure},
        "asked": [_task(each) for each in told.tasks],
        "needs": [_need(each, told.percentiles.get(each.asked.id)) for each in told.seen.needs],
        "verdict": told.seen.words,
        "feedback": told.decision.feedback,
        "decided_at": told.decision.at.isoformat(),
        "marked_by": told.markers,
        "signed": {"algorithm": "Ed25519", "key": signer.fingerprint, "verify": signer.address},
    }


def _moment(value: datetime | None) -> str | None:
    return value.isoformat() if value else None


def _task(graded: TaskGraded) -> Json:
    front = graded.exercise.front
    found: Json = {
        "title": front.title,
        "exercise": front.slug,
        "version": front.version,
        "digest": graded.digest,
        "kind": front.kind,
        "minutes": front.minutes,
        "counts": not graded.work.quarantined,
        "checks": [_outcome(graded.exercise, each) for each in graded.outcomes],
        "marked": [_line(each) for each in graded.lines],
    }
    if graded.work.missing is not None:
        found["missing"] = graded.work.missing.value
    if graded.regraded:
        found["graded_again"] = graded.regraded
    return found


def _outcome(exercise: Exercise, outcome: Outcome) -> Json:
    named = exercise.question(outcome.check) if outcome.question else exercise.check(outcome.check)
    return {
        "name": outcome.check,
        "title": named.title if named is not None else outcome.check,
        "hidden": outcome.hidden,
        "outcome": outcome.outcome.value,
        "points": outcome.points,
        "possible": outcome.possible,
        "message": message_of(exercise, outcome),
    }


def message_of(exercise: Exercise, outcome: Outcome) -> str:
    """Of a hidden check only what its author wrote for this: what an assert or a program said could hold inputs and answers.
    Of a question only the reasons for what was chosen: the others would be the key."""
    if outcome.hidden:
        check = exercise.check(outcome.check)
        if check is None or outcome.outcome is State.passed:
            return ""
        policy = "name" if exercise.front.hidden_policy == "name" else "message"
        return check_message(check, outcome.outcome, "", "", policy)
    chosen = [reason.text for reason in outcome.reasons if reason.chosen]
    return " ".join(part for part in (outcome.message, *chosen) if part)


def _line(read: LineRead) -> Json:
    return {"question": read.question, "line": read.line, "level": read.level, "of": 5, "anchor": read.anchor}


def _need(seen: NeedSeen, percentile: tuple[int, int] | None) -> Json:
    low, estimate, high = seen.percents or (None, None, None)
    found: Json = {
        "name": seen.name,
        "floor": seen.asked.floor,
        "topics": list(seen.asked.topics),
        "asked": seen.asked.percent,
        "written_at": seen.asked.written_at.isoformat(),
        "low": low,
        "estimate": estimate,
        "high": high,
        "verdict": seen.finding.verdict.value if seen.finding else seen.words,
    }
    if percentile is not None:
        found["percentile"], found["percentile_of"] = percentile
    return found
