"""How far the candidates of a round have come, counted from rows: whoever previews counts nowhere."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from sqlalchemy import func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from server.assessments.decisions.board import Board, Row
from server.assessments.decisions.steps import Step
from server.assessments.sittings.deadline import Still
from server.assessments.sittings.times import minutes_used
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Outage, Sitting, SittingPause

FEWEST = 5  # people below which no median and no rate is told


@dataclass(frozen=True, slots=True)
class Funnel:
    """Counts of people. `median_used`, in minutes, and `start_percent` are None where there are too few people to tell."""

    invited: int
    opened: int
    started: int
    handed_in: int
    marked: int
    decided: int
    median_used: int | None
    stated: int
    given_back: int  # sittings whose clock stood still, or that were granted minutes
    extra_time: int  # of those who began
    start_percent: int | None

    @property
    def steps(self) -> tuple[tuple[str, int], ...]:
        names = ("invited", "opened", "started", "handed_in", "marked", "decided")
        return tuple((name.replace("_", " "), getattr(self, name)) for name in names)


def funnel_of(session: Session, board: Board) -> Funnel:
    """Of one version of the blueprint. Who began and was taken back then counts as begun, nothing more; who was erased counts as
    far as they had come."""
    sent, opened, begun, handed_in, decided, extra, granted = _counts(session, board.blueprint)
    erased = _erased(session, board.blueprint)
    begun += erased[Step.started]
    still = _still(session, board.rows)
    handed = [row for row in board.rows if row.handed_in_at is not None]
    used = [minutes_used(row.started_at, row.handed_in_at, still[row.sitting_id]) for row in handed if row.handed_in_at]
    stood = {row.sitting_id for row in board.rows if still[row.sitting_id]}
    return Funnel(
        invited=sent,
        opened=opened,
        started=begun,
        handed_in=handed_in + erased[Step.handed_in],
        marked=sum(row.seen.missing is None for row in handed) + erased[Step.marked],
        decided=decided + erased[Step.decided],
        median_used=round(median(used)) if len(used) >= FEWEST else None,
        stated=board.blueprint.stated_minutes,
        given_back=len(stood | granted),
        extra_time=extra,
        start_percent=round(100 * begun / sent) if sent >= FEWEST else None,
    )


def _counts(session: Session, blueprint: BlueprintRow) -> tuple[int, int, int, int, int, int, set[str]]:
    mine = (col(Candidate.blueprint_id) == blueprint.id, col(Candidate.preview).is_(False))
    columns = (Candidate.sent_at, Candidate.opened_at, Sitting.id, Sitting.handed_in_at, Decision.sitting_id)
    counted = (
        select_columns(*(func.count(col(each)) for each in columns))
        .select_from(Candidate)
        .join(Sitting, col(Sitting.candidate_id) == col(Candidate.id), isouter=True)
        .join(Decision, col(Decision.sitting_id) == col(Sitting.id), isouter=True)
        .where(*mine)
    )
    begun = select(Sitting.id, Candidate.extra_percent, Sitting.granted_minutes).join(
        Candidate, col(Candidate.id) == col(Sitting.candidate_id)
    )
    helped = session.exec(begun.where(*mine, (col(Candidate.extra_percent) > 0) | (col(Sitting.granted_minutes) > 0))).all()
    extra, granted = sum(percent > 0 for _, percent, _ in helped), {one for one, _, minutes in helped if minutes > 0}
    sent, opened, started, handed_in, decided = session.execute(counted).one()
    return sent, opened, started, handed_in, decided, extra, granted


def _erased(session: Session, blueprint: BlueprintRow) -> dict[Step, int]:
    """How many had come to each step when they were erased."""
    mine = (col(Candidate.blueprint_id) == blueprint.id, col(Candidate.preview).is_(False))
    reached = [Step(step) for step in session.exec(select(Candidate.reached).where(*mine, col(Candidate.erased_at).is_not(None)))]
    return {step: sum(each.has_come_to(step) for each in reached) for step in Step}


def _still(session: Session, rows: Iterable[Row]) -> dict[str, list[Still]]:
    """Times in which each sitting's clock stood still, from its start until it was handed in."""
    found: dict[str, list[Still]] = defaultdict(list)
    spans = {row.sitting_id: (row.started_at, row.handed_in_at) for row in rows}
    if not spans:
        return found
    first = min(started for started, _ in spans.values())
    outages = [Still(each.since, each.until, ours=True) for each in session.exec(select(Outage).where(Outage.until > first))]
    for sitting_id, (started, handed_in) in spans.items():
        if outages:
            found[sitting_id] += [each for each in outages if _overlaps(each, started, handed_in)]
    for pause in session.exec(select(SittingPause).where(col(SittingPause.sitting_id).in_(spans))):
        each = Still(pause.since, pause.until, ours=False)
        if _overlaps(each, *spans[pause.sitting_id]):
            found[pause.sitting_id].append(each)
    return found


def _overlaps(still: Still, started: datetime, handed_in: datetime | None) -> bool:
    return (still.until is None or still.until > started) and (handed_in is None or still.since < handed_in)
