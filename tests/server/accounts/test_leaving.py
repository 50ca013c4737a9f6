"""Export is complete and only one's own; deletion leaves nothing behind."""

import json
from datetime import datetime

import pytest
from sqlalchemy import Engine, text
from sqlmodel import Session

import server.all_tables
from server.accounts.guests import become_guest
from server.accounts.keeping import Keeper
from server.accounts.leaving import confirm, delete_person, export_person
from server.accounts.reset import ask_reset, reset_message
from server.accounts.sign_up import sign_up
from server.accounts.tables import Person
from server.errors import Invalid
from tests.people import MIRA, PASSWORD

CANARY = "canary-7f3a@example.org"


def test_the_export_holds_the_account_its_sessions_and_what_others_keep(session: Session, moment: datetime) -> None:
    mira, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    sign_up(session, None, "Other", CANARY, PASSWORD, moment)
    keeper = Keeper("workspaces", lambda _session, person: [{"owner": person.id}])
    data = export_person(session, mira, [keeper], moment)
    assert data["account"] == {
        "name": "Mira", "email": MIRA, "theme": "system", "operator": False, "created_at": moment.isoformat()
    }  # fmt: skip
    assert data["sessions"] == [{"began_at": moment.isoformat(), "last_seen_at": moment.isoformat(), "ended_at": None}]
    assert data["workspaces"] == [{"owner": mira.id}]
    assert CANARY not in json.dumps(data)
    assert "argon2" not in json.dumps(data)


def test_who_exports_or_deletes_is_asked_again(session: Session, moment: datetime) -> None:
    mira, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    confirm(mira, PASSWORD)
    with pytest.raises(Invalid) as caught:
        confirm(mira, "wrong password")
    assert caught.value.errors == {"password": "This is not your password"}


def test_a_guest_has_nothing_to_be_asked_for(session: Session, moment: datetime) -> None:
    confirm(become_guest(session, moment)[0], "")


def test_after_deletion_no_table_knows_the_person(engine: Engine, session: Session, moment: datetime) -> None:
    person, _token = sign_up(session, None, "Canary", CANARY, PASSWORD, moment)
    ask_reset(session, CANARY, moment)
    reset_message(session, "https://example.org", CANARY, moment)
    session.commit()
    person_id, forgotten = person.id, []
    keeper = Keeper("kernels", lambda _session, _person: [], forget=lambda _session, one: forgotten.append(one.id))
    delete_person(session, session.get_one(Person, person_id), [keeper])
    session.commit()
    assert forgotten == [person_id]
    with engine.connect() as connection:
        for table in server.all_tables.metadata.sorted_tables:
            rows = str(connection.execute(text(f'SELECT * FROM "{table.name}"')).all())
            assert CANARY not in rows
            assert person_id not in rows


def test_deleting_one_person_leaves_the_others(session: Session, moment: datetime) -> None:
    leaving, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    staying, _token = sign_up(session, None, "Tomas", "tomas@example.org", PASSWORD, moment)
    ask_reset(session, "tomas@example.org", moment)
    delete_person(session, leaving, ())
    assert session.get(Person, staying.id) is not None
    assert session.execute(text("SELECT count(*) FROM jobs")).scalar() == 1
