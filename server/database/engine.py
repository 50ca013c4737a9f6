"""One engine for a process, made from its address.

SQLite is used in WAL mode with synchronous=FULL: what was committed survives a power cut. Transactions begin at the first
write (Python's own default), so reads before it hold no snapshot that a writer could find stale; decisions that two people
could make at once are conditional UPDATEs whose changed rows are counted. Writers of one process wait in line.
"""

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlmodel import Session

from server.database.one_writer import let_writers_queue

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -16000",
)


def make_engine(url: str) -> Engine:
    """The pool is wide because every web and queue thread may hold one connection. What a statement was given stays out of the
    messages of errors, which are logged: it may be what somebody wrote."""
    engine = create_engine(
        make_url(url), pool_size=20, max_overflow=80, pool_timeout=10, pool_pre_ping="postgresql" in url, hide_parameters=True
    )
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        let_writers_queue(engine)
    return engine


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Rows stay readable after the commit: a page is rendered from what was just stored."""
    return sessionmaker(engine, class_=Session, expire_on_commit=False)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    for pragma in SQLITE_PRAGMAS:
        cursor.execute(pragma)
    cursor.close()
