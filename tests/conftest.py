"""What every test may ask for: a moment, and a database of each kind with the product's own migrations applied."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

import server.all_tables
from server.database.engine import make_engine, session_factory
from server.database.migrate import upgrade

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LONGEST_FIRST = ("tests/attacks/test_probes.py", "tests/attacks", "tests/walks", "tests/browser", "tests/benchmarks")
POSTGRES_VARIABLE = "TOUCHSTONE_TEST_POSTGRES_URL"
POSTGRES_DEFAULT = "postgresql+psycopg:///test?host=/var/run/postgresql"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers are given whole files in this order. What takes minutes and often only waits comes first, so that no worker is left
    alone with it at the end."""

    def place(item: pytest.Item) -> int:
        return next((n for n, start in enumerate(LONGEST_FIRST) if item.nodeid.startswith(start)), len(LONGEST_FIRST))

    items.sort(key=place)


@pytest.fixture
def moment() -> datetime:
    """When a test happens: a fixed Tuesday, so that no outcome depends on today."""
    return datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A schema of this test run alone, with the tables in it; dropped at the end."""
    url = os.environ.get(POSTGRES_VARIABLE, POSTGRES_DEFAULT)
    schema = f"test_{uuid4().hex}"
    server_engine = create_engine(url, isolation_level="AUTOCOMMIT")
    try:
        with server_engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OperationalError:
        pytest.skip(f"no PostgreSQL answers at {url} (set {POSTGRES_VARIABLE})")
    yield f"{url}{'&' if '?' in url else '?'}options=-csearch_path%3D{schema}"
    with server_engine.connect() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    server_engine.dispose()


@pytest.fixture(scope="session")
def postgres_engine(postgres_url: str) -> Iterator[Engine]:
    engine = make_engine(postgres_url)
    upgrade(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file; each test gets a copy of it, which is faster than migrating again."""
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    engine = make_engine(f"sqlite:///{path}")
    upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    path = tmp_path / "touchstone.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An empty, migrated database; the test runs once on SQLite and once on PostgreSQL."""
    engine: Engine = request.getfixturevalue(f"{request.param}_engine")
    yield engine
    if request.param == "postgres":
        _empty(engine)


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with session_factory(engine)() as session:
        yield session


def _empty(engine: Engine) -> None:
    """Deleting few rows is much faster than truncating; nothing here has to survive a power cut."""
    deletions = "; ".join(f'DELETE FROM "{table.name}"' for table in reversed(server.all_tables.metadata.sorted_tables))
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL synchronous_commit = off; {deletions}"))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's chromium, driven by Playwright; one for the whole run, because Playwright cannot be started twice in a thread."""
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed (as root: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
