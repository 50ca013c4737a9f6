"""What a team does with an invitation that it sent: again, back, another window, more time, an answer."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.assessments.invitations.candidates import Invited, Invitee, invite, invited_of
from server.assessments.invitations.changes import answer_adjustment, change_window, resend, take_back
from server.assessments.invitations.mail import invitation_message, note_bounce, note_sent
from server.assessments.invitations.opening import find_invitation
from server.assessments.invitations.states import State
from server.assessments.invitations.windows import Window
from server.assessments.sittings.candidate_acts import ask_adjustment, decline
from server.assessments.sittings.courses import seat_candidate
from server.assessments.tables.invitations import Candidate
from server.assessments.teams.rights import Right, Role, may
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed
from server.queue.tables import Job
from tests import rounds

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def candidate(session: Session, here: rounds.Round, moment: datetime) -> Candidate:
    """Invited; the mail left."""
    made = invite(session, here.owner, here.job, here.blueprint, Invitee(email="mira@example.org"), moment)
    note_sent(session, made.id, moment)
    return made


@pytest.fixture
def sitting(session: Session, here: rounds.Round, moment: datetime) -> Candidate:
    """Somebody whose clock runs, with a quarter of extra time."""
    made = rounds.invited(session, here, "Flint 03", moment)
    made.extra_percent = 25
    rounds.start(session, made, moment)
    return made


def at(session: Session, here: rounds.Round, candidate: Candidate, now: datetime) -> Invited:
    return invited_of(session, here.owner, here.job, candidate.id, now)


def mails(session: Session) -> int:
    return len([job for job in session.exec(select(Job)) if job.kind == "candidate-mail"])


def change(session: Session, here: rounds.Round, found: Invited, now: datetime, **more: datetime | int) -> None:
    window = Window(more.get("opens", found.candidate.opens_at), more.get("closes", found.candidate.closes_at))  # type: ignore[arg-type]
    change_window(session, here.owner, here.job, found, window, int(more.get("extra", found.candidate.extra_percent)), now)  # type: ignore[arg-type]


def test_only_those_who_hire_change_anything(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    found = at(session, here, candidate, moment)
    window = Window(found.candidate.opens_at, moment + DAY)
    for role in Role:
        if may(role, Right.hire):
            continue
        seat = rounds.join(session, here.team, role, moment)
        for act in (
            lambda seat=seat: resend(session, seat, found, moment),
            lambda seat=seat: take_back(session, seat, found, moment),
            lambda seat=seat: change_window(session, seat, here.job, found, window, 0, moment),
            lambda seat=seat: answer_adjustment(session, seat, found, "", "Yes", 10, moment),
        ):
            with pytest.raises(NotAllowed):
                act()


def test_sent_again_the_bounce_is_forgotten_and_another_mail_waits(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    candidate.sent_at = None
    session.flush()
    note_bounce(session, candidate.id, "550 no such person", moment)
    found = at(session, here, candidate, moment)
    assert found.state.state is State.bounced
    resend(session, here.owner, found, moment)
    assert mails(session) == 2
    session.refresh(candidate)
    assert at(session, here, candidate, moment).state.state is State.waiting
    with pytest.raises(Conflict, match="leaves by itself"):
        resend(session, here.owner, at(session, here, candidate, moment), moment)


def test_what_is_over_is_not_sent_again(session: Session, here: rounds.Round, candidate: Candidate, moment: datetime) -> None:
    late = candidate.closes_at + MINUTE
    with pytest.raises(Conflict, match="another window first"):
        resend(session, here.owner, at(session, here, candidate, late), late)
    decline(session, candidate, True, moment)
    session.flush()
    with pytest.raises(Conflict, match="does not want to take part"):
        resend(session, here.owner, at(session, here, candidate, moment), moment)


def test_the_way_back_can_be_sent_while_it_runs_and_after(
    session: Session, here: rounds.Round, sitting: Candidate, moment: datetime
) -> None:
    resend(session, here.owner, at(session, here, sitting, moment), moment)
    before = invitation_message(session, "https://example.org", sitting.id, moment)
    assert before is not None
    assert before.subject.startswith("Your link")
    handed_in = rounds.hand_in(session, sitting, moment + MINUTE)
    resend(session, here.owner, at(session, here, sitting, moment + 30 * DAY), moment + 30 * DAY)
    assert mails(session) == 3  # the hand-in sent the receipt
    receipt = invitation_message(session, "https://example.org", sitting.id, moment + MINUTE)
    assert receipt is not None
    assert receipt.subject.startswith("Received")
    assert handed_in.fingerprint in receipt.text
    assert handed_in.fingerprint in receipt.html
    assert "/invitation/" in receipt.text


def test_taken_back_its_link_leads_nowhere(session: Session, here: rounds.Round, candidate: Candidate, moment: datetime) -> None:
    message = invitation_message(session, "https://example.org", candidate.id, moment)
    assert message is not None
    token = message.text.split("/invitation/")[1].split()[0]
    assert find_invitation(session, token)[0].id == candidate.id
    take_back(session, here.owner, at(session, here, candidate, moment), moment)
    assert (candidate.withdrawn_at, candidate.token_hash) == (moment, "")
    with pytest.raises(Conflict):
        find_invitation(session, token)
    with pytest.raises(Conflict, match="taken back"):
        take_back(session, here.owner, at(session, here, candidate, moment), moment)
    row = entries(session, f"team:{here.team.id}")[-1]
    assert (row.act, row.details) == ("candidate.take_back", {"candidate": candidate.id})


def test_two_who_take_it_back_at_once_do_it_once(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    one, other = at(session, here, candidate, moment), at(session, here, candidate, moment)
    take_back(session, here.owner, one, moment)
    with pytest.raises(Conflict):
        take_back(session, here.owner, other, moment + MINUTE)
    assert candidate.withdrawn_at == moment


def test_what_is_handed_in_is_not_taken_back_or_changed(
    session: Session, here: rounds.Round, sitting: Candidate, moment: datetime
) -> None:
    rounds.hand_in(session, sitting, moment + MINUTE)
    found = at(session, here, sitting, moment + MINUTE)
    with pytest.raises(Conflict, match="handed in"):
        take_back(session, here.owner, found, moment + MINUTE)
    with pytest.raises(Conflict, match="handed in"):
        change(session, here, found, moment + MINUTE, extra=50)


def test_a_window_that_is_over_is_opened_again(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    late = candidate.closes_at + DAY
    found = at(session, here, candidate, late)
    assert found.state.state is State.expired
    change(session, here, found, late, closes=late + 7 * DAY, extra=50)
    again = at(session, here, candidate, late)
    assert (again.state.state, again.candidate.closes_at, again.candidate.extra_percent) == (State.sent, late + 7 * DAY, 50)
    row = entries(session, f"team:{here.team.id}")[-1]
    assert (row.act, row.details) == (
        "candidate.window",
        {"candidate": candidate.id, "changed": ["closes_at", "extra_percent"]},
    )


@pytest.mark.parametrize(
    ("closes", "extra", "field"), [(-DAY, 0, "closes"), (timedelta(), 0, "closes"), (DAY, 301, "extra_percent")]
)
def test_a_changed_window_follows_the_same_rules(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime, closes: timedelta, extra: int, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change(session, here, at(session, here, candidate, moment), moment, closes=moment + closes, extra=extra)
    assert list(refused.value.errors) == [field]


def test_a_window_is_not_opened_again_beside_another_invitation_of_the_same_person(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    late = candidate.closes_at + MINUTE
    invite(session, here.owner, here.job, here.blueprint, Invitee(email=candidate.email), late)
    with pytest.raises(Invalid, match="Already invited"):
        change(session, here, at(session, here, candidate, late), late, closes=late + DAY)


def test_what_runs_gets_longer_and_never_shorter(
    session: Session, here: rounds.Round, sitting: Candidate, moment: datetime
) -> None:
    found = at(session, here, sitting, moment)
    before = seat_candidate(session, sitting).standing(moment).left
    change(session, here, found, moment, extra=50, closes=sitting.closes_at + DAY)
    assert seat_candidate(session, sitting).standing(moment).left - before == 30 * MINUTE
    for more, field in (
        ({"extra": 49}, "extra_percent"),
        ({"closes": sitting.closes_at - MINUTE}, "closes"),
        ({"opens": sitting.opens_at + MINUTE}, "opens"),
    ):
        with pytest.raises(Invalid) as refused:
            change(session, here, found, moment, **more)  # type: ignore[arg-type]
        assert list(refused.value.errors) == [field]


def test_extra_time_is_given_to_what_runs_past_its_window(
    session: Session, here: rounds.Round, sitting: Candidate, moment: datetime
) -> None:
    sitting.closes_at = moment + MINUTE
    session.flush()
    now = moment + 60 * MINUTE
    change(session, here, at(session, here, sitting, now), now, extra=100)
    assert seat_candidate(session, sitting).standing(now).left == 180 * MINUTE


def test_a_request_is_answered_with_or_without_extra_time(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    with pytest.raises(Conflict, match="has not asked"):
        answer_adjustment(session, here.owner, at(session, here, candidate, moment), "", "Yes", 50, moment)
    ask_adjustment(session, candidate, "I read slowly:\ntwice the time, please.", moment)
    found = at(session, here, candidate, moment)
    for answer, extra, field in ((" ", 50, "answer"), ("x" * 4_001, 50, "answer"), ("Yes", -1, "extra_percent")):
        with pytest.raises(Invalid) as refused:
            answer_adjustment(session, here.owner, found, candidate.adjustment, answer, extra, moment)
        assert list(refused.value.errors) == [field]
    asked = "I read slowly:\r\ntwice the time, please."  # as a browser sends it
    answer_adjustment(session, here.owner, found, asked, "Yes, of course.", 100, moment)
    assert (candidate.adjustment_answer, candidate.extra_percent) == ("Yes, of course.", 100)
    row = entries(session, f"team:{here.team.id}")[-1]
    assert (row.act, row.details) == ("candidate.answer_adjustment", {"candidate": candidate.id})


def test_a_request_that_was_changed_meanwhile_is_read_again(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    ask_adjustment(session, candidate, "A screen reader friendly form.", moment)
    with pytest.raises(Conflict, match="Read it once more"):
        answer_adjustment(session, here.owner, at(session, here, candidate, moment), "More time.", "Yes", 50, moment)
    assert (candidate.adjustment_answer, candidate.extra_percent) == ("", 0)


def test_extra_time_of_what_runs_is_not_taken_back_by_an_answer(
    session: Session, here: rounds.Round, sitting: Candidate, moment: datetime
) -> None:
    ask_adjustment(session, sitting, "A pause.", moment)
    with pytest.raises(Invalid, match="can only become more"):
        answer_adjustment(session, here.owner, at(session, here, sitting, moment), "A pause.", "No", 0, moment)
