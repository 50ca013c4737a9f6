"""The log of a team as a file, with the seals of its rows: whoever keeps it can have the site's chain looked through for them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from server.assessments.decisions.board import plain_cell
from server.assessments.log.reading import Line, Wanted, in_words, rows_of
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.audit.tables import AuditRow, AuditSeal

AT_ONCE = 500
HEADER = ("row", "moment", "who", "what", "act", "details", "seal", "link")


def export_log(session: Session, seat: Seat, now: datetime) -> None:
    """To be committed before the rows are read, so that this act is among them. Raises NotAllowed."""
    seat.require(Right.see_log)
    mine = select(func.count()).select_from(AuditRow).where(AuditRow.subject == f"team:{seat.team.id}")
    record(session, seat.member.person_id, "log.export", f"team:{seat.team.id}", {"rows": session.exec(mine).one()}, now)


def log_csv(session: Session, seat: Seat) -> Iterator[str]:
    """Line by line, oldest first, some rows at a time. `link` is what `touchstone audit verify --link` looks for."""
    yield _csv_line(HEADER)
    wanted, after = rows_of(seat, Wanted()).order_by(col(AuditRow.id)).limit(AT_ONCE), 0
    while rows := session.exec(wanted.where(col(AuditRow.id) > after)).all():
        after = rows[-1].id
        found = session.exec(select(AuditSeal).where(col(AuditSeal.row_id).in_([row.id for row in rows])))
        seals = {seal.row_id: seal for seal in found}
        for line in in_words(session, seat.team.id, rows):
            yield _csv_line(_cells(line, seals.get(line.row.id or 0)))
        session.expunge_all()


def _cells(line: Line, seal: AuditSeal | None) -> Sequence[str]:
    row = line.row
    told = (str(row.id), row.at.isoformat(), line.who, line.what, row.act, json.dumps(row.details))
    return (*told, str(seal.number), seal.link) if seal else (*told, "", "")


def _csv_line(cells: Sequence[str]) -> str:
    into = io.StringIO()
    csv.writer(into).writerow([plain_cell(cell) for cell in cells])
    return into.getvalue()
