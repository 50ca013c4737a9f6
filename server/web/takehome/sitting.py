"""During the sitting: its tasks on the bench, the server's clock, problems with a task, and the hand-in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.invitations.wording import minutes
from server.assessments.sittings.candidate_acts import list_problems, report_problem
from server.assessments.sittings.deadline import Phase, credited
from server.assessments.sittings.sitting import CLOSED, hand_in_sitting, hold_open
from server.assessments.tables.sittings import BY_CANDIDATE
from server.bank.versions import exercise_version
from server.errors import Conflict, Invalid, NotFound
from server.exercise_format.exercise import Exercise
from server.web.account.forms import form_again, form_page
from server.web.candidates.bench import SittingView, bench_page
from server.web.candidates.cell_view import split_task
from server.web.candidates.workspace_view import workspace_view
from server.web.door import commit, database, moment
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.takehome.blueprint import Here, blueprint, here, lead_on
from server.workspaces.cells import list_cells
from server.workspaces.tables import Workspace
from server.workspaces.take_in import take_in

HAND_IN, PROBLEM, NOTEBOOK = "takehome/hand_in.html", "takehome/problem.html", "takehome/notebook.html"
LONGEST_TYPED = 5_000


@blueprint.get("/tasks/<int:number>")
def show_task(candidate_id: str, number: int) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.running:
        return lead_on(at)
    workspace, exercise = task_of(at, number)
    state = workspace_view(database(), workspace, exercise, house().rooms)
    task, cells = split_task(state["cells"])
    state |= {"clock": clock_view(at), "clock_url": f"{at.root}/clock"}
    return bench_page(exercise, task, cells, state, SittingView(at.root, at.team.name, number, titles(at)))


@blueprint.get("/clock")
@limiter.limit("120/minute", key_func=by_person)
def show_clock(candidate_id: str) -> ResponseReturnValue:
    """What the server's clock says. The page asks now and then, and counts on by itself in between."""
    return jsonify(clock_view(here(candidate_id)))


def clock_view(at: Here) -> dict[str, Any]:
    ends = at.standing.ends
    given_back = credited(at.seated.terms, at.seated.course, moment())
    return {
        "phase": at.standing.phase,
        "left_ms": at.standing.left // timedelta(milliseconds=1),
        "ends": ends.isoformat() if ends else None,
        "given_back": minutes(given_back) if given_back else "",
        "sentence": CLOSED.get(at.standing.phase, ""),
        "next": f"{at.root}/{'receipt' if at.standing.phase is Phase.handed_in else 'over'}",
    }


@blueprint.get("/tasks/<int:number>/problem")
def show_problem(candidate_id: str, number: int) -> ResponseReturnValue:
    at = here(candidate_id)
    return form_page(PROBLEM, **problem_context(at, number))


@blueprint.post("/tasks/<int:number>/problem")
@limiter.limit("20/hour", key_func=by_person)
def send_problem(candidate_id: str, number: int) -> ResponseReturnValue:
    at = here(candidate_id)
    text = request.form.get("problem", "")[:LONGEST_TYPED]
    try:
        report_problem(database(), at.candidate, at.sitting, number, text, moment())
    except Invalid as problem:
        return form_again(PROBLEM, {"problem": text}, problem, **problem_context(at, number))
    commit()
    flash("The team is told, with the time at which you wrote. What it costs you can be given back.", "good")
    return redirect(f"{at.root}/tasks/{number}" if at.standing.phase is Phase.running else at.root, 303)


@blueprint.get("/tasks/<int:number>/notebook")
def show_notebook_form(candidate_id: str, number: int) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.running:
        return lead_on(at)
    return form_page(NOTEBOOK, **problem_context(at, number))


@blueprint.post("/tasks/<int:number>/notebook")
@limiter.limit("30/hour", key_func=by_person)
def send_notebook(candidate_id: str, number: int) -> ResponseReturnValue:
    """Worked on in one's own Jupyter, put in here. The clock is the same."""
    at = here(candidate_id)
    workspace, exercise = task_of(at, number)
    hold_open(database(), workspace, moment())
    sent = request.files.get("notebook")
    try:
        taken = take_in(database(), workspace, exercise, sent.read() if sent else b"", moment())
    except Invalid as problem:
        database().rollback()
        fields = Invalid.fields(problem.errors or {"notebook": problem.sentence})
        return form_again(NOTEBOOK, {}, fields, **problem_context(here(candidate_id), number))
    commit()
    flash(f"{taken.changed} cells have the text of your file, {taken.added} were added. Earlier texts are kept.", "good")
    return redirect(f"{at.root}/tasks/{number}", 303)


@blueprint.get("/hand-in")
def show_hand_in(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.running:
        return lead_on(at)
    return form_page(HAND_IN, at=at, tasks=progress(at), left=minutes(at.standing.left))


@blueprint.post("/hand-in")
def send_hand_in(candidate_id: str) -> ResponseReturnValue:
    """Early, and for good. A second click, or a second tab, finds it done."""
    at = here(candidate_id)
    if at.standing.phase is Phase.paused:
        raise Conflict(CLOSED[Phase.paused], code=Phase.paused)
    if at.standing.phase is Phase.running:
        hand_in_sitting(database(), at.seated, BY_CANDIDATE, moment())
        commit()
        house().queue_wake()
    return lead_on(here(candidate_id))


def task_of(at: Here, number: int) -> tuple[Workspace, Exercise]:
    found = next((task for task in at.tasks() if task.position == number), None)
    if found is None:
        raise NotFound("There is no such task in this take-home.")
    workspace = database().get_one(Workspace, found.workspace_id)
    return workspace, exercise_version(database(), found.exercise_slug, found.exercise_digest)


def titles(at: Here) -> tuple[str, ...]:
    return tuple(exercise_version(database(), task.exercise_slug, task.exercise_digest).front.title for task in at.tasks())


def problem_context(at: Here, number: int) -> dict[str, Any]:
    title = task_of(at, number)[1].front.title
    return {"at": at, "number": number, "title": title, "reported": list_problems(database(), at.sitting)}


def progress(at: Here) -> list[dict[str, object]]:
    """Each task with how many of its answers differ from what was given."""
    rows: list[dict[str, object]] = []
    for task in at.tasks():
        workspace, exercise = task_of(at, task.position)
        answers = [cell for cell in list_cells(database(), workspace) if cell.role in ("answer", "question")]
        written = sum(cell.source.strip() != cell.starter.strip() for cell in answers)
        rows.append({"number": task.position, "title": exercise.front.title, "written": written, "answers": len(answers)})
    return rows
