"""Strengths and floors of a blueprint: added, changed, removed, put back."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.blueprints.needs import NeedWording, add_need, change_need, need_of, put_back_need, remove_need
from server.errors import Invalid
from server.web.account.forms import form_again
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint
from server.web.hiring.blueprint_page import (
    LONGEST_TYPED,
    PAGE,
    ROOT,
    draft_here,
    half,
    new_need_form,
    root,
    whole_context,
    whole_number,
)


@blueprint.post(f"{ROOT}/needs")
def send_need(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    floor = request.form.get("floor") == "yes"
    try:
        add_need(database(), here, job, row, need_wording(), moment(), floor=floor)
    except Invalid as problem:
        return form_again(PAGE, {}, problem, **whole_context(here, job, row), need_form=new_need_form(floor, typed_need()))
    commit()
    flash("Added, and dated.", "good")
    return redirect(f"{root(here, job)}#{half(floor)}", 303)


@blueprint.post(f"{ROOT}/needs/<need_id>")
def send_need_change(team_id: str, job_id: str, need_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    need = need_of(database(), row, need_id)
    try:
        changed = change_need(database(), here, job, row, need_id, need_wording(), moment())
    except Invalid as problem:
        form = {"id": need_id, "floor": need.floor, "values": typed_need()}
        return form_again(PAGE, {}, problem, **whole_context(here, job, row), need_form=form)
    commit()
    flash("Changed, and dated anew." if changed else "Nothing was changed, so it keeps its date.", "good")
    return redirect(f"{root(here, job)}#{half(need.floor)}", 303)


@blueprint.post(f"{ROOT}/needs/<need_id>/remove")
def send_need_removal(team_id: str, job_id: str, need_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    remove_need(database(), here, job, row, need_id, moment())
    commit()
    return redirect(f"{root(here, job)}?removed={need_id}#undo", 303)


@blueprint.post(f"{ROOT}/needs/<need_id>/put-back")
def send_need_return(team_id: str, job_id: str, need_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    back = put_back_need(database(), here, job, row, need_id, moment())
    commit()
    flash("Back as it was, with its date.", "good")
    return redirect(f"{root(here, job)}#{half(back.floor)}", 303)


def typed_need() -> dict[str, Any]:
    """As it was typed, for the form again."""
    names = ("kind", "level", "minutes", "percent", "words", "must")
    return {**{name: request.form.get(name, "")[:LONGEST_TYPED] for name in names}, "topics": request.form.getlist("topics")}


def need_wording() -> NeedWording:
    """Numbers that are none count as -1, which no field may be."""
    return NeedWording(
        kind=request.form.get("kind", ""),
        topics=tuple(request.form.getlist("topics")),
        level=whole_number("level"),
        minutes=whole_number("minutes"),
        percent=whole_number("percent"),
        words=request.form.get("words", "")[:LONGEST_TYPED],
        must=request.form.get("must", ""),
    )
