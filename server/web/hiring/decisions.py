"""The decision sheet of one candidate: hypotheses, evidence, what was said, and what the team decides."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.accounts.tables import Person
from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.blueprints.job_openings import opening_of
from server.assessments.decisions.appeals import answer_appeal, appeal_of, appeal_until
from server.assessments.decisions.board import OUTCOMES
from server.assessments.decisions.decision import Wording, decide, decision_of, draft_feedback, first_result_at, mark_of, when
from server.assessments.decisions.evidence import Seen, share_words
from server.assessments.decisions.gathering import quarantined, seen_of
from server.assessments.marking.agreement import agreeing
from server.assessments.marking.markers import Marked, marked
from server.assessments.privacy.looks import note_look
from server.assessments.privacy.unblinding import may_see_name
from server.assessments.sittings.candidate_acts import list_problems
from server.assessments.sittings.courses import seat_candidate
from server.assessments.sittings.lookups import sitting_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.sittings.times import times_of
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.errors import Invalid, NotFound
from server.reports.issue import issue_report, lines_read, newest_report
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat
from server.web.house import house
from server.web.report_view import report_page, signer

SHEET = "hiring/decision.html"
ROOT = "/teams/<team_id>/jobs/<job_id>/sittings/<sitting_id>"
LONGEST_TYPED = 10_000
FIELDS = ("outcome", "notes", "feedback", "without", "looked_at", "decided")


def sitting_here(team_id: str, job_id: str, sitting_id: str) -> tuple[Seat, HiringJob, Sitting]:
    """Through team and job. Raises NotFound, NotAllowed."""
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    here.require(Right.see_results)
    return here, job, sitting_of(database(), here, sitting_id, job.id)


@blueprint.get(ROOT)
def show_sheet(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    here, job, sitting = sitting_here(team_id, job_id, sitting_id)
    if note_look(database(), here, sitting, moment()):
        commit()
    return form_page(SHEET, **sheet_context(here, job, sitting))


@blueprint.post(f"{ROOT}/decision")
def send_decision(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """The report is issued in the same transaction: there is no decision without one."""
    here, job, sitting = sitting_here(team_id, job_id, sitting_id)
    values = {name: request.form.get(name, "")[:LONGEST_TYPED] for name in FIELDS}
    try:
        decide(database(), here, sitting, Wording(**values), seen_of(database(), sitting), moment())
    except Invalid as problem:
        return form_again(SHEET, values, problem, **sheet_context(here, job, sitting))
    issue_report(database(), sitting, signer(), moment())
    commit()
    house().queue_wake()
    flash("The decision is recorded, the candidate's report is issued, and a mail tells them.", "good")
    return redirect(f"/teams/{team_id}/jobs/{job_id}/sittings/{sitting_id}", 303)


@blueprint.post(f"{ROOT}/appeal")
def send_appeal_answer(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    here, job, sitting = sitting_here(team_id, job_id, sitting_id)
    values = {"answer": request.form.get("answer", "")[:LONGEST_TYPED]}
    try:
        answer_appeal(database(), here, sitting, values["answer"], moment(), request.form.get("answered", ""))
    except Invalid as problem:
        return form_again(SHEET, values, problem, **sheet_context(here, job, sitting))
    commit()
    house().queue_wake()
    flash("Answered. The candidate reads it beside the report.", "good")
    return redirect(f"/teams/{team_id}/jobs/{job_id}/sittings/{sitting_id}", 303)


@blueprint.get(f"{ROOT}/report")
def show_team_report(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    """What the candidate has; with the code in place of the name for whoever may not know it."""
    here, job, sitting = sitting_here(team_id, job_id, sitting_id)
    report = newest_report(database(), sitting)
    if report is None:
        raise NotFound("There is no report yet. It is issued with the decision.")
    code = database().get_one(Candidate, sitting.candidate_id).code
    if note_look(database(), here, sitting, moment()):
        commit()
    named = may_see_name(database(), here, sitting)
    return report_page(report, sitting, named="" if named else code, seat=here, job=job)


def sheet_context(here: Seat, job: HiringJob, sitting: Sitting) -> dict[str, Any]:
    session = database()
    candidate = session.get_one(Candidate, sitting.candidate_id)
    seated, seen, marks = seat_candidate(session, candidate), seen_of(session, sitting), marked(session, sitting)
    decision, decides = decision_of(session, sitting), may(here.member.role, Right.hire)
    appeal = appeal_of(session, sitting)
    return {
        "seat": here,
        "job": job,
        "root": f"/teams/{here.team.id}/jobs/{job.id}",
        "sheet": f"/teams/{here.team.id}/jobs/{job.id}/sittings/{sitting.id}",
        "code": candidate.code,
        "candidate": candidate if may_see_name(session, here, sitting) else None,
        "sitting": sitting,
        "blueprint": seated.blueprint,
        "rule": BY_KEY[seated.blueprint.ai_policy],
        "seen": seen,
        "share_words": share_words,
        "quarantined": quarantined(session, here.team.id),
        "first_result": first_result_at(session, sitting),
        "times": times_of(seated),
        "problems": list_problems(session, sitting),
        "marks": marks,
        "agreeing": agreement(marks),
        "decision": decision,
        "decided_by": name_of(decision.by) if decision else "",
        "has_report": newest_report(session, sitting) is not None,
        "outcomes": OUTCOMES,
        "decides": decides and sitting.handed_in_at is not None,
        "looked_at": mark_of(seen),
        "decided": when(decision.at if decision else None),
        "answered": when(appeal.answered_at if appeal else None),
        "draft": draft(sitting, seen, marks, decision) if decides else "",
        "appeal": appeal,
        "appeal_until": appeal_until(seated.blueprint, decision) if decision else None,
        "answers": appeal is not None and decides,
    }


def agreement(marks: Marked) -> Any:
    """Of the first two markers of this take-home; None before all are done, or where one marks alone."""
    if not marks.is_done or marks.markers < 2:
        return None
    return agreeing([(levels[0], levels[1]) for levels in map(marks.levels_of, marks.levels) if len(levels) > 1])


def draft(sitting: Sitting, seen: Seen, marks: Marked, decision: Decision | None) -> str:
    """What the candidate was told before, else a first wording from the needs and the lines of rubrics."""
    if decision is not None:
        return decision.feedback
    lines = [line for task in tasks_of(database(), sitting) for line in lines_read(database(), task, marks)]
    return draft_feedback(seen, [(line.line, line.anchor) for line in lines if line.anchor])


def name_of(person_id: str) -> str:
    someone = database().get(Person, person_id)
    return someone.name if someone is not None else "somebody who is gone"
