"""The page of one exercise: read before it is started, worked on afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from server.bank.versions import exercise_version, listed_exercise
from server.errors import Unavailable
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import blank_values, fill_exercise
from server.practice.start import start_exercise
from server.web.candidates.bench import bench_page, drawn_values, environment_now
from server.web.candidates.cell_view import preview_cells, split_task
from server.web.candidates.workspace_view import workspace_view
from server.web.door import commit, database, moment, person, person_or_guest
from server.web.house import house
from server.web.limits import by_person, limiter
from server.workspaces.open import find_workspace
from server.workspaces.tables import Workspace

blueprint = Blueprint("exercise", __name__)
_EXAMPLES: dict[str, dict[str, object]] = {}  # source of a variant -> its values for seed 0


@blueprint.get("/exercises/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """The bench: read only until the person starts."""
    someone = person()
    workspace = find_workspace(database(), someone.id, slug) if someone else None
    exercise = exercise_version(database(), slug, workspace.exercise_digest if workspace else None)
    return _started(exercise, workspace) if workspace else _preview(exercise)


@blueprint.post("/exercises/<slug>/start")
@limiter.limit("30/minute", key_func=by_person)
def start(slug: str) -> ResponseReturnValue:
    """Make the person's workspace; somebody without an account becomes a guest of this browser."""
    exercise = exercise_version(database(), slug)
    seed = secrets.randbelow(2**31)
    values = drawn_values(exercise, seed)
    someone = person_or_guest()
    listed = listed_exercise(database(), slug)
    environment = environment_now(exercise)
    start_exercise(database(), someone.id, exercise, listed.digest, seed, values, moment(), environment)
    commit()
    return redirect(url_for("exercise.show", slug=slug), 303)


def _started(exercise: Exercise, workspace: Workspace) -> ResponseReturnValue:
    state = workspace_view(database(), workspace, exercise, house().rooms)
    task, cells = split_task(state["cells"])
    return bench_page(exercise, task, cells, state)


def _preview(exercise: Exercise) -> ResponseReturnValue:
    """Numbers that are drawn for each person show the draw of seed 0; the page says that theirs will differ."""
    try:
        values: Mapping[str, object] = _example_values(exercise)
    except Unavailable:  # the text can be read all the same
        values = blank_values(exercise)
    task, cells = split_task(preview_cells(fill_exercise(exercise, values), values))
    return bench_page(exercise, task, cells, None)


def _example_values(exercise: Exercise) -> Mapping[str, object]:
    """Drawn once for each variant: looking at a page should not start a process each time."""
    if exercise.variant is None:
        return {}
    source = exercise.variant.source
    if source not in _EXAMPLES:
        _EXAMPLES[source] = drawn_values(exercise, 0)
    return _EXAMPLES[source]
