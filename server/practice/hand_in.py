"""Check or submit: freeze the notebook and queue its grading, in one transaction."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from server.grading.submissions import HandIn, freeze
from server.grading.tables import Submission
from server.queue.jobs import put
from server.workspaces.cells import list_cells
from server.workspaces.events import note
from server.workspaces.notebook import notebook_bytes
from server.workspaces.tables import Workspace

GRADE = "grade"


def hand_in(session: Session, workspace: Workspace, kind: str, request: str, now: datetime) -> Submission:
    """The submission of this request. Asking twice (double click, two tabs, a retry) makes one."""
    frozen = HandIn(
        workspace_id=workspace.id,
        kind=kind,
        request=request,
        exercise_slug=workspace.exercise_slug,
        exercise_digest=workspace.exercise_digest,
        seed=workspace.seed,
        values=workspace.values,
        notebook=notebook_bytes(workspace, list_cells(session, workspace)),
    )
    submission, new = freeze(session, frozen, now)
    if new:
        submission.job_id = put(session, GRADE, {"submission": submission.id}, now).id
        note(session, workspace, kind, now, payload={"submission": submission.id, "sha256": submission.sha256})
    return submission
