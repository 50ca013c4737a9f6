"""Running cells: one streamed response a run, and the kernel's own acts."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from server import clock
from server.errors import Conflict, TooMany
from server.grading.plan import kernel_limits
from server.web.candidates.workspace import body, conflict, exercise_of, number_of, own, own_to_change, text_of
from server.web.candidates.workspace_view import kernel_view
from server.web.door import commit, database, moment
from server.web.house import House, house
from server.web.limits import by_person, limiter
from server.workspaces import cells as cell_acts
from server.workspaces.cells import LONGEST_SOURCE
from server.workspaces.events import note
from server.workspaces.outputs import fold
from server.workspaces.room import BUSY, Run
from server.workspaces.rooms import Wanted
from server.workspaces.run_again import note_restart, note_run
from server.workspaces.tables import Workspace, WorkspaceCell

HEARTBEAT_SECONDS = 10  # an empty line after so much silence: proxies end connections on which nothing happens
NOT_RUN = {"status": "error", "count": None, "seconds": 0.0}
log = logging.getLogger(__name__)
blueprint = Blueprint("kernel", __name__, url_prefix="/workspaces/<workspace_id>")


@blueprint.post("/cells/<cell_id>/run")
@limiter.limit("240/minute", key_func=by_person)
def run(workspace_id: str, cell_id: str) -> ResponseReturnValue:
    """Save the cell, run it, and answer with one line of JSON for each event as it happens."""
    sent, workspace = body(), own_to_change(workspace_id)
    cell = cell_acts.cell_of(database(), workspace, cell_id)
    if house().rooms.running(workspace.id) is not None:
        raise Conflict(BUSY)  # before the save: a page that is refused must not be left behind its own text
    if cell.role in cell_acts.EDITABLE:
        outcome = cell_acts.save_source(
            database(), workspace, cell_id, text_of(sent, "source"), number_of(sent, "base"), moment()
        )
        if isinstance(outcome, cell_acts.Conflict):
            commit()
            return conflict(outcome)
        database().refresh(cell)
    note(database(), workspace, "run", moment(), cell_id, {"version": cell.version})
    commit()
    return Response(_begun(workspace, cell), mimetype="application/x-ndjson", headers={"X-Accel-Buffering": "no"})


def _begun(workspace: Workspace, cell: WorkspaceCell) -> Iterator[str]:
    """The text is saved by now; a run that cannot begin is told in the stream, after the version that was saved."""
    try:
        return _lines(_start(workspace, cell), cell.version)
    except (Conflict, TooMany) as refusal:
        return iter(
            [
                _line("saved", version=cell.version),
                _line("limit", what="ours", sentence=refusal.sentence),
                _line("done", **NOT_RUN),
            ]
        )


def _start(workspace: Workspace, cell: WorkspaceCell) -> Run:
    exercise = exercise_of(workspace)
    return house().rooms.start_run(
        workspace.id,
        cell.id,
        cell.source,
        owner=workspace.person_id,
        wanted=Wanted(kernel_limits(exercise, house().settings.limits), exercise.public_files, exercise.front.environment),
        keep=_keeper(house(), workspace.id, cell.id),
    )


def _lines(started: Run, version: int) -> Iterator[str]:
    yield _line("saved", version=version)
    for event in started.follow(HEARTBEAT_SECONDS):
        yield _line(event.kind, **event.data) if event else "\n"


def _line(kind: str, **data: object) -> str:
    return json.dumps({"t": kind, **data}) + "\n"


def _keeper(place: House, workspace_id: str, cell_id: str) -> Callable[[Run], None]:
    """Stores what the cell shows when its run is over. The request may be gone by then, so it has its own session."""

    def keep(finished: Run) -> None:
        events = finished.events
        outputs = fold(events)
        count = next((event.data["count"] for event in events if event.kind == "started"), None)
        with place.sessions() as session:
            workspace, cell = session.get(Workspace, workspace_id), session.get(WorkspaceCell, (workspace_id, cell_id))
            if workspace is None or cell is None:
                return
            cell.outputs, cell.count = outputs, count
            note(session, workspace, "output", clock.now(), cell_id, {"outputs": outputs, "version": cell.version})
            note_run(session, workspace, cell_id, count, str(events[-1].data["status"]), clock.now())
            session.commit()

    return keep


@blueprint.get("/kernel")
def kernel(workspace_id: str) -> ResponseReturnValue:
    return _state(own(workspace_id))


@blueprint.post("/interrupt")
def interrupt(workspace_id: str) -> ResponseReturnValue:
    workspace = own(workspace_id)
    house().rooms.interrupt(workspace.id)
    return _state(workspace)


@blueprint.post("/restart")
@limiter.limit("60/minute", key_func=by_person)
def restart(workspace_id: str) -> ResponseReturnValue:
    workspace = own(workspace_id)
    house().rooms.restart(workspace.id)
    note_restart(database(), workspace, moment())
    commit()
    return _state(workspace)


@blueprint.post("/complete")
@limiter.limit("240/minute", key_func=by_person)
def complete(workspace_id: str) -> ResponseReturnValue:
    """Names that could stand at the cursor, from the person's own kernel."""
    sent, workspace = body(), own(workspace_id)
    code = text_of(sent, "code")[:LONGEST_SOURCE]
    return jsonify(matches=house().rooms.complete(workspace.id, code, number_of(sent, "cursor")))


@blueprint.post("/inspect")
@limiter.limit("240/minute", key_func=by_person)
def inspect(workspace_id: str) -> ResponseReturnValue:
    """Signature and documentation of the name at the cursor: empty when unknown, null when no kernel is idle."""
    sent, workspace = body(), own(workspace_id)
    code, detail = text_of(sent, "code")[:LONGEST_SOURCE], min(number_of(sent, "detail"), 1)
    return jsonify(text=house().rooms.inspect(workspace.id, code, number_of(sent, "cursor"), detail))


def _state(workspace: Workspace) -> ResponseReturnValue:
    running = house().rooms.running(workspace.id)
    seen = kernel_view(database(), workspace, house().rooms)
    return jsonify(kernel=seen, running=running.cell_id if running else None)
