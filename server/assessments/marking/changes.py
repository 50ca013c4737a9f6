"""What a page says of one's own marking. The same person may have changed it in another tab since the page was given out, so each
field comes with what the page showed of it: what another tab wrote is neither undone by a page that left it alone, nor written
over unseen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from server.assessments.change import Change
from server.assessments.marking.marks import (
    LONG_EVIDENCE,
    LONG_NOTES,
    LONGEST_EVIDENCE,
    LONGEST_NOTES,
    give_mark,
    hold_sitting,
    own_marking,
    undo_mark,
    write_notes,
)
from server.assessments.marking.rubrics import LineKey, RubricLine
from server.assessments.tables.marking import Mark
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.seats import Seat
from server.errors import Invalid
from server.workspaces.cells import storable

SHOWN = 120  # characters of what another tab wrote that a sentence quotes
Written = tuple[int | None, str]  # a level, None without one; and the evidence


@dataclass(frozen=True, slots=True)
class LineChange:
    level: Change[int | None]
    evidence: Change[str]

    def over(self, stored: Written) -> Written:
        return self.level.over(stored[0]), self.evidence.over(stored[1])

    def collides(self, stored: Written) -> bool:
        return self.level.collides(stored[0]) or self.evidence.collides(stored[1])


def plain(text: str) -> str:
    """As it is stored and compared: browsers send line ends in two ways."""
    return storable(text.replace("\r\n", "\n").strip())


def change_marking(
    session: Session, seat: Seat, sitting: Sitting, lines: Mapping[int, LineChange], notes: Change[str], now: datetime
) -> None:
    """All of it, or nothing; lines by their numbers from 1. Raises Invalid with what is wrong at which line, NotFound, Conflict,
    NotAllowed."""
    hold_sitting(session, sitting)
    mine = own_marking(session, seat, sitting)
    wanted: dict[LineKey, Written] = {}
    errors: dict[str, str] = {}
    for number, change in lines.items():
        line, stored = mine.line(number), _written(mine.marks.get(mine.line(number).key))
        if problem := _problem(number, line, change, stored):
            errors[f"line-{number}"] = problem
        elif change.over(stored) != stored:
            wanted[line.key] = change.over(stored)
    noted = plain(mine.marking.notes) if mine.marking else ""
    if problem := _problem_of_notes(notes, noted):
        errors["notes"] = problem
    if errors:
        raise Invalid.fields(errors)
    if notes.over(noted) != noted:
        write_notes(session, seat, sitting, notes.over(noted), now)
    _store(session, seat, sitting, wanted, now)


def _store(session: Session, seat: Seat, sitting: Sitting, wanted: Mapping[LineKey, Written], now: datetime) -> None:
    """What is taken back comes last: with the last mark a marker's place is free, and another one could take it."""
    for key, (level, evidence) in sorted(wanted.items(), key=lambda item: item[1][0] is None):
        if level is None:
            undo_mark(session, seat, sitting, key, now)
        else:
            give_mark(session, seat, sitting, key, level, evidence, now)


def _written(mark: Mark | None) -> Written:
    return (None, "") if mark is None else (mark.level, plain(mark.evidence))


def _problem(number: int, line: RubricLine, change: LineChange, stored: Written) -> str:
    level, evidence = change.over(stored)
    if change.collides(stored):
        return f"Line {number} was changed in another tab: {_words(stored)}; save again to keep what this page says instead"
    if evidence and level is None:
        return f"Choose a level for “{line.words}”, or that you cannot judge it"
    return LONG_EVIDENCE if len(evidence) > LONGEST_EVIDENCE else ""


def _problem_of_notes(notes: Change[str], stored: str) -> str:
    if notes.collides(stored):
        return f"Your notes were changed in another tab: {_quoted(stored)}; save again to keep what this page says instead"
    return LONG_NOTES if len(notes.now) > LONGEST_NOTES else ""


def _words(stored: Written) -> str:
    level, evidence = stored
    if level is None:
        return "it has no level there"
    return f"{f'level {level}' if level else 'it cannot be judged'}, {_quoted(evidence) if evidence else 'without evidence'}"


def _quoted(text: str) -> str:
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”"
