"""The exercise behind a digest, read from the bytes that were kept; read ones stay in memory."""

from base64 import b64decode
from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock

from sqlmodel import Session, col, select

from server.bank.tables import Exercise as Row
from server.bank.tables import ExerciseVersion
from server.errors import NotFound, Unavailable
from server.exercise_format.exercise import Exercise
from server.exercise_format.reading.reader import read_exercise

MOST_KEPT = 200
UNREADABLE = "This version of the exercise cannot be read any more. Your work is kept; please tell the operator of this site."

_kept: OrderedDict[tuple[str, str], Exercise] = OrderedDict()
_lock = Lock()


def listed_exercise(session: Session, slug: str) -> Row:
    """The row of an exercise that is in the bank now."""
    row = session.exec(select(Row).where(Row.slug == slug, col(Row.retired_at).is_(None))).first()
    if row is None:
        raise NotFound("There is no exercise with this name. It may have been renamed; the search finds it.")
    return row


def newest_digest(session: Session, slug: str) -> str:
    return listed_exercise(session, slug).digest


def exercise_version(session: Session, slug: str, digest: str | None = None) -> Exercise:
    """The exercise in the version of `digest`; without one, in the version that is listed now."""
    key = (slug, digest or newest_digest(session, slug))
    found = _recall(key)
    return found if found is not None else _remember(key, _read(session, *key))


def _read(session: Session, slug: str, digest: str) -> Exercise:
    version = session.get(ExerciseVersion, (slug, digest))
    if version is None:
        raise NotFound("There is no such version of this exercise.")
    reading = read_exercise(version.notebook, slug, _as_bytes(version.public_files), _as_bytes(version.private_files))
    # A version that was published with an older reader keeps working, even if today's would find fault with it.
    if reading.draft is None:
        raise Unavailable(UNREADABLE)
    return reading.draft


def _as_bytes(files: Mapping[str, str]) -> dict[str, bytes]:
    return {name: b64decode(text) for name, text in files.items()}


def _recall(key: tuple[str, str]) -> Exercise | None:
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _remember(key: tuple[str, str], exercise: Exercise) -> Exercise:
    with _lock:
        _kept[key] = exercise
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return exercise
