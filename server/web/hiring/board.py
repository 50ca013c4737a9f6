"""The board of a job: candidates by code against the blueprint, how far the round has come, and the file to take along."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, request
from flask.typing import ResponseReturnValue

from server.accounts.leaving import confirm
from server.assessments.blueprints.job_openings import opening_of
from server.assessments.decisions.board import GROUP_WORDS, OUTCOMES, Board, Group, board_of, export_board, page_of
from server.assessments.decisions.funnel import FEWEST, funnel_of
from server.assessments.tables.blueprints import HiringJob
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.errors import Invalid, NotFound
from server.web.account import guessing
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment, signed_in
from server.web.hiring.blueprint import blueprint, seat
from server.web.pages import page

BOARD, EXPORT = "hiring/board.html", "hiring/board_export.html"
ROWS = 50
ALWAYS = (Group.everybody, Group.meets, Group.below, Group.not_shown, Group.too_little, Group.to_mark)  # chips also for nobody
NO_VERSION = "Nobody was invited to such a version of the blueprint."


@blueprint.get("/teams/<team_id>/jobs/<job_id>/board")
def show_board(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    board = board_of(database(), here, job, request.args.get("version", type=int))
    if board is None and "version" in request.args:
        raise NotFound(NO_VERSION)
    return page(BOARD, **shared_context(here, job), **(board_context(board) if board else {"board": None}))


@blueprint.get("/teams/<team_id>/jobs/<job_id>/board/export")
def show_board_export(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    here.require(Right.see_results)
    return form_page(EXPORT, **shared_context(here, opening_of(database(), here, job_id)))


@blueprint.post("/teams/<team_id>/jobs/<job_id>/board.csv")
@guessing.by_address
def send_board_export(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    here.require(Right.see_results)
    job = opening_of(database(), here, job_id)
    try:
        confirm(signed_in(), request.form.get("password", ""))
    except Invalid as problem:
        return form_again(EXPORT, {}, problem, **shared_context(here, job))
    board = board_of(database(), here, job, request.form.get("version", type=int))
    if board is None:
        raise NotFound(NO_VERSION)
    text = export_board(database(), here, board, moment())
    commit()
    headers = {"Content-Disposition": f'attachment; filename="candidates-{moment():%Y-%m-%d}.csv"'}
    return Response(text, mimetype="text/csv", headers=headers)


def shared_context(here: Seat, job: HiringJob) -> dict[str, Any]:
    return {
        "seat": here,
        "job": job,
        "root": f"/teams/{here.team.id}/jobs/{job.id}",
        "hires": may(here.member.role, Right.hire) and job.closed_at is None,
        "version": request.values.get("version", type=int),
    }


def board_context(board: Board) -> dict[str, Any]:
    group = chosen_group()
    rows = board.of(group)
    shown, pages = page_of(rows, request.args.get("page", 1, type=int), ROWS)
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    counts = board.counts()
    return {
        "board": board,
        "funnel": funnel_of(database(), board),
        "fewest": FEWEST,
        "group": group,
        "chips": [
            (each, GROUP_WORDS[each], counts.get(each, 0), link(group=each.value, page=None))
            for each in Group
            if each in ALWAYS or counts.get(each, 0) or each is group
        ],
        "rows": shown,
        "found": len(rows),
        "numbers": "numbers" in request.args,
        "outcomes": OUTCOMES,
        "page_number": number,
        "pages": pages,
        "link": link,
    }


def chosen_group() -> Group:
    """An address that names no group shows everybody."""
    asked = request.args.get("group", "")
    return Group(asked) if asked in set(Group) else Group.everybody


def link(**changes: str | int | None) -> str:
    """This address with other filters; what is None is left out."""
    kept = {name: request.args[name] for name in ("version", "group", "numbers", "page") if name in request.args}
    wanted = {name: value for name, value in {**kept, **changes}.items() if value not in (None, Group.everybody.value)}
    return f"?{urlencode(wanted)}"
