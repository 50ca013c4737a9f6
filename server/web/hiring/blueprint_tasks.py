"""Exercises of a blueprint: chosen from the bank, put in order, removed, put back."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.assessments.blueprints.real_times import exposures
from server.assessments.blueprints.versions import DRAFT, choose_exercise, drop_exercise, move_exercise
from server.bank import labels
from server.bank.filters import Filters, read_filters
from server.bank.search import FoundExercise, find_exercises
from server.errors import Invalid
from server.web.account.forms import form_again, form_page
from server.web.door import commit, database, moment
from server.web.filter_forms import chips, page_number, selects, topics_in_words
from server.web.hiring.blueprint import blueprint
from server.web.hiring.blueprint_page import PAGE, ROOT, draft_here, root, whole_context
from server.web.hiring.blueprint_view import TaskLine, exposure_words
from server.web.pages import own_path

CHOOSER = "hiring/blueprint_exercises.html"


@blueprint.get(f"{ROOT}/exercises")
def show_chooser(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    if row.state != DRAFT:
        return redirect(root(here, job), 302)
    filters = read_filters(request.args).without("state")
    found = find_exercises(database(), filters, page=page_number(request.args.get("page", "1")))
    seen = exposures(database(), [each.slug for each in found.rows])

    def address(asked: Filters, number: int = 1) -> str:
        arguments = {**asked.as_arguments(), **({"page": str(number)} if number > 1 else {})}
        return f"{request.path}?{urlencode(arguments)}" if arguments else request.path

    return form_page(
        CHOOSER,
        seat=here,
        job=job,
        root=root(here, job),
        filters=filters,
        found=found,
        rows=[found_line(each, *exposure_words(seen[each.slug])) for each in found.rows],
        chosen=[task["slug"] for task in row.tasks],
        chips=chips(filters, found),
        selects=selects(filters),
        address=address,
        here_again=address(filters, found.page),
    )


def found_line(row: FoundExercise, seen: str, seen_class: str) -> TaskLine:
    kind = f"{labels.KINDS[row.kind]}, {labels.inside_a_sentence(labels.LEVELS[row.level])}"
    return TaskLine(row.slug, row.title, topics_in_words(row.topics), kind, f"{row.minutes} min", seen, seen_class)


@blueprint.post(f"{ROOT}/tasks")
def send_task(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    slug, place = request.form.get("slug", "")[:200], request.form.get("place", type=int)
    try:
        choose_exercise(database(), here, job, row, slug, moment(), place)
    except Invalid as problem:
        shown = Invalid.fields({"exercises": problem.sentence})
        return form_again(PAGE, {}, shown, **whole_context(here, job, row))
    commit()
    flash("In the blueprint.", "good")
    return redirect(own_path(request.form.get("next"), f"{root(here, job)}#exercises"), 303)


@blueprint.post(f"{ROOT}/tasks/<slug>/remove")
def send_task_removal(team_id: str, job_id: str, slug: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    place = drop_exercise(database(), here, job, row, slug, moment())
    commit()
    return redirect(f"{root(here, job)}?dropped={slug}&place={place}#undo", 303)


@blueprint.post(f"{ROOT}/tasks/<slug>/move")
def send_task_move(team_id: str, job_id: str, slug: str) -> ResponseReturnValue:
    here, job, row = draft_here(team_id, job_id)
    move_exercise(database(), here, job, row, slug, -1 if request.form.get("way") == "up" else 1, moment())
    commit()
    return redirect(f"{root(here, job)}#exercises", 303)
