"""The page of one exercise: read before it is started, worked on afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox.errors import SandboxError
from server.bank.labels import KINDS, LEVELS
from server.bank.versions import exercise_version, listed_exercise
from server.errors import Unavailable
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Short
from server.exercise_format.template import blank_values, fill_exercise
from server.grading.grade import draw_values
from server.practice.start import start_exercise
from server.web.candidates.cell_view import preview_cells, split_task
from server.web.candidates.workspace_view import workspace_view
from server.web.door import commit, database, moment, person, person_or_guest
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.markdown import render_inline
from server.web.pages import page
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
    values = _drawn(exercise, seed)
    someone = person_or_guest()
    listed = listed_exercise(database(), slug)
    environment = _environment_now(exercise)
    start_exercise(database(), someone.id, exercise, listed.digest, seed, values, moment(), environment)
    commit()
    return redirect(url_for("exercise.show", slug=slug), 303)


def _environment_now(exercise: Exercise) -> str:
    """Nothing when it is not installed: questions can be answered all the same."""
    try:
        return house().forkservers.digest(exercise.front.environment)
    except SandboxError:
        return ""


def _started(exercise: Exercise, workspace: Workspace) -> ResponseReturnValue:
    state = workspace_view(database(), workspace, exercise, house().rooms)
    task, cells = split_task(state["cells"])
    return _bench(exercise, task, cells, state)


def _preview(exercise: Exercise) -> ResponseReturnValue:
    """Numbers that are drawn for each person show the draw of seed 0; the page says that theirs will differ."""
    try:
        values: Mapping[str, object] = _example_values(exercise)
    except Unavailable:  # the text can be read all the same
        values = blank_values(exercise)
    task, cells = split_task(preview_cells(fill_exercise(exercise, values), values))
    return _bench(exercise, task, cells, None)


def _example_values(exercise: Exercise) -> Mapping[str, object]:
    """Drawn once for each variant: looking at a page should not start a process each time."""
    if exercise.variant is None:
        return {}
    source = exercise.variant.source
    if source not in _EXAMPLES:
        _EXAMPLES[source] = _drawn(exercise, 0)
    return _EXAMPLES[source]


def _drawn(exercise: Exercise, seed: int) -> dict[str, object]:
    try:
        return draw_values(exercise, seed, house().forkservers.of(exercise.front.environment))
    except SandboxError as error:
        raise Unavailable(
            f"The numbers of this exercise could not be drawn; that is our fault. Try again in a moment. ({error})"
        ) from error


def _bench(
    exercise: Exercise, task: list[dict[str, object]], cells: list[dict[str, object]], state: dict[str, object] | None
) -> ResponseReturnValue:
    front = exercise.front
    shown = {
        "slug": front.slug,
        "title": front.title,
        "summary": front.summary,
        "kind": front.kind,
        "kind_words": KINDS[front.kind],
        "level_words": LEVELS[front.level],
        "minutes": front.minutes,
        "needs": front.needs,
        "points": exercise.automatic_points(),
        "marked_points": exercise.marked_points(),
        "visible_checks": [
            {"name": check.name, "title": check.title, "points": check.points} for check in exercise.checks if not check.hidden
        ],
        "visible": sum(not check.hidden for check in exercise.checks),
        "hidden": sum(check.hidden for check in exercise.checks),
        "questions": sum(not isinstance(question, Short) for question in exercise.questions),
        "written": sum(isinstance(question, Short) for question in exercise.questions),
        "hints": len(exercise.hints),
        "objectives": front.objectives,
        "prerequisites": front.prerequisites,
        "variant": exercise.variant is not None,
        "has_code": bool(exercise.answers),
    }
    task_html = Markup("").join(Markup(str(cell["html"])) for cell in task)  # each was cleaned when it was rendered
    return page(
        "exercise/bench.html",
        exercise=shown,
        task_html=task_html,
        cells=cells,
        state=state,
        start_url=url_for("exercise.start", slug=front.slug),
        not_run=_why_not_run(exercise),
    )


def _why_not_run(exercise: Exercise) -> str:
    """Nothing when code runs, or when this exercise needs none."""
    state, _, sentence = house().sandbox_condition()
    return render_inline(sentence) if state == "failed" and (exercise.answers or exercise.variant) else ""
