"""The marks of a sitting side by side, and the level that counts where they differ."""

from __future__ import annotations

from collections.abc import Mapping

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.marking.reconciling import Compared, compare_marks, reconcile
from server.assessments.privacy.looks import note_look
from server.errors import Invalid, NotFound
from server.web.account.forms import typed
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.marking import ONE, At, at_sitting, line_view, title_of
from server.web.pages import page

PAGE = "hiring/marking/reconcile.html"
LONGEST_TYPED = 5_000


@blueprint.get(f"{ONE}/reconcile")
def show_reconcile(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    shown = _page(at, compare_marks(database(), at.seat, at.sitting), {}, {})
    if note_look(database(), at.seat, at.sitting, moment()):
        commit()
    return shown


@blueprint.post(f"{ONE}/reconcile")
def send_reconcile(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """One line at a time."""
    at = at_sitting(team_id, job_id, sitting_id)
    compared = compare_marks(database(), at.seat, at.sitting)
    values = {**typed("line", "level"), "reason": request.form.get("reason", "")[:LONGEST_TYPED]}
    number = int(values["line"]) if values["line"].isdecimal() else 0
    if not 1 <= number <= len(compared):
        raise NotFound("There is no such line in the rubrics of this take-home.")
    level = int(values["level"]) if values["level"] in tuple("012345") else -1
    try:
        reconcile(database(), at.seat, at.sitting, compared[number - 1].line.key, level, values["reason"], moment())
    except Invalid as problem:
        errors = {f"{field}-{number}": sentence for field, sentence in problem.errors.items()}
        kept = {f"level-{number}": values["level"], f"reason-{number}": values["reason"]}
        return _page(at, compared, kept, errors, 422)
    commit()
    flash("The level is agreed on.", "good")
    return redirect(f"{at.root}/reconcile", 303)


def _page(
    at: At, compared: list[Compared], values: Mapping[str, str], errors: Mapping[str, str], status: int = 200
) -> ResponseReturnValue:
    views = [(line_view(at, number, each.line, {}), each) for number, each in enumerate(compared, 1)]
    return page(
        PAGE,
        status,
        at=at,
        differing=[pair for pair in views if pair[1].differs],
        close=[pair for pair in views if not pair[1].differs],
        titles={task.exercise_slug: title_of(task) for task in at.tasks},
        values=values,
        errors=errors,
    )
