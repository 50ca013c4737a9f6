"""The candidate's copy holds no line of a solution, and data files are the listed ones."""

from collections.abc import Iterator
from hashlib import sha256

from server.exercise_format.copies.candidate_copy import CopyCell, candidate_cells
from server.exercise_format.exercise import Exercise
from server.exercise_format.finding import Finding
from server.exercise_format.limits import FILE_BYTES

SHORTEST = 12
GIVEN_AWAY_ANYWAY = ("import ", "from ", "def ", "class ", "return ", "#", '"""')


def solution_stays_secret(exercise: Exercise) -> Iterator[Finding]:
    secret = _secret_lines(exercise)
    for cell in candidate_cells(exercise, 0, {}):
        if cell.role == "question-answer":
            continue
        for line in sorted(_shown(cell, secret)):
            yield Finding("leak", f"The candidate's copy shows the solution's line `{line[:60]}`.", cell.id)


def _secret_lines(exercise: Exercise) -> set[str]:
    """Lines of the reference solutions that are neither in a stub nor in given code."""
    solutions = [exercise.solution_source(answer) for answer in exercise.answers]
    given = [answer.stub for answer in exercise.answers] + [setup.source for setup in exercise.setups if not setup.judge_only]
    lines = _lines(solutions) - _lines(given)
    return {line for line in lines if len(line) >= SHORTEST and not line.startswith(GIVEN_AWAY_ANYWAY)}


def _lines(sources: list[str]) -> set[str]:
    return {line.strip() for source in sources for line in source.split("\n")}


def _shown(cell: CopyCell, secret: set[str]) -> set[str]:
    """In code a whole line counts, in text any occurrence."""
    if cell.type == "code":
        return secret & _lines([cell.source])
    return {line for line in secret if line in cell.source}


def data_files_are_listed(exercise: Exercise) -> Iterator[Finding]:
    files = {**exercise.public_files, **exercise.private_files}
    listed = {entry.name: entry for entry in exercise.front.data}
    for name, content in files.items():
        if len(content) > FILE_BYTES:
            yield Finding("data-file", f"{name} has {len(content):,} bytes; {FILE_BYTES:,} are allowed.")
        if name not in listed:
            yield Finding("data-file", f"{name} is not listed under `data` with its source, licence and SHA-256.")
        elif sha256(content).hexdigest() != listed[name].sha256:
            yield Finding("data-file", f"{name} is not the listed file: its SHA-256 differs.")
    for name in listed:
        if name not in files:
            yield Finding("data-file", f"{name} is listed under `data`, but lies neither in public nor in private.")


RULES = (solution_stays_secret, data_files_are_listed)
