"""A take-home with one rubric that was handed in, and two who may mark it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from tests import rounds

ONE = "explain-overfitting-to-a-pm"  # one written answer, a rubric of four lines


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment, slugs=(rounds.CODING, ONE))


@pytest.fixture
def sitting(session: Session, here: rounds.Round, moment: datetime) -> Sitting:
    return rounds.sat(session, here, "Flint 03", moment)


@pytest.fixture
def rita(session: Session, here: rounds.Round, moment: datetime) -> Seat:
    return rounds.join(session, here.team, Role.reviewer, moment)


@pytest.fixture
def omar(session: Session, here: rounds.Round, moment: datetime) -> Seat:
    return rounds.join(session, here.team, Role.reviewer, moment)


@pytest.fixture
def later(moment: datetime) -> datetime:
    return moment + timedelta(hours=4)
