"""When something happened in workspaces: counted by the database, in slices of time. What was written is not read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, case, cast, extract, func, select
from sqlmodel import Session, col

from server.workspaces.run_again import RAN
from server.workspaces.tables import WorkspaceEvent


@dataclass(frozen=True, slots=True)
class Slice:
    """How many events of one kind fell into one slice of time, which are numbered from 0. A run that ended in anything but
    "ok" is of the kind `error`."""

    number: int
    kind: str
    count: int


def activity(session: Session, workspace_ids: Collection[str], since: datetime, slice_seconds: int) -> list[Slice]:
    """Of all these workspaces together, in the order of time. What came before `since` is left out."""
    epoch = extract("epoch", col(WorkspaceEvent.at))
    whole = func.floor(epoch) if session.get_bind().dialect.name == "postgresql" else epoch  # SQLite's are whole already
    second = cast(whole, Integer) - int(since.timestamp())
    kind = case(
        (col(WorkspaceEvent.kind) != RAN, col(WorkspaceEvent.kind)),
        (col(WorkspaceEvent.payload)["status"].as_string() == "ok", RAN),
        else_="error",
    )
    # Names that no column has: PostgreSQL groups by a column before it thinks of a label.
    wanted = select((second // slice_seconds).label("slice_number"), kind.label("slice_kind"), func.count())
    theirs = wanted.where(col(WorkspaceEvent.workspace_id).in_(workspace_ids), col(WorkspaceEvent.at) >= since)
    rows = session.execute(theirs.group_by("slice_number", "slice_kind").order_by("slice_number", "slice_kind"))
    return [Slice(number, kind, count) for number, kind, count in rows]
