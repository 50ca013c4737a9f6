"""How many rows an UPDATE or DELETE changed: whoever changed the one row has it, and nobody else."""

from typing import Any, cast

from sqlalchemy import CursorResult
from sqlmodel import Session


def changed_rows(session: Session, change: Any) -> int:
    result = cast("CursorResult[Any]", session.execute(change.execution_options(synchronize_session=False)))
    return result.rowcount
