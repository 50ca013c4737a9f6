"""What of a person this domain keeps: moved when a guest signs in, and handed out when they ask for their data."""

from __future__ import annotations

from sqlmodel import Session, select

from server.accounts.keeping import Keeper
from server.accounts.tables import Person
from server.workspaces.cells import list_cells
from server.workspaces.events import list_events
from server.workspaces.open import move_to_person
from server.workspaces.rooms import Rooms
from server.workspaces.tables import Workspace


def workspace_keeper(rooms: Rooms) -> Keeper:
    """Rows go with the person's row; kernels are ended here, when the person leaves for now or for good."""

    def end_kernels(session: Session, person: Person) -> None:
        for workspace in session.exec(select(Workspace).where(Workspace.person_id == person.id)):
            rooms.leave(workspace.id)

    def adopt(session: Session, giver: Person, taker: Person) -> None:
        move_to_person(session, giver.id, taker.id)
        end_kernels(session, giver)  # what is left there is not used any more

    return Keeper(
        "workspaces",
        export_workspaces,
        adopt,
        forget=end_kernels,
        rest=end_kernels,
    )


def export_workspaces(session: Session, person: Person) -> list[dict[str, object]]:
    """Every workspace with its cells and its whole diary, as plain data."""
    wanted = select(Workspace).where(Workspace.person_id == person.id)
    return [_workspace(session, workspace) for workspace in session.exec(wanted)]


def _workspace(session: Session, workspace: Workspace) -> dict[str, object]:
    return {
        **workspace.model_dump(mode="json", exclude={"person_id"}),
        "cells": [cell.model_dump(mode="json", exclude={"workspace_id"}) for cell in list_cells(session, workspace)],
        "events": [event.model_dump(mode="json", exclude={"workspace_id"}) for event in list_events(session, workspace)],
    }
