"""An exercise on disk: `<kind>/<slug>.ipynb`, with `<slug>/public/` for the candidate and `<slug>/private/` for the judge."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from server.exercise_format.finding import Finding
from server.exercise_format.reading.reader import Reading, read_exercise


def exercise_paths(folder: Path) -> list[Path]:
    """Every exercise notebook below a folder, in order."""
    return sorted(path for path in folder.glob("*/*.ipynb") if not path.name.startswith("."))


def read_exercise_file(path: Path) -> Reading:
    """Read one notebook with its files. Never raises on bad content; a file that cannot be read is a finding."""
    beside = path.with_suffix("")
    try:
        return read_exercise(path.read_bytes(), path.stem, read_files(beside / "public"), read_files(beside / "private"))
    except OSError as error:
        return Reading(None, (Finding("not-a-notebook", f"{path} cannot be read: {error.strerror}."),))


def read_files(folder: Path) -> Mapping[str, bytes]:
    """The plain files directly in a folder; links, subfolders and hidden files (an editor's, a system's) are left out."""
    if not folder.is_dir():
        return {}
    plain = (
        path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_symlink() and not path.name.startswith(".")
    )
    return {path.name: path.read_bytes() for path in plain}
