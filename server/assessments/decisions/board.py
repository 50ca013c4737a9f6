"""The board of a round: candidates by code in an order that tells nothing, each need against what was asked, never a rank."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Row as SqlRow
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from server.assessments.blueprints.versions import needs_of
from server.assessments.decisions.evidence import Asked, Missing, Seen, asked, need_names
from server.assessments.decisions.gathering import seen_by_sitting
from server.assessments.decisions.verdicts import Verdict
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record

OUTCOMES: Mapping[str, str] = {"go-on": "go on", "decline": "decline", "hold": "hold"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet may take for one


class Group(StrEnum):
    """What the board can be filtered by, in the order of the chips."""

    everybody = "all"
    meets = "meets"
    below = "below"
    not_shown = "not-shown"
    too_little = "too-little"
    to_mark = "to-mark"
    grading = "grading"
    running = "running"
    decided = "decided"


GROUP_WORDS: Mapping[Group, str] = {
    Group.everybody: "All",
    Group.meets: "Meets every floor",
    Group.below: "Below a floor",
    Group.not_shown: "Strength not shown",
    Group.too_little: "Not enough evidence",
    Group.to_mark: "To mark",
    Group.grading: "Being graded",
    Group.running: "Running",
    Group.decided: "Decided",
}
OF_VERDICT = {
    Verdict.meets: Group.meets,
    Verdict.below: Group.below,
    Verdict.not_shown: Group.not_shown,
    Verdict.too_little: Group.too_little,
}
OF_MISSING = {
    Missing.running: Group.running,
    Missing.fault: Group.grading,
    Missing.grading: Group.grading,
    Missing.marking: Group.to_mark,
}


@dataclass(frozen=True, slots=True)
class Row:
    """A candidate who began. `outcome`: of the decision, empty before it."""

    sitting_id: str
    code: str
    started_at: datetime
    handed_in_at: datetime | None
    outcome: str
    seen: Seen

    @property
    def group(self) -> Group:
        verdict, missing = self.seen.verdict, self.seen.missing
        return OF_VERDICT[verdict] if verdict is not None else OF_MISSING[missing or Missing.grading]

    def is_in(self, group: Group) -> bool:
        return group in (Group.everybody, self.group) or (group is Group.decided and bool(self.outcome))


@dataclass(frozen=True, slots=True)
class Board:
    """One version of a job's blueprint. `versions`: those that candidates were invited to, the newest first."""

    job: HiringJob
    blueprint: BlueprintRow
    versions: tuple[int, ...]
    strengths: tuple[tuple[str, Asked], ...]
    floors: tuple[tuple[str, Asked], ...]
    rows: tuple[Row, ...]

    @property
    def needs(self) -> tuple[tuple[str, Asked], ...]:
        return (*self.strengths, *self.floors)

    def counts(self) -> dict[Group, int]:
        found = Counter(row.group for row in self.rows)
        decided = sum(bool(row.outcome) for row in self.rows)
        return {**found, Group.everybody: len(self.rows), Group.decided: decided}

    def of(self, group: Group) -> list[Row]:
        return [row for row in self.rows if row.is_in(group)]


def board_of(session: Session, seat: Seat, job: HiringJob, version: int | None = None) -> Board | None:
    """None before anybody was invited to that version. Previews are nowhere in it. Raises NotAllowed."""
    seat.require(Right.see_results)
    versions = _versions(session, job)
    if not versions or (version is not None and version not in versions):
        return None
    blueprint = versions[version if version is not None else max(versions)]
    begun = _begun(session, blueprint)
    seen = seen_by_sitting(session, blueprint, {sitting_id: handed_in for sitting_id, _, _, handed_in, _ in begun})
    strengths, floors = map(asked, needs_of(session, blueprint))
    return Board(
        job,
        blueprint,
        tuple(sorted(versions, reverse=True)),
        tuple(zip(need_names(strengths), strengths, strict=True)),
        tuple(zip(need_names(floors), floors, strict=True)),
        tuple(
            Row(sitting_id, code, started, handed_in, outcome or "", seen[sitting_id])
            for sitting_id, code, started, handed_in, outcome in sorted(begun, key=lambda row: _place(job.id, row[0]))
        ),
    )


def _place(job_id: str, sitting_id: str) -> bytes:
    """Neither arrival, nor code, nor result: random, and the same each time."""
    return hashlib.sha256(f"{job_id}\n{sitting_id}".encode()).digest()


def _versions(session: Session, job: HiringJob) -> dict[int, BlueprintRow]:
    """Those that somebody was invited to."""
    invited = select(Candidate.blueprint_id).where(Candidate.job_id == job.id, col(Candidate.preview).is_(False))
    wanted = select(BlueprintRow).where(BlueprintRow.job_id == job.id, col(BlueprintRow.id).in_(invited))
    return {row.version: row for row in session.exec(wanted)}


def _begun(session: Session, blueprint: BlueprintRow) -> Sequence[SqlRow[str, str, datetime, datetime | None, str | None]]:
    """Sitting, code, start, hand-in and decision. Whoever was taken back before handing in is not looked at any more."""
    columns = (Sitting.id, Candidate.code, Sitting.started_at, Sitting.handed_in_at, Decision.outcome)
    wanted = (
        select_columns(*map(col, columns))
        .join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
        .join(Decision, col(Decision.sitting_id) == col(Sitting.id), isouter=True)
        .where(col(Candidate.blueprint_id) == blueprint.id, col(Candidate.preview).is_(False))
        .where(col(Candidate.withdrawn_at).is_(None) | col(Sitting.handed_in_at).is_not(None))
    )
    return session.execute(wanted).all()


# Taking it along


def board_csv(board: Board) -> str:
    """Codes only. Cells that a spreadsheet would take for a formula begin with an apostrophe."""
    into = io.StringIO()
    writer = csv.writer(into)
    names = [f"{'floor' if need.floor else 'strength'} {name}" for name, need in board.needs]
    parts = ("low %", "estimate %", "high %", "asked %", "finding")
    writer.writerow(["candidate", "against the blueprint", "decision", *(f"{name}: {part}" for name in names for part in parts)])
    for row in board.rows:
        cells = [row.code, row.seen.words, OUTCOMES.get(row.outcome, ""), *_need_cells(row)]
        writer.writerow([plain_cell(cell) for cell in cells])
    return into.getvalue()


def _need_cells(row: Row) -> Iterable[str]:
    for each in row.seen.needs:
        yield from (str(part) for part in each.percents) if each.percents else ("", "", "")
        yield str(each.asked.percent)
        yield each.finding.verdict.value if each.finding else each.words


def plain_cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def export_board(session: Session, seat: Seat, board: Board, now: datetime) -> str:
    """The board as CSV, with a row in the log. Raises NotAllowed."""
    seat.require(Right.see_results)
    details = {"job": board.job.id, "version": board.blueprint.version, "candidates": len(board.rows)}
    record(session, seat.member.person_id, "board.export", f"team:{seat.team.id}", details, now)
    return board_csv(board)


def page_of(rows: Sequence[Row], page: int, size: int) -> tuple[Sequence[Row], int]:
    """-> the rows of a page, from 1, and how many pages there are"""
    pages = max(1, -(-len(rows) // size))
    page = min(max(1, page), pages)
    return rows[(page - 1) * size : page * size], pages
