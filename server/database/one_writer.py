"""SQLite has one writer at a time. Who waits for it does so by asking again and again, so under load some ask at the wrong moment
until their patience ends ("database is locked"). The threads of one process can do better: they wait in line.

1. The first statement of a transaction that writes takes the line's turn.
2. The turn is given back when the connection returns to the pool: after the commit or the rollback.
3. Other processes are not in the line; for them SQLite's own waiting stays in place.
"""

import threading
from typing import Any

from sqlalchemy import Connection, Engine, event

PATIENCE_SECONDS = 20.0  # whoever waited for longer asks SQLite itself, which says what is wrong
HOLDS_TURN = "touchstone_holds_turn"


def let_writers_queue(engine: Engine) -> None:
    """To be called once for an engine of SQLite."""
    turn = threading.Lock()

    def before_statement(connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
        if _writes(context) and not connection.info.get(HOLDS_TURN):
            connection.info[HOLDS_TURN] = turn.acquire(timeout=PATIENCE_SECONDS)

    def back_in_pool(_connection: Any, record: Any) -> None:
        if record.info.pop(HOLDS_TURN, False):
            turn.release()

    event.listen(engine, "before_cursor_execute", before_statement)
    event.listen(engine.pool, "checkin", back_in_pool)


def _writes(context: Any) -> bool:
    return bool(context.isinsert or context.isupdate or context.isdelete)
