"""What a marker does with a sitting: levels, notes, done, open again. With a script each level is saved as it is chosen."""

from __future__ import annotations

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.marking.marks import finish_marking, give_mark, own_marking, reopen_marking, undo_mark, write_notes
from server.assessments.marking.rubrics import RubricLine
from server.assessments.marking.to_mark import OwnState, sittings_to_mark
from server.errors import Invalid, NotFound
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.marking import ONE, At, at_sitting, sitting_page

LONGEST_TYPED = 10_000
OPEN_STATES = (OwnState.to_mark, OwnState.begun)


@blueprint.post(f"{ONE}/marks")
def send_marks(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """The form of one task; or, as JSON, one line of it."""
    at = at_sitting(team_id, job_id, sitting_id)
    if request.is_json:
        return _send_one(at)
    undone = request.form.get("undo", type=int)
    if undone is not None:
        undo_mark(database(), at.seat, at.sitting, _line(at, undone).key, moment())
        commit()
        return redirect(f"{at.address()}#line-{undone}", 303)
    typed, errors = _typed(at)
    if errors:
        return sitting_page(at, typed, errors, 422)
    _save(at, typed)
    commit()
    return redirect(_next(at) if request.form.get("act") == "next" else at.address(), 303)


def _typed(at: At) -> tuple[dict[str, str], dict[str, str]]:
    """The fields of the task's lines that were sent, and what is wrong with them."""
    names = [f"{field}-{number}" for number, _ in at.lines_of(at.number) for field in ("level", "evidence")]
    typed = {name: request.form[name].strip()[:LONGEST_TYPED] for name in names if name in request.form}
    errors: dict[str, str] = {}
    for number, line in at.lines_of(at.number):
        level = typed.get(f"level-{number}", "")
        if level not in ("", *"012345"):
            raise Invalid("A level is a number from 1 to 5, or 0 where it cannot be judged.")
        if typed.get(f"evidence-{number}") and not level and line.key not in at.mine.marks:
            errors[f"line-{number}"] = f"Choose a level for “{line.words}”, or that you cannot judge it"
    return typed, errors


def _save(at: At, typed: dict[str, str]) -> None:
    """Only what changed; a field that was not sent stays as it is."""
    for number, line in at.lines_of(at.number):
        mark = at.mine.marks.get(line.key)
        stored = ("", "") if mark is None else (str(mark.level), mark.evidence)
        level, evidence = typed.get(f"level-{number}") or stored[0], typed.get(f"evidence-{number}", stored[1])
        if level and stored != (level, evidence):
            give_mark(database(), at.seat, at.sitting, line.key, int(level), evidence, moment())


def _next(at: At) -> str:
    """The next task with lines to mark, else this page while it is to be finished, else the next sitting."""
    now = own_marking(database(), at.seat, at.sitting)
    missing = {line.key.exercise_slug for line in now.missing}
    numbers = [*range(at.number, len(at.tasks)), *range(at.number - 1)]
    if at.tasks[at.number - 1].exercise_slug not in missing:
        for index in numbers:
            if at.tasks[index].exercise_slug in missing:
                return at.address(index + 1)
        if now.lines and not now.is_done:
            return at.address()
    return _next_sitting(at)


def _next_sitting(at: At) -> str:
    everything = sittings_to_mark(database(), at.seat, at.job)
    here = next(index for index, each in enumerate(everything) if each.sitting_id == at.sitting.id)
    for each in (*everything[here + 1 :], *everything[:here]):
        if each.state in OPEN_STATES and not each.decided:
            return f"{at.list_root}/{each.sitting_id}"
    return at.list_root


def _send_one(at: At) -> ResponseReturnValue:
    """`level` null takes the mark back."""
    sent = request.get_json()
    sent = sent if isinstance(sent, dict) else {}
    number, level, evidence = sent.get("line"), sent.get("level"), sent.get("evidence", "")
    if type(number) is not int or not isinstance(evidence, str) or not (level is None or type(level) is int):
        raise Invalid("The request lacks a line, a level or the evidence.")
    line = _line(at, number)
    if level is None:
        undo_mark(database(), at.seat, at.sitting, line.key, moment())
    else:
        give_mark(database(), at.seat, at.sitting, line.key, level, evidence, moment())
    commit()
    now = own_marking(database(), at.seat, at.sitting)
    return jsonify({"marked": len(now.lines) - len(now.missing), "of": len(now.lines)})


def _line(at: At, number: int) -> RubricLine:
    if not 1 <= number <= len(at.mine.lines):
        raise NotFound("There is no such line in the rubrics of this take-home.")
    return at.mine.lines[number - 1]


@blueprint.post(f"{ONE}/notes")
def send_marker_notes(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    notes = request.form.get("notes", "")[:LONGEST_TYPED]
    try:
        write_notes(database(), at.seat, at.sitting, notes, moment())
    except Invalid as problem:
        return sitting_page(at, {"notes": notes}, problem.errors, 422)
    commit()
    flash("Your notes are saved.", "good")
    return redirect(at.address(), 303)


@blueprint.post(f"{ONE}/finish")
def send_finish_marking(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    finish_marking(database(), at.seat, at.sitting, moment())
    commit()
    flash("Your marks stand. The candidate's disclosure is shown below the notebook.", "good")
    return redirect(at.address(), 303)


@blueprint.post(f"{ONE}/reopen")
def send_reopen_marking(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    reopen_marking(database(), at.seat, at.sitting, moment())
    commit()
    flash("Your marks are open again.", "good")
    return redirect(at.address(), 303)
