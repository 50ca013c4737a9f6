"""The link of an invitation: looking at it changes nothing, opening it lets one hidden person in, from any browser."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from server.accounts.guests import become_guest, forget_lost_guests
from server.accounts.sessions import LIFE, find_by_token
from server.accounts.tables import Person
from server.accounts.tokens import new_token, token_hash
from server.assessments.invitations.candidates import Invitee, invite
from server.assessments.invitations.mail import invitation_message
from server.assessments.invitations.opening import LINK_OVER, find_invitation, open_invitation
from server.assessments.privacy.keeping import team_keeper
from server.assessments.tables.invitations import Candidate
from server.audit.log import entries
from server.database.engine import session_factory
from server.errors import Conflict
from tests import rounds

MINUTE = timedelta(minutes=1)
Spoil = Callable[[Session, Candidate, str, datetime], str]


@pytest.fixture
def candidate(session: Session, moment: datetime) -> Candidate:
    here = rounds.make_round(session, moment)
    return invite(session, here.owner, here.job, here.blueprint, Invitee(email="mira@example.org", name="Mira"), moment)


def link_of(session: Session, candidate: Candidate, now: datetime) -> str:
    message = invitation_message(session, "https://example.org", candidate.id, now)
    assert message is not None
    return message.text.split("/invitation/")[1].split()[0]


def test_looking_changes_nothing(session: Session, candidate: Candidate, moment: datetime) -> None:
    token = link_of(session, candidate, moment)
    before = candidate.model_dump()
    for _ in range(3):
        found, team, job = find_invitation(session, token)
    assert (found.id, team.id, job.id) == (candidate.id, candidate.team_id, candidate.job_id)
    session.refresh(candidate)
    assert candidate.model_dump() == before


def test_opening_makes_a_hidden_person_without_name_and_address(session: Session, candidate: Candidate, moment: datetime) -> None:
    opened, session_token = open_invitation(session, link_of(session, candidate, moment), moment)
    hidden = find_by_token(session, session_token, moment)
    assert hidden is not None
    assert (hidden.id, hidden.name, hidden.email) == (opened.person_id, "", None)
    assert opened.opened_at == moment
    row = entries(session, f"team:{candidate.team_id}")[-1]
    assert (row.actor, row.act, row.details) == (f"candidate:{candidate.id}", "candidate.open", {"candidate": candidate.id})


def test_another_browser_comes_to_the_same_work(session: Session, candidate: Candidate, moment: datetime) -> None:
    token = link_of(session, candidate, moment)
    first, one = open_invitation(session, token, moment)
    again, other = open_invitation(session, token, moment + MINUTE)
    assert one != other
    people = [find_by_token(session, each, moment + MINUTE) for each in (one, other)]
    assert {person.id for person in people if person} == {first.person_id} == {again.person_id}
    assert again.opened_at == moment
    assert len(session.exec(select(Person).where(col(Person.email).is_(None))).all()) == 1


def test_a_window_that_is_over_still_opens(session: Session, candidate: Candidate, moment: datetime) -> None:
    token = link_of(session, candidate, moment)
    assert open_invitation(session, token, candidate.closes_at + MINUTE)[0].id == candidate.id


def _unknown(_session: Session, _candidate: Candidate, _token: str, _now: datetime) -> str:
    return new_token()


def _garbled(_session: Session, _candidate: Candidate, token: str, _now: datetime) -> str:
    return token[:-1] + "é"


def _empty(_session: Session, _candidate: Candidate, _token: str, _now: datetime) -> str:
    return ""


def _hash(_session: Session, candidate: Candidate, _token: str, _now: datetime) -> str:
    return candidate.token_hash


def _replaced(session: Session, candidate: Candidate, token: str, now: datetime) -> str:
    link_of(session, candidate, now)
    return token


def _withdrawn(session: Session, candidate: Candidate, token: str, now: datetime) -> str:
    candidate.withdrawn_at = now
    session.flush()
    return token


@pytest.mark.parametrize("spoil", [_unknown, _garbled, _empty, _hash, _replaced, _withdrawn])
def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(
    session: Session, candidate: Candidate, moment: datetime, spoil: Spoil
) -> None:
    token = spoil(session, candidate, link_of(session, candidate, moment), moment)
    for act in (lambda: find_invitation(session, token), lambda: open_invitation(session, token, moment)):
        with pytest.raises(Conflict) as refused:
            act()
        assert (refused.value.sentence, refused.value.code) == (LINK_OVER, "link_over")
    session.refresh(candidate)
    assert (candidate.opened_at, candidate.person_id) == (None, None)


def test_an_invitation_whose_mail_has_not_left_has_no_link(session: Session, candidate: Candidate) -> None:
    assert candidate.token_hash == ""
    with pytest.raises(Conflict):
        find_invitation(session, "")


def test_the_database_has_no_usable_token(session: Session, candidate: Candidate, moment: datetime) -> None:
    token = link_of(session, candidate, moment)
    _, session_token = open_invitation(session, token, moment)
    session.flush()
    connection = session.connection()
    dump = "\n".join(str(row) for table in Candidate.metadata.sorted_tables for row in connection.execute(table.select()))
    assert token_hash(token) in dump
    assert token not in dump
    assert session_token not in dump


def test_the_daily_sweep_leaves_hidden_persons_alone(session: Session, candidate: Candidate, moment: datetime) -> None:
    opened, _ = open_invitation(session, link_of(session, candidate, moment), moment)
    lost, _ = become_guest(session, moment)
    assert forget_lost_guests(session, [team_keeper()], moment + 2 * LIFE) == 1
    assert session.get(Person, lost.id) is None
    assert session.get(Person, opened.person_id) is not None


def test_two_browsers_that_open_it_at_once_find_one_person(engine: Engine, moment: datetime) -> None:
    sessions = session_factory(engine)
    with sessions() as session:
        here = rounds.make_round(session, moment)
        candidate = invite(session, here.owner, here.job, here.blueprint, Invitee(email="mira@example.org"), moment)
        token = link_of(session, candidate, moment)
        session.commit()
    ready, found = threading.Barrier(4), []

    def browse() -> None:
        with sessions() as own:
            ready.wait(10)
            opened, _ = open_invitation(own, token, moment)
            own.commit()
            found.append(opened.person_id)

    threads = [threading.Thread(target=browse) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == 4
    assert len(set(found)) == 1
    with sessions() as session:
        assert len(session.exec(select(Person).where(col(Person.email).is_(None))).all()) == 1
