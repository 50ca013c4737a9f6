"""The notebook page's requests about cells, hints, submissions and self-marks. All JSON, all through the owner's workspace."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from server.assessments.sittings.sitting import hold_open
from server.bank.versions import exercise_version
from server.errors import Conflict, Invalid, NotFound
from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill_exercise
from server.grading.handed_in.submissions import list_submissions, result_of, submission_of
from server.grading.tables import Result, Submission
from server.practice.help import attempt_of, find_attempt, give_up, may_see_explanation, show_next_hint
from server.practice.self_marks import mark_yourself
from server.queue.jobs import place
from server.queue.tables import Job, JobState
from server.web.candidates.cell_view import cell_view
from server.web.candidates.graded_view import graded_view
from server.web.candidates.result_view import explanation_view, self_mark_view, solution_view
from server.web.candidates.workspace_view import hints_view, workspace_view
from server.web.door import candidates_here, commit, database, moment, workers
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.markdown import render
from server.workspaces import cells as cell_acts
from server.workspaces.download import as_download
from server.workspaces.hand_in import hand_in
from server.workspaces.open import workspace_of
from server.workspaces.reset import reset_all, undo_reset
from server.workspaces.tables import Workspace, WorkspaceCell

# Whoever is far back in the queue asks less often: looks would take the processor from what they wait for.
WAIT_MS_FOR_EACH, LONGEST_WAIT_MS = 150, 5_000
blueprint = Blueprint("workspace", __name__, url_prefix="/workspaces/<workspace_id>")


def body() -> dict[str, Any]:
    """The request's JSON object. Raises Invalid."""
    sent = request.get_json(silent=True)
    if not isinstance(sent, dict):
        raise Invalid("The request must be a JSON object.")
    return sent


def text_of(sent: dict[str, Any], name: str) -> str:
    value = sent.get(name)
    if not isinstance(value, str):
        raise Invalid(f"The request lacks the text “{name}”.")
    return value


def number_of(sent: dict[str, Any], name: str) -> int:
    value = sent.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**31:
        raise Invalid(f"The request lacks the whole number “{name}”.")
    return value


def place_of(sent: dict[str, Any]) -> str | None:
    """The cell behind which something goes; none is the top."""
    after = sent.get("after")
    return after if isinstance(after, str) else None


def own(workspace_id: str) -> Workspace:
    return workspace_of(database(), [someone.id for someone in workers()], workspace_id)


def own_to_change(workspace_id: str) -> Workspace:
    """A candidate's notebook changes only while the clock of the sitting runs. Raises Conflict."""
    workspace = own(workspace_id)
    if is_candidates(workspace):
        hold_open(database(), workspace, moment())
    return workspace


def own_in_practice(workspace_id: str) -> Workspace:
    """Help, and grading with its reasons, are for practice. Raises Conflict."""
    workspace = own(workspace_id)
    if is_candidates(workspace):
        raise Conflict("A take-home has no hints and no solutions, and all its tasks are handed in together.", code="take_home")
    return workspace


def is_candidates(workspace: Workspace) -> bool:
    return any(someone.id == workspace.person_id for someone in candidates_here())


def exercise_of(workspace: Workspace) -> Exercise:
    return exercise_version(database(), workspace.exercise_slug, workspace.exercise_digest)


def shown(workspace: Workspace, cell: WorkspaceCell) -> dict[str, Any]:
    filled = fill_exercise(exercise_of(workspace), workspace.values)
    run = house().rooms.running(workspace.id)
    return cell_view(filled, cell, workspace.seed, run, practice=not is_candidates(workspace))


@blueprint.get("")
def state(workspace_id: str) -> ResponseReturnValue:
    workspace = own(workspace_id)
    return jsonify(workspace_view(database(), workspace, exercise_of(workspace), house().rooms))


