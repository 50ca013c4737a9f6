"""Teams and their members: least rights, always an owner, invitations that work once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.accounts.sign_up import sign_up
from server.accounts.tables import Person
from server.assessments.privacy.keeping import export_teams, leave_teams
from server.assessments.tables.teams import MemberInvite, Team
from server.assessments.teams.members import (
    answer_invite,
    change_role,
    find_invite,
    invite_member,
    invite_message,
    list_invites,
    list_members,
    remove_member,
    take_back,
)
from server.assessments.teams.organisation import DEFAULTS, QUESTIONS, Archetype
from server.assessments.teams.rights import RIGHTS, Right, Role, may
from server.assessments.teams.seats import Seat, answer_profile, create_team, rename_team, seat_of, set_profile, teams_of
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from server.queue.tables import Job

PASSWORD = "three random words"
Make = Callable[[str], Person]


@pytest.fixture
def person(session: Session, moment: datetime) -> Make:
    def make(name: str) -> Person:
        found, _ = sign_up(session, None, name, f"{name.lower()}@example.org", PASSWORD, moment)
        return found

    return make


@pytest.fixture
def olga(person: Make) -> Person:
    return person("Olga")


@pytest.fixture
def owner(session: Session, olga: Person, moment: datetime) -> Seat:
    team = create_team(session, olga.id, "  Forecasting  at Example ", moment)
    return seat_of(session, team.id, olga.id)


def link_of(session: Session, invite: MemberInvite, moment: datetime) -> str:
    message = invite_message(session, "https://example.org", invite.id, moment)
    assert message is not None
    return message.text.split("/join/")[1].split()[0]


def joined(session: Session, owner: Seat, someone: Person, role: Role, moment: datetime) -> Seat:
    invite = invite_member(session, owner, someone.email or "", role, moment)
    answer_invite(session, link_of(session, invite, moment), someone, True, moment)
    return seat_of(session, owner.team.id, someone.id)


def test_whoever_makes_a_team_owns_it(session: Session, owner: Seat, olga: Person) -> None:
    assert (owner.team.name, owner.member.role) == ("Forecasting at Example", Role.owner)
    assert [seat.team.id for seat in teams_of(session, olga.id)] == [owner.team.id]
    assert [row.act for row in entries(session, f"team:{owner.team.id}")] == ["team.create"]


def test_a_team_of_others_is_as_if_it_did_not_exist(session: Session, owner: Seat, person: Make) -> None:
    stranger = person("Sam")
    told = []
    for team_id in (owner.team.id, "no such id"):
        with pytest.raises(NotFound) as refused:
            seat_of(session, team_id, stranger.id)
        told.append(refused.value.sentence)
    assert told[0] == told[1]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_team_needs_a_name_of_sensible_length(session: Session, olga: Person, owner: Seat, name: str, moment: datetime) -> None:
    with pytest.raises(Invalid):
        create_team(session, olga.id, name, moment)
    with pytest.raises(Invalid):
        rename_team(session, owner, name, moment)


def test_the_table_of_rights_is_as_it_is_meant() -> None:
    table = {role.value: "".join("x" if may(role, right) else "." for right in Right) for role in Role}
    assert table == {
        "owner": "xxxxxxxx",
        "hiring manager": "x.xxxx..",
        "reviewer": "x...x...",
        "author": "x.....x.",
        "auditor": "x....x.x",
    }
    assert set(RIGHTS) == set(Role)


def test_an_invitation_is_sent_answered_once_and_written_down(
    session: Session, owner: Seat, person: Make, moment: datetime
) -> None:
    rita = person("Rita")
    invite = invite_member(session, owner, " Rita@Example.org ", Role.reviewer, moment)
    assert [job.payload for job in session.exec(select(Job))] == [{"invite": invite.id}]
    assert [each.email for each in list_invites(session, owner, moment)] == ["rita@example.org"]
    token = link_of(session, invite, moment)
    assert token not in str(session.exec(select(MemberInvite)).one().model_dump())
    assert find_invite(session, token, moment)[1].name == owner.team.name
    answer_invite(session, token, rita, True, moment)
    with pytest.raises(Conflict):
        answer_invite(session, token, rita, True, moment)
    assert [(member.name, member.role) for member in list_members(session, owner)] == [("Olga", "owner"), ("Rita", "reviewer")]
    assert [row.act for row in entries(session, f"team:{owner.team.id}")][1:] == ["member.invite", "member.join"]


def test_a_new_link_an_old_one_and_one_that_was_taken_back(session: Session, owner: Seat, person: Make, moment: datetime) -> None:
    rita = person("Rita")
    first = link_of(session, invite_member(session, owner, "rita@example.org", Role.author, moment), moment)
    invite = invite_member(session, owner, "rita@example.org", Role.reviewer, moment)
    second = link_of(session, invite, moment)
    for token in (first, "", "made up"):
        with pytest.raises(Conflict):
            find_invite(session, token, moment)
    with pytest.raises(Conflict):
        find_invite(session, second, moment + timedelta(days=7))
    take_back(session, owner, invite.id, moment)
    with pytest.raises(Conflict):
        answer_invite(session, second, rita, True, moment)
    assert invite_message(session, "https://example.org", invite.id, moment) is None
    with pytest.raises(NotFound):
        take_back(session, owner, invite.id, moment)


def test_declining_leaves_nothing_but_a_row_in_the_log(session: Session, owner: Seat, person: Make, moment: datetime) -> None:
    token = link_of(session, invite_member(session, owner, "rita@example.org", Role.author, moment), moment)
    answer_invite(session, token, person("Rita"), False, moment)
    assert len(list_members(session, owner)) == 1
    assert entries(session, f"team:{owner.team.id}")[-1].act == "member.decline"


@pytest.mark.parametrize(
    ("email", "role"), [("no address", "reviewer"), ("rita@example.org", "king"), ("olga@example.org", "author")]
)
def test_an_invitation_with_an_error_says_so(session: Session, owner: Seat, email: str, role: str, moment: datetime) -> None:
    with pytest.raises(Invalid) as refused:
        invite_member(session, owner, email, role, moment)
    assert "email" in refused.value.errors


def test_only_an_owner_manages_members(session: Session, owner: Seat, person: Make, moment: datetime) -> None:
    manager = joined(session, owner, person("Max"), Role.manager, moment)
    invite = invite_member(session, owner, "rita@example.org", Role.reviewer, moment)
    acts: list[Callable[[], object]] = [
        lambda: invite_member(session, manager, "sam@example.org", Role.reviewer, moment),
        lambda: take_back(session, manager, invite.id, moment),
        lambda: change_role(session, manager, owner.member.person_id, Role.author, moment),
        lambda: remove_member(session, manager, owner.member.person_id, moment),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match=r"In this team you are hiring manager\. To invite people .* takes an owner\."):
            act()


def test_a_team_keeps_an_owner(session: Session, owner: Seat, person: Make, moment: datetime) -> None:
    rita = joined(session, owner, person("Rita"), Role.reviewer, moment)
    for act in (
        lambda: change_role(session, owner, owner.member.person_id, Role.author, moment),
        lambda: remove_member(session, owner, owner.member.person_id, moment),
    ):
        with pytest.raises(Conflict, match="needs an owner"):
            act()
    change_role(session, owner, rita.member.person_id, Role.owner, moment)
    remove_member(session, owner, owner.member.person_id, moment)
    assert [member.role for member in list_members(session, rita)] == [Role.owner]


def test_everybody_may_leave(session: Session, owner: Seat, person: Make, moment: datetime) -> None:
    rita = joined(session, owner, person("Rita"), Role.reviewer, moment)
    remove_member(session, rita, rita.member.person_id, moment)
    with pytest.raises(NotFound):
        seat_of(session, owner.team.id, rita.member.person_id)


def test_six_answers_place_the_team_and_the_team_may_know_better(session: Session, owner: Seat, moment: datetime) -> None:
    answers = {question.key: question.choices[-1].key for question in QUESTIONS}
    assert answer_profile(session, owner, answers, moment) is Archetype.ml_first
    assert owner.team.sliders == {"research": DEFAULTS[Archetype.ml_first].research, "data": 4, "models": 4}
    set_profile(session, owner, Archetype.research, {"research": 4, "data": 0, "models": 0}, moment)
    assert (owner.team.archetype, owner.team.sliders["research"]) == (Archetype.research, 4)
    with pytest.raises(Invalid):
        set_profile(session, owner, "a zoo", {"research": 1, "data": 1, "models": 1}, moment)
    with pytest.raises(Invalid):
        set_profile(session, owner, Archetype.research, {"research": 9, "data": 1, "models": 1}, moment)
    with pytest.raises(Invalid) as refused:
        answer_profile(session, owner, {"people": "few"}, moment)
    assert list(refused.value.errors) == [question.key for question in QUESTIONS[1:]]


def test_when_the_only_owner_is_deleted_the_next_in_rank_takes_over(
    session: Session, owner: Seat, olga: Person, person: Make, moment: datetime
) -> None:
    author = joined(session, owner, person("Ada"), Role.author, moment)
    manager = joined(session, owner, person("Max"), Role.manager, moment)
    leave_teams(session, olga)
    assert {member.name: member.role for member in list_members(session, author)}["Max"] == Role.owner
    assert manager.member.role == Role.owner


def test_a_team_that_nobody_is_left_in_goes(session: Session, owner: Seat, olga: Person) -> None:
    leave_teams(session, olga)
    assert session.exec(select(Team)).all() == []


def test_a_person_gets_their_seats_with_their_data(session: Session, owner: Seat, olga: Person, moment: datetime) -> None:
    assert export_teams(session, olga) == {
        "seats": [{"team": "Forecasting at Example", "role": "owner", "joined_at": moment.isoformat().replace("+00:00", "Z")}],
        "invites": [],
    }
