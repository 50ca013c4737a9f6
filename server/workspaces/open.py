"""Open a workspace: the first time it is made from the exercise, later it is found again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.database.insert import insert_once
from server.errors import Invalid, NotFound
from server.workspaces.cells import add_cell, list_cells
from server.workspaces.events import note
from server.workspaces.tables import Workspace, WorkspaceCell, WorkspaceEvent


@dataclass(frozen=True, slots=True)
class StartingCell:
    """A cell as the exercise hands it to a person."""

    id: str
    type: str
    role: str
    name: str
    source: str


def open_workspace(
    session: Session,
    person_id: str,
    exercise_slug: str,
    exercise_digest: str,
    *,
    cells: Sequence[StartingCell],
    seed: int,
    values: dict[str, object],
    now: datetime,
    environment: str = "",
) -> Workspace:
    """The person's workspace of this exercise, made from `cells` when there is none yet. Two starts at once make one."""
    found = find_workspace(session, person_id, exercise_slug)
    if found is not None:
        return found
    workspace = Workspace(
        person_id=person_id,
        exercise_slug=exercise_slug,
        exercise_digest=exercise_digest,
        environment=environment,
        seed=seed,
        values=values,
        created_at=now,
        updated_at=now,
    )
    new = insert_once(session, workspace)
    stored = find_workspace(session, person_id, exercise_slug)
    assert stored is not None
    if new:
        _lay_out(session, stored, cells, now)
    return stored


def _lay_out(session: Session, workspace: Workspace, cells: Sequence[StartingCell], now: datetime) -> None:
    for place, cell in enumerate(cells, 1):
        session.add(
            WorkspaceCell(
                workspace_id=workspace.id,
                id=cell.id,
                position=float(place),
                type=cell.type,
                role=cell.role,
                name=cell.name,
                source=cell.source,
                starter=cell.source,
                updated_at=now,
            )
        )
    session.flush()


def find_workspace(session: Session, person_id: str, exercise_slug: str) -> Workspace | None:
    """The person's workspace of this exercise, if they started it."""
    wanted = select(Workspace).where(Workspace.person_id == person_id, Workspace.exercise_slug == exercise_slug)
    return session.exec(wanted).first()


def workspace_of(session: Session, owners: Collection[str], workspace_id: str) -> Workspace:
    """The workspace, looked up through its owner, one of `owners`: somebody else's id is as unknown as a made-up one."""
    wanted = select(Workspace).where(Workspace.id == workspace_id, col(Workspace.person_id).in_(owners))
    workspace = session.exec(wanted).first()
    if workspace is None:
        sentence = "There is no such workspace. It may belong to another account; open the exercise again from the list."
        raise NotFound(sentence, code="no_workspace")  # the page tells it from a cell that is gone
    return workspace


def move_to_person(session: Session, from_person: str, to_person: str) -> None:
    """A guest signed in: their workspaces become the account's. Where both started an exercise, the newer work stays in use; a
    copy in which nothing is written is no work.

    The other copy's diary joins the diary of the one in use, and its texts are put beside the answers, to be read and copied:
    nothing vanishes by signing in.
    """
    theirs = {w.exercise_slug: w for w in session.exec(select(Workspace).where(Workspace.person_id == to_person))}
    for workspace in list(session.exec(select(Workspace).where(Workspace.person_id == from_person))):
        rival = theirs.get(workspace.exercise_slug)
        if rival is None:
            workspace.person_id = to_person
        elif _is_preferred(session, workspace, rival):
            _exchange_owners(session, workspace, rival)
            _keep_texts(session, used=workspace, other=rival)
        else:
            _keep_texts(session, used=rival, other=workspace)
        session.flush()


def _is_preferred(session: Session, workspace: Workspace, rival: Workspace) -> bool:
    """A start alone is no work, however late it was."""
    if not _written(session, workspace):
        return False
    return rival.updated_at < workspace.updated_at or not _written(session, rival)


def _written(session: Session, workspace: Workspace) -> list[WorkspaceCell]:
    return [cell for cell in list_cells(session, workspace) if cell.source.strip() and cell.source != cell.starter]


def _keep_texts(session: Session, used: Workspace, other: Workspace) -> None:
    session.execute(update(WorkspaceEvent).where(col(WorkspaceEvent.workspace_id) == other.id).values(workspace_id=used.id))
    known = {cell.id for cell in list_cells(session, used)}
    written = _written(session, other)
    note(session, used, "other-copy", other.updated_at, payload={"cells": {cell.id: cell.source for cell in written}})
    for cell in written:
        _put_beside(session, used, cell, after=cell.id if cell.id in known else None)


def _put_beside(session: Session, used: Workspace, cell: WorkspaceCell, after: str | None) -> None:
    """As a note, not as code: it must not run, or it would take the answer's place."""
    last = list_cells(session, used)[-1].id
    try:
        copy = add_cell(session, used, after or last, "markdown", cell.updated_at)
    except Invalid:  # no room for more cells; the diary has the text
        return
    fence = "~~~" if "```" in cell.source else "```"
    text = f"{fence}python\n{cell.source}\n{fence}" if cell.type == "code" else cell.source
    copy.source = f"**From your other copy of this exercise:**\n\n{text}"


def _exchange_owners(session: Session, newer: Workspace, older: Workspace) -> None:
    newer_owner, older_owner, slug = newer.person_id, older.person_id, newer.exercise_slug
    older.exercise_slug = f"{slug}#swap"  # keeps the unique pair while the two rows change places
    session.flush()
    newer.person_id = older_owner
    session.flush()
    older.person_id, older.exercise_slug = newer_owner, slug
