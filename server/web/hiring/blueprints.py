"""The blueprint of a job: its page and its versions, what is promised to candidates, publishing."""

from __future__ import annotations

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.blueprints.policies import Policies
from server.assessments.blueprints.publishing import NOT_READY, publish_blueprint
from server.assessments.blueprints.versions import blueprint_of, draft_blueprint, list_versions, set_policies
from server.assessments.teams.rights import Right
from server.errors import Conflict, Invalid
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.blueprint_page import (
    LONGEST_TYPED,
    PAGE,
    ROOT,
    asked_for,
    draft_here,
    empty_context,
    job_here,
    root,
    whole_context,
    whole_number,
)
from server.web.pages import page


@blueprint.get(ROOT)
def show_blueprint(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    here.require(Right.see_results)
    if not list_versions(database(), job):
        return form_page(PAGE, **empty_context(here, job))
    row = blueprint_of(database(), here, job)
    context = whole_context(here, job, row)
    return form_page(PAGE, **context, **asked_for(here, row))


@blueprint.post(ROOT)
def send_draft(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    row = draft_blueprint(database(), here, job, moment())
    commit()
    if row.version == 1:
        flash("A first draft from the role's template. Change what does not fit this job.", "good")
    else:
        flash(f"Version {row.version} is a draft. Candidates are invited to the published one until you publish this.", "good")
    return redirect(root(here, job), 303)


@blueprint.get(f"{ROOT}/versions/<int:version>")
def show_version(team_id: str, job_id: str, version: int) -> ResponseReturnValue:
    """To be read, not to be changed."""
    here, job = job_here(team_id, job_id)
    row = blueprint_of(database(), here, job, version)
    return form_page(PAGE, **{**whole_context(here, job, row), "edits": False})


@blueprint.post(f"{ROOT}/policies")
def send_policies(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    try:
        set_policies(database(), here, job, row, typed_policies(), moment(), shown_policies())
    except Invalid as problem:
        context = {**whole_context(here, job, row), "policies": dict(request.form.items())}
        return form_again(PAGE, {}, problem, **context)
    commit()
    flash("Saved.", "good")
    return redirect(f"{root(here, job)}#rules", 303)


@blueprint.post(f"{ROOT}/publish")
def send_publish(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    try:
        publish_blueprint(database(), here, job, row, moment())
    except Conflict as refusal:
        if refusal.code != NOT_READY:
            raise
        context = whole_context(here, job, row)
        errors = {problem.anchor: problem.text for problem in context["problems"] if problem.blocks}
        return page(PAGE, 409, values={}, errors=errors, **context)
    commit()
    flash(f"Version {row.version} is published. Candidates can be invited to it.", "good")
    return redirect(root(here, job), 303)


def typed_policies(prefix: str = "") -> Policies:
    return Policies(
        stated_minutes=whole_number(f"{prefix}stated_minutes"),
        ai_policy=request.form.get(f"{prefix}ai_policy", ""),
        answer_days=whole_number(f"{prefix}answer_days"),
        appeal_days=whole_number(f"{prefix}appeal_days"),
        markers=whole_number(f"{prefix}markers"),
        hard_window=request.form.get(f"{prefix}hard_window") == "on",
        about=_text(f"{prefix}about"),
        contact=_text(f"{prefix}contact"),
    )


def shown_policies() -> Policies | None:
    """What the page had in these fields when it was opened."""
    return typed_policies("was_") if "was_about" in request.form else None


def _text(name: str) -> str:
    """A browser sends its own ends of lines."""
    return "\n".join(request.form.get(name, "")[:LONGEST_TYPED].splitlines()).strip()
