"""Mira has started an exercise, on each database."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.accounts.guests import become_guest
from server.exercise_format.exercise import Exercise
from server.practice.start import start_exercise
from server.workspaces.tables import Workspace
from tests.exercises import bundled


@pytest.fixture(scope="session")
def exercise() -> Exercise:
    return bundled("softmax-cross-entropy-stable")


@pytest.fixture
def workspace(session: Session, exercise: Exercise, moment: datetime) -> Workspace:
    person, _ = become_guest(session, moment)
    return start_exercise(session, person.id, exercise, "digest", 7, {}, moment)