@blueprint.post("/cells/<cell_id>/save")
@limiter.limit("240/minute", key_func=by_person)
def save(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    sent, workspace = body(), own_to_change(workspace_id)
    outcome = cell_acts.save_source(database(), workspace, cell_id, text_of(sent, "source"), number_of(sent, "base"), moment())
    commit()
    return (
        conflict(outcome)
        if isinstance(outcome, cell_acts.Conflict)
        else jsonify(version=outcome.version, saved_at=outcome.saved_at.isoformat())
    )


def conflict(outcome: cell_acts.Conflict) -> ResponseReturnValue:
    """Both texts, so that the person can choose; the refused one is in the diary already."""
    theirs = {"source": outcome.theirs, "version": outcome.version, "saved_at": outcome.saved_at.isoformat()}
    error = {
        "code": "conflict",
        "sentence": "This cell was changed in another tab. Both texts are kept; choose which one to go on with.",
    }
    return jsonify(error=error, yours=outcome.yours, theirs=theirs), 409


@blueprint.post("/cells")
@limiter.limit("60/minute", key_func=by_person)
def add(workspace_id: str) -> ResponseReturnValue:
    sent, workspace = body(), own_to_change(workspace_id)
    cell = cell_acts.add_cell(database(), workspace, place_of(sent), text_of(sent, "type"), moment())
    commit()
    return jsonify(cell=shown(workspace, cell)), 201


@blueprint.post("/cells/<cell_id>/delete")
def delete(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    cell_acts.remove_cell(database(), own_to_change(workspace_id), cell_id, moment())
    commit()
    return jsonify(ok=True)


@blueprint.post("/cells/<cell_id>/undelete")
def undelete(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    workspace = own_to_change(workspace_id)
    cell, after = cell_acts.put_back_cell(database(), workspace, cell_id, moment())
    commit()
    return jsonify(cell=shown(workspace, cell), after=after)


@blueprint.post("/cells/<cell_id>/move")
def move(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    cell_acts.move_cell(database(), own_to_change(workspace_id), cell_id, place_of(body()), moment())
    commit()
    return jsonify(ok=True)


@blueprint.post("/cells/<cell_id>/reset")
def reset_one(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    workspace = own_to_change(workspace_id)
    cell, previous = cell_acts.reset_cell(database(), workspace, cell_id, moment())
    commit()
    return jsonify(cell=shown(workspace, cell), previous=previous)


@blueprint.post("/reset")
def reset(workspace_id: str) -> ResponseReturnValue:
    workspace = own_to_change(workspace_id)
    undo = reset_all(database(), workspace, moment())
    commit()
    return jsonify(cells=_all_cells(workspace), undo=undo)


@blueprint.post("/undo-reset")
def undo(workspace_id: str) -> ResponseReturnValue:
    workspace = own_to_change(workspace_id)
    undo_reset(database(), workspace, number_of(body(), "undo"), moment())
    commit()
    return jsonify(cells=_all_cells(workspace))


def _all_cells(workspace: Workspace) -> list[dict[str, Any]]:
    return [shown(workspace, cell) for cell in cell_acts.list_cells(database(), workspace)]


@blueprint.post("/check")
@limiter.limit("30/minute", key_func=by_person)
def check(workspace_id: str) -> ResponseReturnValue:
    return _hand_in(workspace_id, "check")


@blueprint.post("/submit")
@limiter.limit("30/minute", key_func=by_person)
def submit(workspace_id: str) -> ResponseReturnValue:
    return _hand_in(workspace_id, "submit")


def _hand_in(workspace_id: str, kind: str) -> ResponseReturnValue:
    workspace = own_to_change(workspace_id) if kind == "check" else own_in_practice(workspace_id)
    submission = hand_in(database(), workspace, kind, text_of(body(), "request"), moment())
    commit()
    house().queue_wake()
    return jsonify(submission=submission.id), 202


@blueprint.get("/submissions")
def submissions(workspace_id: str) -> ResponseReturnValue:
    workspace = own(workspace_id)
    rows = list_submissions(database(), workspace.id)
    return jsonify([_history(submission, result) for submission, result in rows if _may_see(workspace, submission)])


def _history(submission: Submission, result: Result | None) -> dict[str, Any]:
    return {
        "id": submission.id,
        "kind": submission.kind,
        "at": submission.created_at.isoformat(),
        "state": submission.state,
        "points": result.points if result else None,
        "possible": result.possible if result else None,
    }


@blueprint.get("/submissions/<submission_id>")
def submission_state(workspace_id: str, submission_id: str) -> ResponseReturnValue:
    """The page asks several times a submission; until there is a result, the answer costs little."""
    workspace = own(workspace_id)
    submission = submission_of(database(), workspace.id, submission_id)
    if not _may_see(workspace, submission):
        raise NotFound("What was handed in is graded for the team; you read of it in your report.")
    return jsonify(_graded(workspace, submission) if submission.state == "graded" else _ungraded(submission))


def _may_see(workspace: Workspace, submission: Submission) -> bool:
    """Of a take-home, only what its visible checks found."""
    return submission.kind == "check" or not is_candidates(workspace)


def _ungraded(submission: Submission) -> dict[str, Any]:
    job = database().get(Job, submission.job_id)
    lost = job is not None and job.state == JobState.FAILED
    ahead = place(database(), job) if job else 0
    return {
        "state": "our_fault" if lost else submission.state,
        "place": ahead,
        "again_ms": min(LONGEST_WAIT_MS, ahead * WAIT_MS_FOR_EACH),
        "result": None,
    }


def _graded(workspace: Workspace, submission: Submission) -> dict[str, Any]:
    found = result_of(database(), submission.id)
    filled = fill_exercise(exercise_of(workspace), workspace.values)
    attempt = find_attempt(database(), workspace)
    opened = attempt is not None and may_see_explanation(attempt)
    answer = {
        "state": submission.state,
        "place": 0,
        "result": graded_view(database(), workspace, submission, found, opened) if found else None,
    }
    if found and submission.kind == "submit" and attempt is not None and attempt.solved_at is not None:
        answer |= {"solved": True, "explanation": explanation_view(filled), "solution_html": solution_view(filled)}
    return answer


@blueprint.post("/hints")
def hints(workspace_id: str) -> ResponseReturnValue:
    workspace = own_in_practice(workspace_id)
    filled = fill_exercise(exercise_of(workspace), workspace.values)
    attempt = attempt_of(database(), workspace)
    sent = body()
    seen = number_of(sent, "seen") if "seen" in sent else attempt.hints_shown
    show_next_hint(database(), workspace, filled, seen, moment())
    commit()
    return jsonify(hints=hints_view(filled, attempt))


@blueprint.post("/give-up")
def stop_trying(workspace_id: str) -> ResponseReturnValue:
    workspace = own_in_practice(workspace_id)
    give_up(database(), workspace, moment())
    commit()
    filled = fill_exercise(exercise_of(workspace), workspace.values)
    return jsonify(explanation=explanation_view(filled), solution_html=solution_view(filled))


@blueprint.post("/self-marks")
def self_marks(workspace_id: str) -> ResponseReturnValue:
    sent, workspace = body(), own_in_practice(workspace_id)
    filled = fill_exercise(exercise_of(workspace), workspace.values)
    given = sent.get("marks")
    if not isinstance(given, dict):
        raise Invalid("The request lacks the marks.")
    mark = mark_yourself(database(), workspace, filled, text_of(sent, "question"), given, moment())
    commit()
    return jsonify(self_mark_view(filled, mark))


@blueprint.get("/download")
def download(workspace_id: str) -> ResponseReturnValue:
    workspace = own(workspace_id)
    notebook = as_download(exercise_of(workspace), workspace, cell_acts.list_cells(database(), workspace))
    headers = {"Content-Disposition": f'attachment; filename="{workspace.exercise_slug}.ipynb"'}
    return Response(notebook, mimetype="application/x-ipynb+json", headers=headers)


@blueprint.post("/render")
@limiter.limit("120/minute", key_func=by_person)
def render_text(workspace_id: str) -> ResponseReturnValue:
    own(workspace_id)
    return jsonify(html=render(cell_acts.storable(text_of(body(), "source"))))
