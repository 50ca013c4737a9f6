"""Making an account, signing in, changing the password: work comes along, old sessions do not."""

from datetime import datetime
from threading import Barrier, Thread

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts.guests import become_guest
from server.accounts.keeping import Keeper
from server.accounts.sessions import find_by_token
from server.accounts.sign_in import WrongPassword, change_password, sign_in, sign_out
from server.accounts.sign_up import TAKEN, sign_up
from server.accounts.tables import Person
from server.database.engine import session_factory
from server.errors import Invalid
from tests.people import MIRA, PASSWORD


def keep_nothing(_session: Session, _person: Person) -> list[str]:
    return []


def test_a_guest_becomes_an_account_in_the_same_row(session: Session, moment: datetime) -> None:
    guest, old = become_guest(session, moment)
    account, token = sign_up(session, guest, "Mira", " Mira@Example.org", PASSWORD, moment)
    assert (account.id, account.email, account.name, account.is_guest) == (guest.id, MIRA, "Mira", False)
    assert find_by_token(session, token, moment) == account
    assert find_by_token(session, old, moment) is None


def test_somebody_who_is_signed_in_makes_a_second_account_not_a_change_of_the_first(session: Session, moment: datetime) -> None:
    first, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    second, _token = sign_up(session, first, "Tomas", "tomas@example.org", PASSWORD, moment)
    assert second.id != first.id
    assert first.email == MIRA


def test_all_errors_of_the_form_come_at_once_in_its_order(session: Session, moment: datetime) -> None:
    with pytest.raises(Invalid) as caught:
        sign_up(session, None, "", "mira.example.org", "short", moment)
    assert list(caught.value.errors) == ["name", "email", "password"]
    assert session.exec(select(Person)).all() == []


def test_an_address_is_taken_once(session: Session, moment: datetime) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    with pytest.raises(Invalid) as caught:
        sign_up(session, None, "Eve", MIRA.upper(), PASSWORD, moment)
    assert caught.value.errors == {"email": TAKEN}


def test_two_people_who_take_an_address_at_the_same_moment_get_one_account(engine: Engine, moment: datetime) -> None:
    barrier, outcomes = Barrier(2), []

    def take() -> None:
        with session_factory(engine)() as session:
            barrier.wait()
            try:
                sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
                session.commit()
                outcomes.append("made")
            except Invalid:
                outcomes.append("refused")

    threads = [Thread(target=take) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["made", "refused"]


def test_the_right_password_opens_a_new_session(session: Session, moment: datetime) -> None:
    account, first = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    found, second = sign_in(session, MIRA, PASSWORD, None, (), moment)
    assert found == account
    assert second != first
    assert find_by_token(session, second, moment) == account


@pytest.mark.parametrize("given", [(MIRA, "wrong password"), ("nobody@example.org", PASSWORD), ("", "")])
def test_a_wrong_password_sounds_like_an_unknown_address(session: Session, moment: datetime, given: tuple[str, str]) -> None:
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    with pytest.raises(WrongPassword, match="The e-mail address or the password is not right"):
        sign_in(session, *given, None, (), moment)


def test_a_guests_work_moves_into_the_account_and_the_guest_is_gone(session: Session, moment: datetime) -> None:
    moves: list[tuple[str, str]] = []
    keeper = Keeper("works", keep_nothing, adopt=lambda _session, giver, taker: moves.append((giver.id, taker.id)))
    account, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    guest, guests = become_guest(session, moment)
    sign_in(session, MIRA, PASSWORD, guest, [keeper], moment)
    assert moves == [(guest.id, account.id)]
    assert find_by_token(session, guests, moment) is None
    assert [person.id for person in session.exec(select(Person))] == [account.id]


def test_nothing_moves_from_one_account_to_another(session: Session, moment: datetime) -> None:
    moves: list[str] = []
    keeper = Keeper("works", keep_nothing, adopt=lambda _session, giver, _taker: moves.append(giver.id))
    tomas, _token = sign_up(session, None, "Tomas", "tomas@example.org", PASSWORD, moment)
    sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    sign_in(session, MIRA, PASSWORD, tomas, [keeper], moment)
    assert moves == []


def test_signing_out_ends_the_session_on_the_server(session: Session, moment: datetime) -> None:
    account, token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    sign_out(session, account, token, (), moment)
    assert find_by_token(session, token, moment) is None


def test_what_runs_for_a_person_ends_when_they_sign_out_or_the_password_changes(session: Session, moment: datetime) -> None:
    rested: list[str] = []
    keeper = Keeper("kernels", keep_nothing, rest=lambda _session, person: rested.append(person.id))
    account, token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    sign_out(session, account, token, [keeper], moment)
    change_password(session, account, PASSWORD, "four quite random words", [keeper], moment)
    assert rested == [account.id] * 2


def test_an_old_hash_is_renewed_at_sign_in(session: Session, moment: datetime) -> None:
    account, _token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    old = account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    sign_in(session, MIRA, PASSWORD, None, (), moment)
    assert account.password_hash != old
    sign_in(session, MIRA, PASSWORD, None, (), moment)


def test_a_new_password_ends_every_other_session(session: Session, moment: datetime) -> None:
    account, old = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    new = change_password(session, account, PASSWORD, "four quite random words", (), moment)
    assert find_by_token(session, old, moment) is None
    assert find_by_token(session, new, moment) == account
    with pytest.raises(WrongPassword):
        sign_in(session, MIRA, PASSWORD, None, (), moment)


def test_a_new_password_needs_the_current_one_and_follows_the_rules(session: Session, moment: datetime) -> None:
    account, token = sign_up(session, None, "Mira", MIRA, PASSWORD, moment)
    with pytest.raises(Invalid) as caught:
        change_password(session, account, "wrong", "short", (), moment)
    assert list(caught.value.errors) == ["current", "new"]
    assert find_by_token(session, token, moment) == account
