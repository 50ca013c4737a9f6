"""The log of a team, read: newest first, in words, candidates by code."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from server.assessments.log.names import ANY_CANDIDATE, Names, names_of
from server.assessments.log.words import ACTS, say
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.tables import AuditRow

PAGE = 50
CANDIDATES, SITE = "candidates", "site"  # whom the log can be filtered by, besides people of the team
SERVER = "server"  # as an actor in the rows
GONE = "Somebody whose account is deleted"


@dataclass(frozen=True, slots=True)
class Wanted:
    """`act`: one of the table, or empty; `who`: id of a person, "candidates", "site", or empty; `before`: a number of a row."""

    act: str = ""
    who: str = ""
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One act in words."""

    row: AuditRow
    who: str
    what: str


def read_log(session: Session, seat: Seat, wanted: Wanted) -> tuple[list[Line], int | None]:
    """A page of it, and before which row the next page begins. Raises NotAllowed."""
    seat.require(Right.see_log)
    rows = session.exec(rows_of(seat, wanted).order_by(col(AuditRow.id).desc()).limit(PAGE + 1)).all()
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return in_words(session, seat.team.id, rows[:PAGE]), more


def rows_of(seat: Seat, wanted: Wanted) -> Any:
    found = select(AuditRow).where(AuditRow.subject == f"team:{seat.team.id}")
    if wanted.act in ACTS:
        found = found.where(AuditRow.act == wanted.act)
    if wanted.who == CANDIDATES:
        found = found.where(col(AuditRow.actor).startswith(ANY_CANDIDATE))
    elif wanted.who:
        found = found.where(AuditRow.actor == (SERVER if wanted.who == SITE else wanted.who))
    return found if wanted.before is None else found.where(col(AuditRow.id) < wanted.before)


def in_words(session: Session, team_id: str, rows: Sequence[AuditRow]) -> list[Line]:
    names = names_of(session, team_id, rows)
    return [Line(row, _who(row, names), say(row.act, _words(row, names))) for row in rows]


def _who(row: AuditRow, names: Names) -> str:
    if row.actor == SERVER:
        return "This site"
    if row.actor.startswith(ANY_CANDIDATE):
        return names.candidates.get(row.actor.removeprefix(ANY_CANDIDATE), "A candidate")
    return names.persons.get(row.actor, GONE)


def _words(row: AuditRow, names: Names) -> dict[str, str]:
    looked_up: Mapping[str, Mapping[str, str]] = {
        "person": names.persons,
        "candidate": names.candidates,
        "sitting": names.sittings,
        "job": names.jobs,
        "blueprint": names.blueprints,
        "exercise": names.exercises,
    }
    words: dict[str, str] = {}
    for name, value in row.details.items():
        if name in looked_up:
            words |= {name: looked_up[name][str(value)]} if str(value) in looked_up[name] else {}
        elif name in SPELLED:
            words[name] = SPELLED[name](value)
        else:
            words[name] = str(value)
    return words


def _moment(value: object) -> str:
    moment = datetime.fromisoformat(str(value))
    return f"{moment.day} {moment:%B %Y, %H:%M} UTC"


def _effects(value: object) -> str:
    return ", ".join(f"{count} {effect}" for effect, count in value.items()) if isinstance(value, dict) else str(value)


SPELLED: Mapping[str, Callable[[object], str]] = {
    "until": _moment,
    "effects": _effects,
    "by": lambda value: ", because time was up" if value == "time" else "",
    "why": lambda value: {"time": ": the time for keeping it was over", "team": ", on request"}.get(str(value), ""),
}
