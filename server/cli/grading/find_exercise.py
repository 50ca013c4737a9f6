"""An exercise named on the command line: by its slug in the bundled bank, or by the path of its notebook."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

from server.errors import Invalid, NotFound
from server.exercise_format.exercise import Exercise
from server.exercise_format.fingerprint import content_digest
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.files import exercises_folder


def find_version(name: str) -> tuple[Exercise, str]:
    """The exercise and the digest of this version. Raises NotFound or Invalid with a sentence for the person at the terminal."""
    path = Path(name) if name.endswith(".ipynb") or "/" in name else _bundled(name)
    if not path.is_file():
        raise NotFound(f"There is no exercise notebook at {path}.")
    reading = read_exercise_file(path)
    if reading.exercise is None:
        findings = "; ".join(finding.sentence for finding in reading.findings[:3])
        raise Invalid(f"{path} is no readable exercise: {findings}. `touchstone exercises check {path}` lists everything.")
    found = reading.exercise
    return found, content_digest(path.read_bytes(), found.public_files, found.private_files)


def _bundled(slug: str) -> Path:
    notebooks = {path.stem: path for path in exercise_paths(exercises_folder())}
    if slug in notebooks:
        return notebooks[slug]
    near = get_close_matches(slug, notebooks, n=1)
    hint = f" Did you mean {near[0]}?" if near else ""
    raise NotFound(f"The bank has no exercise {slug!r}.{hint} Give a slug of the bank or the path of a notebook.")
