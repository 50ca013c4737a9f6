"""What a marker does with a sitting: levels, notes, done, open again. With a script each is stored as it is chosen or written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from flask import flash, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.change import Change
from server.assessments.marking.changes import LineChange, change_marking, plain
from server.assessments.marking.marks import finish_marking, own_marking, reopen_marking
from server.assessments.marking.to_mark import OwnState, sittings_to_mark
from server.errors import Invalid
from server.web.door import commit, database, moment
from server.web.errors import wants_json
from server.web.hiring.blueprint import blueprint
from server.web.hiring.marking import ONE, At, at_sitting, sitting_page

LONGEST_TYPED = 10_000
OPEN_STATES = (OwnState.to_mark, OwnState.begun)


@blueprint.post(f"{ONE}/marks")
def send_marks(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """The form of one task, with the notes. A script sends what changed of it, and gets how many lines are marked."""
    at = at_sitting(team_id, job_id, sitting_id)
    if request.is_json:  # as the script of an older release did: without this it would take nothing for stored
        raise Invalid("This page is older than the server. Copy what you wrote, then load the page again.", code="page_too_old")
    refused = _store(at)
    if refused is not None:
        return refused
    if wants_json():
        now = own_marking(database(), at.seat, at.sitting)
        return jsonify({"marked": len(now.lines) - len(now.missing), "of": len(now.lines)})
    undone = request.form.get("undo", type=int)
    if undone is not None:
        return redirect(f"{at.address()}#line-{undone}", 303)
    return redirect(_next(at) if request.form.get("act") == "next" else at.address(), 303)


def _store(at: At) -> ResponseReturnValue | None:
    """What was sent; or the page with all of it and what is wrong, as then nothing is stored."""
    sent = _sent(at)
    lines = {number: _line_change(sent, number) for number, _ in at.lines_of(at.number)}
    try:
        change_marking(database(), at.seat, at.sitting, lines, sent["notes"], moment())
    except Invalid as problem:
        if wants_json():
            raise
        return sitting_page(at, {name: field.now for name, field in sent.items() if field.now != field.was}, problem.errors, 422)
    commit()
    return None


def _sent(at: At) -> dict[str, Change[str]]:
    """Each field of the task and the notes. One that was not sent is not changed; a level that is taken back is none."""
    taken_back = request.form.get("undo", type=int)
    stored = {"notes": at.mine.marking.notes if at.mine.marking else ""}
    for number, line in at.lines_of(at.number):
        mark = at.mine.marks.get(line.key)
        stored[f"level-{number}"], stored[f"evidence-{number}"] = ("", "") if mark is None else (str(mark.level), mark.evidence)
    sent = {name: _change(name, text) for name, text in stored.items()}
    for name in (f"level-{taken_back}", f"evidence-{taken_back}"):
        if name in sent:
            sent[name] = replace(sent[name], now="")
    return sent


def _change(name: str, stored: str) -> Change[str]:
    """A page says beside each field what it was given; whoever sends none of that means to write over what is stored."""
    was, *tried = request.form.getlist(f"was-{name}") or [stored]
    return Change(plain(was), plain(request.form.get(name, was)[:LONGEST_TYPED]), tuple(map(plain, tried)))


def _line_change(sent: Mapping[str, Change[str]], number: int) -> LineChange:
    level = sent[f"level-{number}"]
    levels = Change(_level(level.was), _level(level.now), tuple(map(_level, level.tried)))
    return LineChange(levels, sent[f"evidence-{number}"])


def _level(text: str) -> int | None:
    if text not in ("", *"012345"):
        raise Invalid("A level is a number from 1 to 5, or 0 where it cannot be judged.")
    return int(text) if text else None


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


@blueprint.post(f"{ONE}/finish")
def send_finish_marking(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """With what is still in the form."""
    at = at_sitting(team_id, job_id, sitting_id)
    refused = _store(at)
    if refused is not None:
        return refused
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
