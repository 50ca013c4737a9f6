"""Changes of the tables' shape: Alembic, run from inside the package.

The metadata that the migrations are compared with comes from above (server.all_tables); this layer knows no table.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, inspect, text

from server.errors import Refusal
from server.files import migrations_folder

# Any fixed number: PostgreSQL's advisory lock that lets one process migrate at a time.
POSTGRES_LOCK = 748_215_900
VERSION_TABLE = "alembic_version"


class UnknownSchema(Refusal):
    """The database was written by a newer version of Touchstone."""

    code = "unknown_schema"


def upgrade(engine: Engine) -> None:
    """Bring the tables to the newest shape, in one transaction: it all happens, or nothing does."""
    with _locked(engine) as connection:
        _refuse_unknown(connection)
        command.upgrade(_config(connection), "head")


def revision_of(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _revision(connection)


def newest_revision() -> str | None:
    return _scripts().get_current_head()


def differences(engine: Engine, metadata: MetaData) -> list[str]:
    """What `alembic check` would report: how the database differs from the tables in the code."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(change) for change in compare_metadata(context, metadata)]


def new_revision(engine: Engine, metadata: MetaData, message: str) -> Path:
    """Write a migration from what differs now; for developers, to be read and edited before it is committed."""
    number = sum(1 for _ in _scripts().walk_revisions()) + 1
    with engine.connect() as connection:
        script = command.revision(_config(connection, metadata), message, autogenerate=True, rev_id=f"{number:04d}")
    if script is None or isinstance(script, list):
        raise RuntimeError("Alembic wrote no single migration file")
    return Path(script.path)


def _config(connection: Connection | None = None, metadata: MetaData | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = metadata
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()


def _refuse_unknown(connection: Connection) -> None:
    revision = _revision(connection)
    known = {script.revision for script in _scripts().walk_revisions()}
    if revision is not None and revision not in known:
        raise UnknownSchema(
            f"The database has the shape {revision}, which this version of Touchstone does not know. "
            "Install the newer version again, or restore a backup that was made with this one."
        )


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    """A connection inside a transaction that keeps other migrating processes waiting."""
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            # Python's driver begins no transaction for DDL by itself; IMMEDIATE takes the write lock at once.
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": POSTGRES_LOCK})
        yield connection
