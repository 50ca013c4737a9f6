"""What is kept of a candidate: taken along as a file, or deleted for good."""

from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect
from flask.typing import ResponseReturnValue
from sqlmodel import select

from server.assessments.privacy.erasing import Why, erase_candidate, erase_preview
from server.assessments.privacy.retention import due_at
from server.assessments.tables.decisions import Decision
from server.errors import Invalid
from server.reports.own_data import export_own_data
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.takehome.blueprint import Here, blueprint, here

DATA = "takehome/data.html"


@blueprint.get("/data")
def show_data(candidate_id: str) -> ResponseReturnValue:
    return form_page(DATA, **data_context(here(candidate_id)))


@blueprint.post("/data")
@limiter.limit("20/hour", key_func=by_person)
def send_data(candidate_id: str) -> ResponseReturnValue:
    """A post, because it is written down in the log."""
    at = here(candidate_id)
    data = export_own_data(database(), at.seated, moment())
    commit()
    headers = {"Content-Disposition": f'attachment; filename="touchstone-{moment():%Y-%m-%d}.json"'}
    return Response(json.dumps(data, ensure_ascii=False, indent=1), mimetype="application/json", headers=headers)


@blueprint.post("/data/erase")
@limiter.limit("20/hour", key_func=by_person)
def send_erasure(candidate_id: str) -> ResponseReturnValue:
    at, values = here(candidate_id), typed("code")
    if same(values["code"], at.candidate.code):
        erase(at)
        commit()
        flash("Everything that was kept of you for this take-home is deleted.", "good")
        return redirect("/", 303)
    problem = Invalid.fields({"code": f"Type {at.candidate.code} to confirm"})
    return form_again(DATA, values, problem, **data_context(at))


def same(typed_code: str, code: str) -> bool:
    return " ".join(typed_code.split()).casefold() == code.casefold()


def erase(at: Here) -> None:
    candidate, keepers = at.candidate, house().keepers
    if candidate.preview:
        erase_preview(database(), candidate, keepers)
        return
    by = f"candidate:{candidate.id}"
    erase_candidate(database(), candidate, keepers, house().settings.outbox, by, Why.candidate, moment())


def data_context(at: Here) -> dict[str, Any]:
    sitting = at.seated.sitting
    decided = sitting is not None and database().exec(select(Decision.at).where(Decision.sitting_id == sitting.id)).first()
    return {
        "at": at,
        "due": due_at(at.candidate, at.team, sitting),
        "running": sitting is not None and sitting.handed_in_at is None,
        "decided": decided,
        "now": moment(),
    }
