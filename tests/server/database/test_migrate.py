"""The migrations give exactly the tables of the code, on both databases, all or nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

import server.all_tables
from server.database import migrate
from server.database.engine import make_engine


def test_the_migrated_database_equals_the_tables_in_the_code(engine: Engine) -> None:
    assert migrate.differences(engine, server.all_tables.metadata) == []


def test_the_database_is_at_the_newest_revision(engine: Engine) -> None:
    assert migrate.revision_of(engine) == migrate.newest_revision() is not None


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    migrate.upgrade(engine)
    assert migrate.differences(engine, server.all_tables.metadata) == []


def test_a_database_of_a_newer_version_is_refused(sqlite_engine: Engine) -> None:
    with sqlite_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(migrate.UnknownSchema, match="9999"):
        migrate.upgrade(sqlite_engine)


def test_a_migration_that_fails_leaves_the_old_shape(tmp_path: Path) -> None:
    """A table that is in the way stops a later statement; nothing of the earlier ones may stay."""
    engine = make_engine(f"sqlite:///{tmp_path / 'half.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE links (id TEXT)"))
    with pytest.raises(OperationalError):
        migrate.upgrade(engine)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
    engine.dispose()
    assert names == ["links"]
