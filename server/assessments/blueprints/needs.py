"""The needs of a draft: hypotheses of strength and floors, written before any result is seen. A changed one gets a new date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, func, select

from server.assessments.blueprints.roles import LONGEST_MINUTES
from server.assessments.blueprints.versions import hold_draft, note
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.tables import AuditRow
from server.bank import labels
from server.errors import Conflict, Invalid, NotFound

LONGEST_WORDS, MOST_NEEDS = 300, 20
NEWEST = 200  # removals of a team that are looked through for one to put back
ADD, CHANGE, REMOVE, PUT_BACK = "need.add", "need.change", "need.remove", "need.put_back"
WORDED = ("kind", "topics", "minutes", "level", "share", "words", "must")
KEPT = ("id", "position", "floor", *WORDED)


@dataclass(frozen=True, slots=True)
class NeedWording:
    """What a person typed about a need. `percent`: the share of the points that is asked for, from 1 to 100."""

    kind: str
    topics: tuple[str, ...]
    level: int
    minutes: int
    percent: int
    words: str = ""
    must: str = ""

    @property
    def values(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "topics": _in_order(self.topics),
            "level": self.level,
            "minutes": self.minutes,
            "share": self.percent / 100,
            "words": " ".join(self.words.split()),
            "must": self.must,
        }


def _in_order(topics: Collection[str]) -> list[str]:
    """In that of the list of topics: in which order they were ticked says nothing."""
    return [topic for topic in labels.TOPICS if topic in topics]


def find_need(session: Session, blueprint: BlueprintRow, need_id: str) -> NeedRow | None:
    return session.exec(select(NeedRow).where(NeedRow.id == need_id, NeedRow.blueprint_id == blueprint.id)).first()


def need_of(session: Session, blueprint: BlueprintRow, need_id: str) -> NeedRow:
    """Raises NotFound."""
    found = find_need(session, blueprint, need_id)
    if found is None:
        raise NotFound("There is no such need in this blueprint. Somebody may have removed it a moment ago.")
    return found


def add_need(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, wording: NeedWording, now: datetime, *, floor: bool
) -> NeedRow:
    """Raises Invalid, NotAllowed, Conflict."""
    seat.require(Right.hire)
    _refuse(wording, job, floor)
    hold_draft(session, seat, job, blueprint, now)
    position = _room(session, blueprint)
    made = NeedRow(blueprint_id=blueprint.id, position=position, floor=floor, written_at=now, **wording.values)
    session.add(made)
    session.flush()
    note(session, seat, blueprint, ADD, {"need": made.id, "floor": floor}, now)
    return made


def change_need(
    session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, need_id: str, wording: NeedWording, now: datetime
) -> bool:
    """False: it says that already, so it keeps its date. The log keeps what it said before.
    Raises Invalid, NotFound, NotAllowed, Conflict."""
    seat.require(Right.hire)
    need = need_of(session, blueprint, need_id)
    _refuse(wording, job, need.floor)
    was = {name: getattr(need, name) for name in WORDED}
    if wording.values == {**was, "topics": _in_order(need.topics)}:
        return False
    hold_draft(session, seat, job, blueprint, now)
    need.sqlmodel_update({**wording.values, "written_at": now})
    session.add(need)
    note(session, seat, blueprint, CHANGE, {"need": need.id, "was": was}, now)
    return True


def remove_need(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, need_id: str, now: datetime) -> None:
    """The log keeps it, so that it can be put back as it was. Raises NotFound, NotAllowed, Conflict."""
    hold_draft(session, seat, job, blueprint, now)
    need = need_of(session, blueprint, need_id)
    was = {name: getattr(need, name) for name in KEPT} | {"written_at": need.written_at.isoformat()}
    session.delete(need)
    note(session, seat, blueprint, REMOVE, {"need": need.id, "was": was}, now)


def removed_need(session: Session, seat: Seat, blueprint: BlueprintRow, need_id: str) -> NeedRow | None:
    """As it was when it was removed from this draft; not stored. None when there is nothing to put back."""
    if session.get(NeedRow, need_id) is not None:
        return None
    removals = select(AuditRow).where(AuditRow.subject == f"team:{seat.team.id}", AuditRow.act == REMOVE)
    for row in session.exec(removals.order_by(col(AuditRow.id).desc()).limit(NEWEST)):
        if row.details.get("need") == need_id and row.details.get("blueprint") == blueprint.id:
            return _as_it_was(blueprint, row.details["was"])
    return None


def _as_it_was(blueprint: BlueprintRow, was: object) -> NeedRow:
    assert isinstance(was, Mapping)
    written = datetime.fromisoformat(was["written_at"])
    return NeedRow(blueprint_id=blueprint.id, **{name: was[name] for name in KEPT}, written_at=written)


def put_back_need(session: Session, seat: Seat, job: HiringJob, blueprint: BlueprintRow, need_id: str, now: datetime) -> NeedRow:
    """With the date that it had: nothing about it is new. Raises NotFound, NotAllowed, Conflict."""
    hold_draft(session, seat, job, blueprint, now)
    found = removed_need(session, seat, blueprint, need_id)
    if found is None:
        raise NotFound("There is nothing to put back. It may be back already.")
    _room(session, blueprint)
    session.add(found)
    session.flush()
    note(session, seat, blueprint, PUT_BACK, {"need": found.id}, now)
    return found


def _room(session: Session, blueprint: BlueprintRow) -> int:
    """The position of one more. Raises Conflict."""
    wanted = select(func.count(), func.max(NeedRow.position)).where(NeedRow.blueprint_id == blueprint.id)
    count, last = session.exec(wanted).one()
    if count >= MOST_NEEDS:
        raise Conflict(f"A blueprint has at most {MOST_NEEDS} strengths and floors together. Nobody shows more in one sitting.")
    return (last or 0) + 1


def _refuse(wording: NeedWording, job: HiringJob, floor: bool) -> None:
    errors: dict[str, str] = {}
    if wording.kind not in labels.KINDS:
        errors["kind"] = "Choose a kind of exercise from the list"
    strangers = sorted(set(wording.topics) - set(labels.TOPICS))
    if strangers:
        errors["topics"] = f"Not on the list of topics: {', '.join(strangers)[:100]}"
    if wording.level not in labels.LEVELS:
        errors["level"] = "Choose a level from the list"
    if not 1 <= wording.minutes <= LONGEST_MINUTES:
        errors["minutes"] = f"Say how much work should show it: from 1 to {LONGEST_MINUTES} minutes, as a whole number"
    if not 1 <= wording.percent <= 100:
        errors["percent"] = "The share of the points goes from 1 to 100, as a whole number"
    if len(wording.words) > LONGEST_WORDS:
        errors["words"] = f"{len(wording.words)} characters; at most {LONGEST_WORDS}"
    if wording.must not in ("", *job.musts) or (floor and job.musts and not wording.must):
        errors["must"] = "Name the must-have of the job that needs this floor"
    if errors:
        raise Invalid.fields(errors)
