"""A list of people invited: good rows are, the others are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.assessments.invitations.candidates import invite_all
from server.assessments.invitations.csv_lists import Row, RowError, Sheet, to_mend
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.seats import Seat


@dataclass(frozen=True, slots=True)
class Imported:
    """`rest`: the rows that are not invited yet, as CSV to be mended."""

    invited: int
    errors: tuple[RowError, ...]
    rest: str


def invite_sheet(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow | None, sheet: Sheet, now: datetime
) -> Imported:
    """Raises NotAllowed; Conflict when nobody can be invited."""
    found = invite_all(session, seat, job, blueprint, [row.wanted for row in sheet.rows], now)
    wrong = [_error(row, made) for row, made in zip(sheet.rows, found, strict=True) if not isinstance(made, Candidate)]
    errors = tuple(sorted([*sheet.errors, *wrong], key=lambda error: error.line))
    return Imported(len(found) - len(wrong), errors, to_mend(sheet.header, errors))


def _error(row: Row, problems: Mapping[str, str]) -> RowError:
    said = " ".join(f"{column}: {problem}." for column, problem in problems.items())
    return RowError(row.line, row.text, said)
