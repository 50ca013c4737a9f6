"""Events of workspaces, counted in slices of time by the database."""

from datetime import datetime, timedelta

from sqlmodel import Session

from server.workspaces.activity import Slice, activity
from server.workspaces.events import note
from server.workspaces.run_again import note_run
from server.workspaces.tables import Workspace
from tests import rounds


def workspace(session: Session, person_id: str, slug: str, moment: datetime) -> Workspace:
    made = Workspace(person_id=person_id, exercise_slug=slug, exercise_digest="d", seed=1, created_at=moment, updated_at=moment)
    session.add(made)
    session.flush()
    return made


def test_events_are_counted_by_kind_in_slices(session: Session, moment: datetime) -> None:
    here = rounds.make_round(session, moment)
    person = str(rounds.invited(session, here, "Flint 03", moment).person_id)
    first, second, foreign = (workspace(session, person, slug, moment) for slug in ("one", "two", "three"))
    for seconds in (-1, 0, 0.4, 59.9):
        note(session, first, "edit", moment + timedelta(seconds=seconds), payload={"source": "x"})
    note(session, second, "edit", moment + timedelta(seconds=30))
    note(session, second, "check", moment + timedelta(seconds=60))
    note(session, foreign, "edit", moment)
    for status in ("ok", "error", "timed_out"):
        note_run(session, first, "cell", 1, status, moment + timedelta(seconds=150))
    session.flush()
    assert activity(session, [first.id, second.id], moment, 60) == [
        Slice(0, "edit", 4),
        Slice(1, "check", 1),
        Slice(2, "error", 2),
        Slice(2, "ran", 1),
    ]
    assert activity(session, [], moment, 60) == []
