"""Who marks a sitting, and whose marks count: the first who begin, as many as the blueprint says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from server.assessments.marking.agreement import Settled, settle
from server.assessments.marking.rubrics import LineKey
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Agreement, Mark, Marking
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Right, may


class Begun(NamedTuple):
    """A marking as far as it decides whose marks count."""

    begun_at: datetime
    person_id: str
    done_at: datetime | None


@dataclass(slots=True)
class Marked:
    """A sitting as it is marked by now. `markers`: how many there are to be. `counting`: the markings that count, in the order
    in which they began. `levels`: each line's by marker, of those who are done. `agreed`: what markers who differed agreed on.
    """

    markers: int
    counting: list[Begun] = field(default_factory=list)
    levels: dict[LineKey, dict[str, int]] = field(default_factory=dict)
    agreed: dict[LineKey, int] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Everybody whose marks count has begun."""
        return len(self.counting) >= self.markers

    @property
    def is_done(self) -> bool:
        return self.is_full and all(marking.done_at is not None for marking in self.counting)

    def place_of(self, person_id: str) -> int | None:
        """1 for the first marker; None for whoever did not begin, or whose marks do not count."""
        places = [marking.person_id for marking in self.counting]
        return places.index(person_id) + 1 if person_id in places else None

    def levels_of(self, line: LineKey) -> list[int]:
        """In the markers' order."""
        given = self.levels.get(line, {})
        return [given[marking.person_id] for marking in self.counting if marking.person_id in given]

    def settled(self, line: LineKey) -> Settled:
        return settle(self.levels_of(line), self.markers, self.agreed.get(line))


def counting(markings: Iterable[Begun], may_mark: Collection[str], most: int) -> list[Begun]:
    """The first who began. Whoever may not mark any more, before they were done, makes room for somebody else."""
    there = [marking for marking in markings if marking.done_at is not None or marking.person_id in may_mark]
    return sorted(there)[:most]


def marked(session: Session, sitting: Sitting) -> Marked:
    return marked_sittings(session, [sitting.id])[sitting.id]


def marked_sittings(session: Session, sitting_ids: Collection[str]) -> dict[str, Marked]:
    """The same for many sittings at once."""
    found: dict[str, Marked] = {}
    begun = _markings(session, sitting_ids)
    may_mark = _may_mark(session, sitting_ids)
    for sitting_id, team_id, markers in _terms(session, sitting_ids):
        found[sitting_id] = Marked(markers, counting(begun.get(sitting_id, ()), may_mark[team_id], markers))
    _add_levels(session, found)
    _add_agreements(session, found)
    return found


def _terms(session: Session, sitting_ids: Collection[str]) -> Iterable[tuple[str, str, int]]:
    """Sitting, team, and how many are to mark it."""
    wanted = select(Sitting.id, Sitting.team_id, BlueprintRow.markers)
    joined = wanted.join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    with_blueprint = joined.join(BlueprintRow, col(BlueprintRow.id) == col(Candidate.blueprint_id))
    return session.exec(with_blueprint.where(col(Sitting.id).in_(sitting_ids)))


def _markings(session: Session, sitting_ids: Collection[str]) -> dict[str, list[Begun]]:
    found: dict[str, list[Begun]] = defaultdict(list)
    columns = select(Marking.sitting_id, Marking.begun_at, Marking.person_id, Marking.done_at)
    for sitting_id, begun_at, person_id, done_at in session.exec(columns.where(col(Marking.sitting_id).in_(sitting_ids))):
        found[sitting_id].append(Begun(begun_at, person_id, done_at))
    return found


def _may_mark(session: Session, sitting_ids: Collection[str]) -> dict[str, set[str]]:
    """In the teams whose sittings these are: a member whose role changed may have lost it."""
    teams = select(Sitting.team_id).where(col(Sitting.id).in_(sitting_ids))
    found: dict[str, set[str]] = defaultdict(set)
    columns = select(Member.team_id, Member.person_id, Member.role)
    for team_id, person_id, role in session.exec(columns.where(col(Member.team_id).in_(teams))):
        if may(role, Right.review):
            found[team_id].add(person_id)
    return found


def _add_levels(session: Session, found: Mapping[str, Marked]) -> None:
    """Those of markings that are done and count."""
    columns = (Mark.sitting_id, Mark.person_id, Mark.exercise_slug, Mark.question, Mark.line, Mark.level)
    wanted = select_columns(*(col(each) for each in columns)).where(col(Mark.sitting_id).in_(found))
    done = {(one, each.person_id) for one, here in found.items() for each in here.counting if each.done_at is not None}
    for sitting_id, person_id, slug, question, line, level in session.execute(wanted):
        if (sitting_id, person_id) in done:
            found[sitting_id].levels.setdefault(LineKey(slug, question, line), {})[person_id] = level


def _add_agreements(session: Session, found: Mapping[str, Marked]) -> None:
    wanted = select(Agreement).where(col(Agreement.sitting_id).in_(found))
    for each in session.exec(wanted):
        found[each.sitting_id].agreed[LineKey(each.exercise_slug, each.question, each.line)] = each.level
