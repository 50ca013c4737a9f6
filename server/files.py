"""Where the files that ship with Touchstone lie: inside the wheel, or beside `server/` in a checkout."""

from pathlib import Path

SERVER = Path(__file__).resolve().parent
BUNDLED = SERVER / "bundled"


def _shipped(name: str) -> Path:
    bundled = BUNDLED / name
    return bundled if bundled.is_dir() else SERVER.parent / name


def exercises_folder() -> Path:
    return _shipped("exercises")


def templates_folder() -> Path:
    return _shipped("templates")


def static_folder() -> Path:
    return SERVER / "web" / "static"


def migrations_folder() -> Path:
    return SERVER / "database" / "migrations"
