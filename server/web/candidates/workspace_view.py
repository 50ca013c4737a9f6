"""The whole state of a workspace, as the notebook page starts from it."""

from __future__ import annotations

from typing import Any

from flask import url_for
from sqlmodel import Session

from server.exercise_format.exercise import Exercise
from server.exercise_format.template import fill_exercise
from server.grading.handed_in.submissions import latest_result
from server.grading.plan import kernel_limits
from server.practice.help import find_attempt, may_see_explanation, shown_hints
from server.practice.tables import Attempt
from server.web.candidates.cell_view import cell_view
from server.web.candidates.graded_view import graded_view
from server.web.candidates.result_view import explanation_view, solution_view
from server.web.markdown import render
from server.workspaces.cells import list_cells
from server.workspaces.rooms import Rooms
from server.workspaces.run_again import list_cells_to_run_again
from server.workspaces.tables import Workspace

Json = dict[str, Any]


def workspace_view(session: Session, workspace: Workspace, exercise: Exercise, rooms: Rooms) -> Json:
    """Everything that the page shows of a workspace. Outside practice that is without help, and without results of a hand-in."""
    filled = fill_exercise(exercise, workspace.values)
    attempt = find_attempt(session, workspace)
    run = rooms.running(workspace.id)
    limits = kernel_limits(exercise)
    open_now = attempt is not None and may_see_explanation(attempt)
    return {
        "id": workspace.id,
        "slug": exercise.slug,
        "title": exercise.front.title,
        "revision": workspace.revision,
        "cells": [
            cell_view(filled, cell, workspace.seed, run, practice=attempt is not None) for cell in list_cells(session, workspace)
        ],
        "kernel": kernel_view(session, workspace, rooms),
        "running": run.cell_id if run else None,
        "hints": hints_view(filled, attempt),
        "result": _latest(session, workspace, "submit", open_now) if attempt else None,
        "check": _latest(session, workspace, "check", open_now),
        "explanation": explanation_view(filled) if open_now else None,
        "solution_html": solution_view(filled) if open_now else None,
        "solved": attempt is not None and attempt.solved_at is not None,
        "gave_up": attempt is not None and attempt.gave_up_at is not None,
        "limits": {"cell_seconds": limits.cell_seconds, "memory_mb": limits.memory_mb},
        "urls": urls(workspace),
    }


def _latest(session: Session, workspace: Workspace, kind: str, opened: bool) -> Json | None:
    found = latest_result(session, workspace.id, kind)
    return graded_view(session, workspace, *found, opened) if found else None


def kernel_view(session: Session, workspace: Workspace, rooms: Rooms) -> Json:
    """The state of the kernel, and where none runs any more, which cells bring back what the last one knew."""
    state = rooms.state(workspace.id)
    again = list_cells_to_run_again(session, workspace) if state.state in ("none", "died") else []
    return {"state": state.state, "why": state.why, "sentence": state.sentence, "place": state.place, "run_again": again}


def hints_view(exercise: Exercise, attempt: Attempt | None) -> Json:
    """None: outside practice, where there are none."""
    if attempt is None:
        return {"shown": [], "total": 0}
    shown = [{"level": hint.level, "html": render(hint.text)} for hint in shown_hints(attempt, exercise)]
    return {"shown": shown, "total": len(exercise.hints)}


def urls(workspace: Workspace) -> Json:
    """Addresses that the script uses; `cells` is the root of a cell's own addresses."""
    root = url_for("workspace.state", workspace_id=workspace.id)
    acts = (
        "kernel",
        "interrupt",
        "restart",
        "check",
        "submit",
        "submissions",
        "hints",
        "reset",
        "render",
        "complete",
        "inspect",
        "cells",
        "download",
    )
    named = {act: f"{root}/{act}" for act in acts}
    return named | {
        "state": root,
        "undo_reset": f"{root}/undo-reset",
        "give_up": f"{root}/give-up",
        "self_marks": f"{root}/self-marks",
    }
