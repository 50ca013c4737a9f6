"""The mail with a candidate's link: what it says, that each one replaces the link, and what becomes of it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.accounts.tokens import token_hash
from server.assessments.invitations.candidates import Invitee, invite
from server.assessments.invitations.mail import (
    NOT_SENT,
    invitation_message,
    mail_as_written,
    note_bounce,
    note_given_up,
    note_sent,
)
from server.assessments.invitations.parts import parts_of
from server.assessments.tables.invitations import Candidate
from server.audit.log import entries
from server.mail.message import Message
from tests import rounds

BASE = "https://hiring.example.org"
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
MIRA = Invitee(email="mira@example.org", name="Mira <Santos>", extra_percent=25)


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def candidate(session: Session, here: rounds.Round, moment: datetime) -> Candidate:
    return invite(session, here.owner, here.job, here.blueprint, MIRA, moment)


def written(session: Session, candidate: Candidate, now: datetime) -> Message:
    message = invitation_message(session, BASE, candidate.id, now)
    assert message is not None
    return message


def token_in(message: Message) -> str:
    return message.text.split(f"{BASE}/invitation/")[1].split()[0]


def test_it_says_what_a_candidate_must_know_in_both_forms(session: Session, candidate: Candidate, moment: datetime) -> None:
    message = written(session, candidate, moment)
    assert message.to == "mira@example.org"
    assert message.subject == "Northwind ML invites you to a take-home: ML engineer"
    said = (
        "Northwind ML invites you",
        "150 minutes, your 25 % of extra time included",
        "until 8 December 2026, 09:00 UTC",
        "in your own time zone",
        "AI tools: allowed, with disclosure",
        "within 7 days",
        "dana@example.org",
        "Opening it starts no clock",
        "do not want to take part",
        f"{BASE}/invitation/{token_in(message)}",
    )
    for words in said:
        assert words in " ".join(message.text.split()), words
        assert words in " ".join(message.html.split()), words
    assert "Hello Mira <Santos>," in message.text
    assert "Hello Mira &lt;Santos&gt;," in message.html
    assert "<Santos>" not in message.html


def test_a_window_that_opens_later_says_from_when(session: Session, here: rounds.Round, moment: datetime) -> None:
    later = Invitee(email="later@example.org", opens=moment + DAY, closes=moment + 2 * DAY)
    made = invite(session, here.owner, here.job, here.blueprint, later, moment)
    words = "from 25 November 2026, 09:00 UTC until 26 November 2026, 09:00 UTC"
    message = written(session, made, moment)
    assert words in message.text and words in message.html
    assert "Hello,\n" in message.text and "extra time" not in message.text


def test_titles_that_hold_line_breaks_make_no_headers(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    here.job.title, here.team.name = "ML\r\nBcc: all@example.org", "A\nB"
    session.flush()
    message = written(session, candidate, moment)
    assert message.subject == "A B invites you to a take-home: ML Bcc: all@example.org"


def test_without_a_contact_the_inviter_is_named(
    session: Session, here: rounds.Round, candidate: Candidate, moment: datetime
) -> None:
    here.blueprint.contact = " "
    session.flush()
    assert f"Questions: A owner, {here.owner.member.person_id}@example.org" in written(session, candidate, moment).text


def test_each_mail_has_a_new_link_of_which_only_the_hash_is_kept(
    session: Session, candidate: Candidate, moment: datetime
) -> None:
    first, second = token_in(written(session, candidate, moment)), token_in(written(session, candidate, moment))
    assert first != second
    assert candidate.token_hash == token_hash(second)


@pytest.mark.parametrize("over", ["withdrawn_at", "declined_at"])
def test_nothing_is_sent_once_it_is_over(session: Session, candidate: Candidate, moment: datetime, over: str) -> None:
    setattr(candidate, over, moment)
    session.flush()
    assert invitation_message(session, BASE, candidate.id, moment) is None
    assert candidate.token_hash == ""


def test_nothing_is_sent_after_the_window_to_previews_or_to_nobody(
    session: Session, candidate: Candidate, moment: datetime
) -> None:
    assert invitation_message(session, BASE, candidate.id, candidate.closes_at) is None
    candidate.preview = True
    session.flush()
    assert invitation_message(session, BASE, candidate.id, moment) is None
    assert invitation_message(session, BASE, "nobody", moment) is None


def test_once_the_work_has_begun_the_mail_leads_back_to_it(session: Session, here: rounds.Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Flint 03", moment)
    rounds.start(session, candidate, moment)
    message = written(session, candidate, candidate.closes_at + DAY)
    assert message.subject == "Your link to the take-home of Northwind ML: ML engineer"
    for form in (message.text, message.html):
        assert "leads to your work as you left it" in form and token_in(message) in form


def test_a_mail_that_left_clears_an_earlier_bounce(session: Session, candidate: Candidate, moment: datetime) -> None:
    note_bounce(session, candidate.id, "550 no such person", moment)
    session.refresh(candidate)
    assert (candidate.bounced_at, candidate.bounce, candidate.sent_at) == (moment, "550 no such person", None)
    note_sent(session, candidate.id, moment + MINUTE)
    session.refresh(candidate)
    assert (candidate.bounced_at, candidate.bounce, candidate.sent_at) == (None, "", moment + MINUTE)
    acts = [(row.actor, row.act, row.details) for row in entries(session, f"team:{candidate.team_id}")][-2:]
    assert acts == [("server", act, {"candidate": candidate.id}) for act in ("candidate.bounce", "candidate.mail")]


def test_a_mail_given_up_is_told_once_and_not_after_one_that_left(
    session: Session, candidate: Candidate, moment: datetime
) -> None:
    note_given_up(session, candidate.id, moment, moment + MINUTE)
    note_given_up(session, candidate.id, moment, moment + 2 * MINUTE)
    session.refresh(candidate)
    assert (candidate.bounced_at, candidate.bounce) == (moment + MINUTE, NOT_SENT)
    note_sent(session, candidate.id, moment + 3 * MINUTE)
    note_given_up(session, candidate.id, moment, moment + 4 * MINUTE)
    session.refresh(candidate)
    assert candidate.bounced_at is None


def test_the_team_can_look_at_the_mail_before_it_invites(session: Session, here: rounds.Round, moment: datetime) -> None:
    message = mail_as_written(session, BASE, here.owner, here.job, here.blueprint, moment)
    assert "Hello," in message.text and "120 minutes" in message.text
    assert f"{BASE}/invitation/the-link-of-this-candidate" in message.text
    assert list(session.new) == []


def test_what_is_missing_is_told_apart_from_what_would_be_good(session: Session, here: rounds.Round) -> None:
    assert [part.title for part in parts_of(here.blueprint) if part.missing] == []
    here.blueprint.stated_minutes, here.blueprint.contact = 0, ""
    assert [(part.title, part.needed) for part in parts_of(here.blueprint) if part.missing] == [
        ("Time needed", True),
        ("Whom to ask", False),
    ]
