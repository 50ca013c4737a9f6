"""After the hand-in: time is up, what tools were used, the receipt, a few questions, and one's own notebooks."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from typing import Any

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.invitations.wording import minutes
from server.assessments.privacy.retention import kept_for
from server.assessments.sittings.candidate_acts import SURVEY, answer_survey, disclose
from server.assessments.sittings.deadline import Phase, credited
from server.assessments.sittings.times import times_of
from server.assessments.tables.sittings import BY_TIME
from server.errors import Invalid
from server.grading.tables import Submission
from server.reports.issue import newest_report
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.takehome.blueprint import Here, blueprint, here, lead_on
from server.web.takehome.sitting import progress

OVER, RECEIPT = "takehome/over.html", "takehome/receipt.html"
LONGEST_TYPED = 5_000


@blueprint.get("/over")
def show_over(candidate_id: str) -> ResponseReturnValue:
    """Paused, or time is up; asks which tools were used where the team's rule has that."""
    at = here(candidate_id)
    if at.standing.phase not in (Phase.over, Phase.paused, Phase.handed_in):
        return lead_on(at)
    return form_page(OVER, **over_context(at))


@blueprint.post("/disclosure")
def send_disclosure(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    text = request.form.get("disclosure", "")[:LONGEST_TYPED]
    try:
        disclose(database(), at.candidate, at.sitting, text, moment())
    except Invalid as problem:
        return form_again(OVER, {"disclosure": text}, problem, **over_context(at))
    commit()
    return redirect(f"{at.root}/receipt", 303)


@blueprint.get("/receipt")
def show_receipt(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.handed_in:
        return lead_on(at)
    asks = BY_KEY[at.seated.blueprint.ai_policy].asks and at.sitting.disclosed_at is None
    if asks and "later" not in request.args and newest_report(database(), at.sitting) is None:
        return redirect(f"{at.root}/over", 303)
    return form_page(RECEIPT, **receipt_context(at))


@blueprint.get("/receipt.txt")
def download_receipt(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.handed_in:
        return lead_on(at)
    context = receipt_context(at)
    lines = [f"{name}: {value}" for name, value in context["facts"]]
    lines += [f"sha256 of {name}: {digest}" for name, digest in context["prints"]]
    headers = {"Content-Disposition": 'attachment; filename="receipt.txt"'}
    return Response("\n".join(lines) + "\n", mimetype="text/plain", headers=headers)


@blueprint.get("/notebooks.zip")
def download_notebooks(candidate_id: str) -> ResponseReturnValue:
    """What was handed in, byte for byte: the fingerprints of the receipt are of these files."""
    at = here(candidate_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for task, submission in frozen(at):
            archive.writestr(f"{task}.ipynb", submission.notebook)
    headers = {"Content-Disposition": 'attachment; filename="notebooks.zip"'}
    return Response(packed.getvalue(), mimetype="application/zip", headers=headers)


@blueprint.post("/survey")
def send_survey(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    answer_survey(database(), at.sitting, {key: request.form.get(key, "") for key in SURVEY})
    commit()
    flash("Thank you. Nobody who marks your work sees this.", "good")
    return redirect(f"{at.root}/receipt?later=1", 303)


def frozen(at: Here) -> list[tuple[str, Submission]]:
    """Name of the exercise and what was handed in of it."""
    tasks = [(task.exercise_slug, task.submission_id) for task in at.tasks() if task.submission_id]
    return [(slug, database().get_one(Submission, submission_id)) for slug, submission_id in tasks]


def over_context(at: Here) -> dict[str, Any]:
    given_back = credited(at.seated.terms, at.seated.course, moment())
    return {
        "at": at,
        "rule": BY_KEY[at.seated.blueprint.ai_policy],
        "by_time": at.sitting.handed_in_by == BY_TIME,
        "tasks": progress(at),
        "given_back": minutes(given_back) if given_back else "",
        "phase": at.standing.phase.value,
        "sentence": at.standing.why,
    }


def receipt_context(at: Here) -> dict[str, Any]:
    sitting, blueprint_row = at.sitting, at.seated.blueprint
    handed_in = sitting.handed_in_at or moment()
    prints = [(slug, submission.sha256, len(submission.notebook)) for slug, submission in frozen(at)]
    given_back = credited(at.seated.terms, at.seated.course, handed_in)
    times = times_of(at.seated)
    used = timedelta(minutes=max(1, times.used if times else 0))
    facts = [
        ("For", f"{at.job.title}, {at.team.name}"),
        ("Handed in", f"{handed_in:%-d %B %Y, %H:%M:%S} UTC{', when time was up' if sitting.handed_in_by == BY_TIME else ''}"),
        ("Time used", f"{minutes(used)}{f', {minutes(given_back)} given back' if given_back else ''}"),
        ("Files", f"{len(prints)} notebook{'' if len(prints) == 1 else 's'}, {sum(size for *_, size in prints) / 1000:.0f} kB"),
        ("Fingerprint", f"sha256 {sitting.fingerprint}"),
    ]
    return {
        "at": at,
        "facts": facts,
        "prints": [(slug, digest) for slug, digest, _ in prints],
        "answer_by": handed_in + timedelta(days=blueprint_row.answer_days),
        "deleted": handed_in + kept_for(at.candidate, at.team),
        "survey": SURVEY,
        "given": sitting.survey,
        "marked": blueprint_row.markers,
        "reported": newest_report(database(), sitting) is not None,
    }
