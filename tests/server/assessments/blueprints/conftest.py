"""A team's job with three must-haves, and a blueprint of it that could be published."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.teams.seats import Seat
from tests import drafts, rounds


@pytest.fixture
def owner(session: Session, moment: datetime) -> Seat:
    return rounds.make_round(session, moment).owner


@pytest.fixture
def job(session: Session, owner: Seat, moment: datetime) -> HiringJob:
    return drafts.job_with_musts(session, owner, moment)


@pytest.fixture
def ready(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> BlueprintRow:
    return drafts.ready_draft(session, owner, job, moment)
