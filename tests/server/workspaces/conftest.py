"""A workspace of a person, on each database."""

from datetime import datetime

import pytest
from sqlmodel import Session

from server.accounts.guests import become_guest
from server.workspaces.open import StartingCell, open_workspace
from server.workspaces.tables import Workspace

CELLS = (
    StartingCell("text-1", "markdown", "text", "", "Do it."),
    StartingCell("setup-1", "code", "setup", "", "import numpy as np"),
    StartingCell("answer-1", "code", "answer", "f", "def f(): ..."),
)


@pytest.fixture
def workspace(session: Session, moment: datetime) -> Workspace:
    person, _ = become_guest(session, moment)
    return open_workspace(session, person.id, "some-exercise", "digest", cells=CELLS, seed=7, values={}, now=moment)
