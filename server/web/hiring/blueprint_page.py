"""The page of a blueprint: how it is found, and everything that stands on it."""

from __future__ import annotations

from typing import Any

from flask import request
from sqlmodel import select

from server.assessments.blueprints import ai_policy
from server.assessments.blueprints.advert import read_advert
from server.assessments.blueprints.coverage import coverage, read_whole, suggest
from server.assessments.blueprints.first_draft import starting_needs
from server.assessments.blueprints.job_openings import opening_of
from server.assessments.blueprints.needs import find_need, removed_need
from server.assessments.blueprints.policies import MARKERS
from server.assessments.blueprints.roles import template
from server.assessments.blueprints.versions import DRAFT, blueprint_of, list_versions
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.bank import labels
from server.bank.tables import Exercise
from server.web.door import database, moment
from server.web.hiring.blueprint import seat
from server.web.hiring.blueprint_view import (
    TaskLine,
    need_line,
    need_title,
    need_values,
    policy_values,
    starting_lines,
    task_line,
    time_of,
    told,
)

PAGE = "hiring/blueprint.html"
ROOT = "/teams/<team_id>/jobs/<job_id>/blueprint"
LONGEST_TYPED = 10_000  # characters of a field; more than any may have


def job_here(team_id: str, job_id: str) -> tuple[Seat, HiringJob]:
    """Through the team. Raises NotFound."""
    here = seat(team_id)
    return here, opening_of(database(), here, job_id)


def draft_here(team_id: str, job_id: str) -> tuple[Seat, HiringJob, BlueprintRow]:
    """What changes are made in: the newest version; the domain refuses it when it is no draft. Raises NotFound, NotAllowed."""
    here, job = job_here(team_id, job_id)
    here.require(Right.hire)
    return here, job, blueprint_of(database(), here, job)


def root(here: Seat, job: HiringJob) -> str:
    return f"/teams/{here.team.id}/jobs/{job.id}/blueprint"


def half(floor: bool) -> str:
    return "floors" if floor else "strengths"


def whole_number(name: str) -> int:
    text = request.form.get(name, "").strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else -1


def empty_context(here: Seat, job: HiringJob) -> dict[str, Any]:
    return {
        "seat": here,
        "job": job,
        "whole": None,
        "hires": hires(here, job),
        "root": root(here, job),
        "versions": [],
        "today": moment(),
    }


def hires(here: Seat, job: HiringJob) -> bool:
    return may(here.member.role, Right.hire) and job.closed_at is None


def whole_context(here: Seat, job: HiringJob, row: BlueprintRow) -> dict[str, Any]:
    whole = read_whole(database(), job, row)
    is_draft = row.state == DRAFT
    edits = is_draft and hires(here, job)
    starts = starting_needs(template(job.role, job.composed_of), job.musts, here.team.archetype, here.team.sliders)
    return {
        **empty_context(here, job),
        "whole": whole,
        "row": row,
        "edits": edits,
        "versions": list_versions(database(), job),
        "strengths": [need_line(whole, each) for each in whole.strengths],
        "floors": [need_line(whole, each) for each in whole.floors],
        "tasks": [task_line(fact) for fact in whole.facts],
        "problems": told(whole.problems) if is_draft else [],
        "coverage": coverage(whole),
        "time": time_of(whole),
        "kinds": [labels.KINDS[kind] for kind in whole.kinds],
        "remarks": read_advert(job.advert).remarks if job.advert else (),
        "open_needs": open_needs(row) if edits else [],
        "starts": starting_lines(starts),
        "policies": policy_values(whole),
        "stored_policies": policy_values(whole),
        "ai_rules": ai_policy.RULES,
        "marker_numbers": MARKERS,
        **word_lists(),
    }


def word_lists() -> dict[str, Any]:
    """What the form of a need offers."""
    topics = {area: [(topic, labels.TOPICS[topic]) for topic in names] for area, names in labels.topics_by_area().items()}
    return {"all_kinds": labels.KINDS, "all_levels": labels.LEVELS, "all_topics": topics}


def open_needs(row: BlueprintRow) -> list[tuple[str, str, list[TaskLine]]]:
    """What nothing shows yet: its title, its kind, and exercises that would show it."""
    return [
        (need_title(each.need.kind, each.need.topics), each.need.kind, [task_line(fact) for fact in each.facts])
        for each in suggest(database(), row)
    ]


def asked_for(here: Seat, row: BlueprintRow) -> dict[str, Any]:
    """A form that is open, or something to put back, by the address."""
    found: dict[str, Any] = {}
    if request.args.get("add") in ("strength", "floor"):
        found["need_form"] = new_need_form(request.args["add"] == "floor", {})
    need = find_need(database(), row, request.args.get("need", ""))
    if need is not None:
        found["need_form"] = {"id": need.id, "floor": need.floor, "values": need_values(need)}
    if "removed" in request.args:
        need_gone = removed_need(database(), here, row, request.args["removed"])
        if need_gone is not None:
            title = need_title(need_gone.kind, need_gone.topics)
            found["removed"] = {"id": need_gone.id, "half": half(need_gone.floor), "title": title}
    if "dropped" in request.args:
        found["dropped"] = dropped(row, request.args["dropped"], request.args.get("place", 0, type=int))
    return found


def new_need_form(floor: bool, values: dict[str, Any]) -> dict[str, Any]:
    usual = {"kind": "coding", "topics": [], "level": 2, "minutes": 30, "percent": 60 if floor else 70}
    return {"id": "", "floor": floor, "values": values or usual}


def dropped(row: BlueprintRow, slug: str, place: int) -> dict[str, Any] | None:
    """None when it is there again, or is no exercise."""
    title = database().exec(select(Exercise.title).where(Exercise.slug == slug)).first()
    return {"slug": slug, "title": title, "place": place} if title and {"slug": slug} not in row.tasks else None
