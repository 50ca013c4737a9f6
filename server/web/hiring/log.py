"""The log of a team: who did what, who looked at what; as a page, and as a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Response, request
from flask.typing import ResponseReturnValue

from server.accounts.leaving import confirm
from server.assessments.log.export import export_log, log_csv
from server.assessments.log.reading import CANDIDATES, SITE, Wanted, read_log
from server.assessments.log.words import SENTENCES, label
from server.assessments.teams.members import list_members
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.errors import Invalid
from server.web.account import guessing
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment, signed_in
from server.web.hiring.blueprint import blueprint, seat
from server.web.house import House, house

PAGE = "hiring/log.html"


@blueprint.get("/teams/<team_id>/log")
def show_log(team_id: str) -> ResponseReturnValue:
    return form_page(PAGE, **log_context(seat(team_id)))


@blueprint.post("/teams/<team_id>/log/export")
@guessing.by_address
def send_log_export(team_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    here.require(Right.see_log)
    try:
        confirm(signed_in(), request.form.get("password", ""))
    except Invalid as problem:
        return form_again(PAGE, {}, problem, **log_context(here))
    export_log(database(), here, moment())
    commit()
    headers = {"Content-Disposition": f'attachment; filename="log-{moment():%Y-%m-%d}.csv"'}
    return Response(_streamed(house(), here), mimetype="text/csv", headers=headers)


def _streamed(house: House, here: Seat) -> Iterator[str]:
    """The request's own session is closed by then."""
    with house.sessions() as session:
        yield from log_csv(session, here)


def log_context(here: Seat) -> dict[str, Any]:
    wanted = Wanted(
        act=request.args.get("act", ""),
        who=request.args.get("who", ""),
        before=request.args.get("before", type=int),
    )
    lines, older = read_log(database(), here, wanted)
    people = [(member.person_id, member.name) for member in list_members(database(), here)]
    return {
        "seat": here,
        "lines": lines,
        "older": older,
        "wanted": wanted,
        "people": [*people, (CANDIDATES, "Candidates"), (SITE, "This site")],
        "acts": {group: [(act, label(act)) for act in acts] for group, acts in SENTENCES.items()},
    }
