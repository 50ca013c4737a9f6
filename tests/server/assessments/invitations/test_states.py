"""Where an invitation stands, from its row, its sitting and the moment."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from server.assessments.invitations.states import SENTENCES, State, state_of
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting

HOUR = timedelta(hours=1)


def candidate_with(moment: datetime, **hours: float) -> Candidate:
    """Invited at `moment`, open for a day; each further moment is so many hours later."""
    when: dict[str, Any] = {name: moment + value * HOUR for name, value in hours.items()}
    row = {"team_id": "t", "job_id": "j", "blueprint_id": "b", "code": "Flint 03", "invited_by": "p", "created_at": moment}
    return Candidate(**row, opens_at=moment, closes_at=moment + 24 * HOUR, **when)


def sitting_with(moment: datetime, handed_in: float | None = None) -> Sitting:
    at = None if handed_in is None else moment + handed_in * HOUR
    return Sitting(team_id="t", candidate_id="c", stated_minutes=60, started_at=moment + 5 * HOUR, handed_in_at=at)


@pytest.mark.parametrize(
    ("hours", "state", "since"),
    [
        ({}, State.waiting, 0),
        ({"sent_at": 1}, State.sent, 1),
        ({"bounced_at": 1}, State.bounced, 1),
        ({"sent_at": 1, "opened_at": 2}, State.opened, 2),
        ({"sent_at": 1, "opened_at": 2, "bounced_at": 3}, State.opened, 2),
        ({"sent_at": 1, "opened_at": 2, "declined_at": 3}, State.declined, 3),
        ({"sent_at": 1, "declined_at": 3, "withdrawn_at": 4}, State.withdrawn, 4),
    ],
)
def test_before_the_work(moment: datetime, hours: dict[str, float], state: State, since: float) -> None:
    found = state_of(candidate_with(moment, **hours), None, moment + 6 * HOUR)
    assert (found.state, found.at) == (state, moment + since * HOUR)
    assert found.sentence == SENTENCES[state]


@pytest.mark.parametrize(
    ("hours", "state"), [({}, State.started), ({"bounced_at": 2}, State.started), ({"withdrawn_at": 6}, State.withdrawn)]
)
def test_work_that_runs(moment: datetime, hours: dict[str, float], state: State) -> None:
    assert state_of(candidate_with(moment, **hours), sitting_with(moment), moment + 30 * HOUR).state is state


def test_work_that_is_handed_in_stays_so(moment: datetime) -> None:
    found = state_of(candidate_with(moment, withdrawn_at=9), sitting_with(moment, 7), moment + 30 * HOUR)
    assert (found.state, found.at, found.is_open) == (State.submitted, moment + 7 * HOUR, False)


def test_a_window_that_closes_ends_what_has_not_begun(moment: datetime) -> None:
    candidate = candidate_with(moment, sent_at=1, opened_at=2)
    assert state_of(candidate, None, candidate.closes_at).state is State.opened
    found = state_of(candidate, None, candidate.closes_at + timedelta(milliseconds=1))
    assert (found.state, found.at, found.is_open) == (State.expired, candidate.closes_at, False)


def test_a_bounce_gives_the_mail_servers_reason(moment: datetime) -> None:
    candidate = candidate_with(moment, bounced_at=1)
    candidate.bounce = "550 no such person"
    found = state_of(candidate, None, moment + HOUR)
    assert found.sentence == "The mail did not arrive. 550 no such person"
    assert found.is_open
