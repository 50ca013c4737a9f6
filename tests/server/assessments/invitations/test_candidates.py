"""Inviting: who may, to what, whom, when; and what is refused with the next step."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.accounts.tables import Person
from server.assessments.blueprints.job_openings import close_job
from server.assessments.invitations.candidates import Invitee, invite, invite_all, invited_of, list_invited
from server.assessments.invitations.states import State
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.rights import Right, Role, may
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.database.engine import session_factory
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from server.queue.tables import Job
from tests import rounds

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
MIRA = Invitee(email=" Mira.Santos@Example.org ", name="Mira  Santos", source="arXiv", notes="PhD", extra_percent=25)


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment)


def ask(session: Session, here: rounds.Round, wanted: Invitee, now: datetime, seat: Seat | None = None) -> Candidate:
    return invite(session, seat or here.owner, here.job, here.blueprint, wanted, now)


def refusal(session: Session, here: rounds.Round, wanted: Invitee, now: datetime) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        ask(session, here, wanted, now)
    return refused.value.errors


def test_somebody_is_invited_for_two_weeks_and_the_mail_waits(session: Session, here: rounds.Round, moment: datetime) -> None:
    made = ask(session, here, MIRA, moment)
    assert (made.email, made.name, made.source, made.notes) == ("mira.santos@example.org", "Mira Santos", "arXiv", "PhD")
    assert (made.opens_at, made.closes_at, made.extra_percent) == (moment, moment + 14 * DAY, 25)
    assert (made.blueprint_id, made.token_hash, made.person_id) == (here.blueprint.id, "", None)
    assert [job.payload for job in session.exec(select(Job))] == [{"candidate": made.id}]
    found = list_invited(session, here.owner, here.job, moment)
    assert [(each.candidate.id, each.state.state) for each in found] == [(made.id, State.waiting)]


def test_the_log_names_nobody(session: Session, here: rounds.Round, moment: datetime) -> None:
    made = ask(session, here, MIRA, moment)
    row = entries(session, f"team:{here.team.id}")[-1]
    assert (row.act, row.details, row.actor) == ("candidate.invite", {"candidate": made.id}, here.owner.member.person_id)


@pytest.mark.parametrize("role", list(Role))
def test_only_those_who_hire_invite_and_look(session: Session, here: rounds.Round, moment: datetime, role: Role) -> None:
    seat = rounds.join(session, here.team, role, moment)
    if may(role, Right.hire):
        made = ask(session, here, MIRA, moment, seat)
        assert invited_of(session, seat, here.job, made.id, moment).candidate.id == made.id
        return
    with pytest.raises(NotAllowed):
        ask(session, here, MIRA, moment, seat)
    with pytest.raises(NotAllowed):
        list_invited(session, seat, here.job, moment)
    with pytest.raises(NotAllowed):
        invited_of(session, seat, here.job, "anything", moment)


def test_an_invitation_of_another_job_or_team_does_not_exist(session: Session, here: rounds.Round, moment: datetime) -> None:
    made = ask(session, here, MIRA, moment)
    other = rounds.make_round(session, moment, name="Another team")
    for seat, job in ((other.owner, other.job), (other.owner, here.job), (here.owner, other.job)):
        with pytest.raises(NotFound):
            invited_of(session, seat, job, made.id, moment)
        assert made.id not in [each.candidate.id for each in list_invited(session, seat, job, moment)]


@pytest.mark.parametrize("state", ["draft", "replaced"])
def test_nobody_is_invited_to_what_is_not_published(session: Session, here: rounds.Round, moment: datetime, state: str) -> None:
    here.blueprint.state = state
    with pytest.raises(Conflict, match="Publish") as refused:
        ask(session, here, MIRA, moment)
    assert refused.value.code == "not_published"
    with pytest.raises(Conflict, match="Publish"):
        invite(session, here.owner, here.job, None, MIRA, moment)


@pytest.mark.parametrize(
    ("field", "value", "named"),
    [("stated_minutes", 0, "time needed"), ("ai_policy", "", "tools of AI"), ("answer_days", 0, "next step")],
)
def test_an_invitation_that_leaves_out_what_matters_is_not_sent(
    session: Session, here: rounds.Round, moment: datetime, field: str, value: object, named: str
) -> None:
    setattr(here.blueprint, field, value)
    with pytest.raises(Conflict) as refused:
        ask(session, here, MIRA, moment)
    assert refused.value.code == "incomplete"
    assert named.lower() in refused.value.sentence.lower()


def test_nobody_is_invited_to_a_closed_job(session: Session, here: rounds.Round, moment: datetime) -> None:
    close_job(session, here.owner, here.job, moment)
    session.flush()
    with pytest.raises(Conflict, match="closed"):
        ask(session, here, MIRA, moment)


@pytest.mark.parametrize(
    ("wanted", "field", "words"),
    [
        (Invitee(email=""), "email", "Enter an e-mail address"),
        (Invitee(email="mira"), "email", "with an @"),
        (Invitee(email="mira@example.org\nBcc: all@example.org"), "email", "with an @"),
        (Invitee(email="m@example.org", name="x" * 81), "name", "At most 80"),
        (Invitee(email="m@example.org", source="x" * 81), "source", "At most 80"),
        (Invitee(email="m@example.org", notes="x" * 2_001), "notes", "At most 2,000"),
        (Invitee(email="m@example.org", extra_percent=-1), "extra_percent", "From 0 to 300"),
        (Invitee(email="m@example.org", extra_percent=301), "extra_percent", "From 0 to 300"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    session: Session, here: rounds.Round, moment: datetime, wanted: Invitee, field: str, words: str
) -> None:
    errors = refusal(session, here, wanted, moment)
    assert list(errors) == [field]
    assert words in errors[field]


@pytest.mark.parametrize(
    ("opens", "closes", "field", "words"),
    [
        (None, timedelta(), "closes", "is over"),
        (None, -DAY, "closes", "is over"),
        (2 * DAY, DAY, "closes", "after it opens"),
        (DAY, DAY, "closes", "after it opens"),
        (400 * DAY, None, "opens", "days ahead"),
        (None, 400 * DAY, "closes", "at most 366 days"),
    ],
)
def test_windows_that_nobody_can_use_are_refused(
    session: Session,
    here: rounds.Round,
    moment: datetime,
    opens: timedelta | None,
    closes: timedelta | None,
    field: str,
    words: str,
) -> None:
    wanted = Invitee(
        email="m@example.org", opens=moment + opens if opens else None, closes=None if closes is None else moment + closes
    )
    errors = refusal(session, here, wanted, moment)
    assert list(errors) == [field]
    assert words in errors[field]


def test_a_hard_window_has_room_for_the_whole_time(session: Session, here: rounds.Round, moment: datetime) -> None:
    here.blueprint.hard_window = True
    short = Invitee(email="m@example.org", closes=moment + 149 * MINUTE, extra_percent=25)
    assert "at least the 150 minutes" in refusal(session, here, short, moment)["closes"]
    long = Invitee(email="m@example.org", closes=moment + 150 * MINUTE, extra_percent=25)
    assert ask(session, here, long, moment).closes_at == moment + 150 * MINUTE


def test_a_window_that_opened_before_now_opens_now(session: Session, here: rounds.Round, moment: datetime) -> None:
    made = ask(session, here, Invitee(email="m@example.org", opens=moment - DAY, closes=moment + DAY), moment)
    assert (made.opens_at, made.closes_at) == (moment, moment + DAY)


def test_nobody_is_invited_twice_while_the_first_invitation_is_open(
    session: Session, here: rounds.Round, moment: datetime
) -> None:
    ask(session, here, MIRA, moment)
    later = Invitee(email="MIRA.santos@example.org", opens=moment + 100 * DAY)
    errors = refusal(session, here, later, moment + 13 * DAY)
    assert errors["email"].startswith("Already invited on 24 November 2026")


def test_whoever_did_not_come_is_invited_again_for_a_later_window(session: Session, here: rounds.Round, moment: datetime) -> None:
    first = ask(session, here, MIRA, moment)
    again = ask(session, here, MIRA, first.closes_at + MINUTE)
    assert again.id != first.id


@pytest.mark.parametrize("over", ["withdrawn_at", "declined_at"])
def test_whoever_was_uninvited_or_declined_can_be_invited_again(
    session: Session, here: rounds.Round, moment: datetime, over: str
) -> None:
    setattr(ask(session, here, MIRA, moment), over, moment)
    session.flush()
    assert ask(session, here, MIRA, moment + MINUTE).email == "mira.santos@example.org"


def test_whoever_handed_in_is_not_invited_into_the_same_window(session: Session, here: rounds.Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Flint 03", moment)
    rounds.start(session, candidate, moment)
    rounds.hand_in(session, candidate, moment + MINUTE)
    wanted = Invitee(email=candidate.email)
    errors = refusal(session, here, wanted, moment + DAY)
    assert "and submitted" in errors["email"] and "until 8 December 2026, 09:00 UTC" in errors["email"]
    assert ask(session, here, wanted, candidate.closes_at).email == candidate.email


def test_one_can_invite_oneself_but_not_twice(session: Session, here: rounds.Round, moment: datetime) -> None:
    own = session.get_one(Person, here.owner.member.person_id).email or ""
    assert ask(session, here, Invitee(email=own), moment).email == own
    assert "Already invited" in refusal(session, here, Invitee(email=own), moment + MINUTE)["email"]


def test_the_same_address_can_be_invited_to_two_jobs(session: Session, here: rounds.Round, moment: datetime) -> None:
    ask(session, here, MIRA, moment)
    other = rounds.make_round(session, moment, name="Another team")
    assert ask(session, other, MIRA, moment).email == "mira.santos@example.org"


def test_previews_are_no_invitations(session: Session, here: rounds.Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Preview 1", moment)
    candidate.preview = True
    session.flush()
    assert list_invited(session, here.owner, here.job, moment) == []
    with pytest.raises(NotFound):
        invited_of(session, here.owner, here.job, candidate.id, moment)
    assert ask(session, here, Invitee(email=candidate.email), moment).email == candidate.email


def test_many_are_invited_each_for_themselves(session: Session, here: rounds.Round, moment: datetime) -> None:
    wanted = [
        Invitee(email="a@example.org"),
        Invitee(email="wrong"),
        Invitee(email="A@example.org"),
        Invitee(email="b@example.org"),
    ]
    found = invite_all(session, here.owner, here.job, here.blueprint, wanted, moment)
    assert [each.email if isinstance(each, Candidate) else list(each) for each in found] == [
        "a@example.org",
        ["email"],
        ["email"],
        "b@example.org",
    ]
    codes = [each.candidate.code for each in list_invited(session, here.owner, here.job, moment)]
    assert len(set(codes)) == 2
    assert len(session.exec(select(Job)).all()) == 2


def test_two_who_invite_the_same_person_at_once_do_it_once(engine: Engine, moment: datetime) -> None:
    sessions = session_factory(engine)
    with sessions() as session:
        here = rounds.make_round(session, moment)
        session.commit()
    held, answers = threading.Event(), []

    def second() -> None:
        held.wait(10)
        with sessions() as other:
            job, blueprint = other.get_one(HiringJob, here.job.id), other.get_one(BlueprintRow, here.blueprint.id)
            found = invite_all(other, here.owner, job, blueprint, [MIRA], moment)
            other.commit()
            answers.extend(found)

    thread = threading.Thread(target=second)
    thread.start()
    with sessions() as session:
        invite(session, here.owner, session.get_one(HiringJob, here.job.id), here.blueprint, MIRA, moment)
        held.set()
        thread.join(0.5)
        assert answers == []
        session.commit()
    thread.join(20)
    assert len(answers) == 1
    assert "Already invited" in answers[0]["email"]
