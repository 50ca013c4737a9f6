"""The candidate's own report, the file to take along, and the second look that can be asked for."""

from __future__ import annotations

from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.decisions.appeals import appeal_of, appeal_until, ask_second_look
from server.assessments.decisions.decision import decision_of
from server.assessments.tables.decisions import CandidateReport
from server.errors import Invalid, NotFound
from server.reports.issue import NOT_DECIDED, newest_report
from server.web.account.forms import form_again
from server.web.door import commit, database, moment
from server.web.limits import by_person, limiter
from server.web.report_view import REPORT, report_context, report_file, report_page
from server.web.takehome.blueprint import Here, blueprint, here

LONGEST_TYPED = 5_000


def report_of(at: Here) -> CandidateReport:
    """Raises NotFound before the decision."""
    found = newest_report(database(), at.sitting)
    if found is None:
        raise NotFound(NOT_DECIDED)
    return found


@blueprint.get("/report")
def show_report(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    return report_page(report_of(at), at.sitting, named="", **appeal_context(at))


@blueprint.get("/report.json")
def download_report(candidate_id: str) -> ResponseReturnValue:
    """Byte for byte what is signed; without a line end, which would not be."""
    at = here(candidate_id)
    headers = {"Content-Disposition": 'attachment; filename="report.json"'}
    return Response(report_file(report_of(at)), mimetype="application/json", headers=headers)


@blueprint.post("/appeal")
@limiter.limit("10/hour", key_func=by_person)
def send_appeal(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    report, text = report_of(at), request.form.get("appeal", "")[:LONGEST_TYPED]
    try:
        ask_second_look(database(), at.candidate, at.sitting, text, moment())
    except Invalid as problem:
        context = {**report_context(report), **appeal_context(at), "sitting": at.sitting}
        return form_again(REPORT, {"appeal": text}, problem, **context)
    commit()
    flash("The team has your words. The answer will stand on this page.", "good")
    return redirect(f"{at.root}/report", 303)


def appeal_context(at: Here) -> dict[str, Any]:
    decision = decision_of(database(), at.sitting)
    until = appeal_until(at.seated.blueprint, decision) if decision else None
    return {
        "at": at,
        "appeal": appeal_of(database(), at.sitting),
        "appeal_until": until,
        "may_appeal": until is not None and moment() <= until,
    }
