"""Check or submit: freeze the notebook and queue its grading, in one transaction."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from sqlmodel import Session

from server.errors import Invalid
from server.grading.handed_in.submissions import HandIn, freeze
from server.grading.handed_in.submitted import read_submitted
from server.grading.tables import Submission
from server.queue.jobs import put
from server.workspaces.cells import list_cells
from server.workspaces.events import note
from server.workspaces.notebook import notebook_bytes
from server.workspaces.tables import Workspace

GRADE = "grade"
HEAD_START = {"check": timedelta(seconds=5)}  # a check is short and somebody waits for it to go on
MOST_WAITING = 3  # of one workspace; more would keep the graders from everybody else


def hand_in(
    session: Session, workspace: Workspace, kind: str, request: str, now: datetime, *, whatever: bool = False
) -> Submission:
    """The submission of this request. Asking twice (double click, two tabs, a retry) makes one.

    `whatever`: nothing is refused, because there is no later; of a notebook too large to be read the person's own cells stay out.
    """
    notebook = _bytes(session, workspace, whatever)
    frozen = HandIn(
        workspace_id=workspace.id,
        kind=kind,
        request=request,
        exercise_slug=workspace.exercise_slug,
        exercise_digest=workspace.exercise_digest,
        seed=workspace.seed,
        values=workspace.values,
        notebook=notebook,
    )
    submission, new = freeze(session, frozen, now, most_waiting=sys.maxsize if whatever else MOST_WAITING)
    if new:
        head_start = HEAD_START.get(kind, timedelta())
        submission.job_id = put(session, GRADE, {"submission": submission.id}, now, head_start).id
        note(session, workspace, kind, now, payload={"submission": submission.id, "sha256": submission.sha256})
    return submission


def _bytes(session: Session, workspace: Workspace, whatever: bool) -> bytes:
    """What the graders could not read must not be accepted; raises Invalid, which says what is too large."""
    cells = list_cells(session, workspace)
    notebook = notebook_bytes(workspace, cells)
    try:
        read_submitted(notebook)
    except Invalid:
        if not whatever:
            raise
        return notebook_bytes(workspace, [cell for cell in cells if cell.role != "own"])
    return notebook
