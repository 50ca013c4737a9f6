"""Before the start: the invitation with all that a candidate should know, adjustments, the practice room, the start itself."""

from __future__ import annotations

import secrets
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.blueprints.real_times import median_minutes
from server.assessments.invitations.wording import minutes
from server.assessments.privacy.retention import kept_for
from server.assessments.sittings.candidate_acts import ask_adjustment, decline
from server.assessments.sittings.deadline import Phase, whole_time
from server.assessments.sittings.rehearsal import room_exercise, room_of
from server.assessments.sittings.sitting import Drawn, start_sitting
from server.bank.labels import KINDS, TOPICS
from server.bank.tables import Exercise as Listed
from server.bank.versions import exercise_version, newest_digest
from server.errors import Conflict, Invalid
from server.web.account.forms import form_again, form_page
from server.web.candidates.bench import SittingView, bench_page, drawn_values, environment_now
from server.web.candidates.cell_view import split_task
from server.web.candidates.workspace_view import workspace_view
from server.web.door import commit, database, moment, show_candidates_out
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.takehome.blueprint import Here, blueprint, here, lead_on
from server.workspaces.open import open_workspace
from server.workspaces.starting import starting_cells

INVITATION, START = "takehome/invitation.html", "takehome/start.html"
LONGEST_TYPED = 5_000


@blueprint.get("")
def show_invitation(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.seated.sitting is not None and at.standing.phase is not Phase.withdrawn:
        return lead_on(at)
    return form_page(INVITATION, {"adjustment": at.candidate.adjustment}, **invitation_context(at))


@blueprint.post("/adjustment")
@limiter.limit("10/hour", key_func=by_person)
def send_adjustment(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    text = request.form.get("adjustment", "")[:LONGEST_TYPED]
    try:
        ask_adjustment(database(), at.candidate, text, moment())
    except Invalid as problem:
        return form_again(INVITATION, {"adjustment": text}, problem, **invitation_context(at))
    commit()
    flash("Your request is with the team. You read the answer here; wait for it before you start.", "good")
    return redirect(at.root, 303)


@blueprint.post("/decline")
def send_decline(candidate_id: str) -> ResponseReturnValue:
    """Can be taken back for as long as the window is open."""
    at = here(candidate_id)
    decline(database(), at.candidate, request.form.get("answer") == "no", moment())
    commit()
    return redirect(at.root, 303)


@blueprint.post("/leave")
def send_leave(candidate_id: str) -> ResponseReturnValue:
    here(candidate_id)
    show_candidates_out()
    commit()
    flash("This browser has forgotten the invitation. The link in the mail leads back to it.", "good")
    return redirect("/", 303)


@blueprint.get("/start")
def show_start(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    if at.standing.phase is not Phase.ready:
        return lead_on(at)
    return form_page(START, **invitation_context(at))


@blueprint.post("/start")
@limiter.limit("20/minute", key_func=by_person)
def send_start(candidate_id: str) -> ResponseReturnValue:
    """The exercises' numbers are drawn first: what cannot be drawn must not cost the candidate's time."""
    at = here(candidate_id)
    if at.seated.sitting is None:
        refuse_without_kernels()
        start_sitting(database(), at.candidate, [drawn(task) for task in at.seated.blueprint.tasks], moment())
        commit()
    return lead_on(here(candidate_id))


def refuse_without_kernels() -> None:
    """Where code is not run, no clock starts. Raises Conflict."""
    status, _, _ = house().sandbox_condition()
    if status == "failed" or house().settings.sandbox == "open":
        raise Conflict(
            "This server cannot run take-homes just now; that is our fault, and your time has not begun. "
            "Please tell the team, or try again later.",
            code="no_sandbox",
        )


def drawn(task: dict[str, str]) -> Drawn:
    """One exercise of the blueprint, in the version that was published."""
    digest = task.get("digest") or newest_digest(database(), task["slug"])
    exercise = exercise_version(database(), task["slug"], digest)
    seed = secrets.randbelow(2**31)
    return Drawn(exercise, digest, seed, drawn_values(exercise, seed), environment_now(exercise))


@blueprint.post("/room")
def send_room(candidate_id: str) -> ResponseReturnValue:
    """The practice room, made at the first visit."""
    at = here(candidate_id)
    if at.candidate.person_id is not None:
        listed = room_exercise(database(), at.seated.blueprint)
        one = drawn({"slug": listed.slug, "digest": listed.digest})
        open_workspace(
            database(),
            at.candidate.person_id,
            listed.slug,
            one.digest,
            cells=starting_cells(one.exercise, one.seed, one.values),
            seed=one.seed,
            values=dict(one.values),
            now=moment(),
            environment=one.environment,
        )
        commit()
    return redirect(f"{at.root}/room", 303)


@blueprint.get("/room")
def show_room(candidate_id: str) -> ResponseReturnValue:
    at = here(candidate_id)
    workspace = room_of(database(), at.candidate, room_exercise(database(), at.seated.blueprint).slug)
    if workspace is None:
        return redirect(at.root, 303)
    exercise = exercise_version(database(), workspace.exercise_slug, workspace.exercise_digest)
    state = workspace_view(database(), workspace, exercise, house().rooms)
    task, cells = split_task(state["cells"])
    return bench_page(exercise, task, cells, state, SittingView(at.root, at.team.name, 0, ()))


def invitation_context(at: Here) -> dict[str, Any]:
    blueprint_row, terms = at.seated.blueprint, at.seated.terms
    listed = list_tasks(blueprint_row.tasks)
    return {
        "at": at,
        "rule": BY_KEY[blueprint_row.ai_policy],
        "allowed": minutes(whole_time(terms, at.seated.course)),
        "usual": usual_time(listed),
        "kinds": [KINDS[exercise.kind] for exercise in listed],
        "topics": sorted({TOPICS.get(topic, topic) for exercise in listed for topic in exercise.topics}),
        "deleted": max(terms.closes, moment()) + kept_for(at.candidate, at.team),
        "now": moment(),
    }


def usual_time(listed: list[Listed]) -> tuple[str, str]:
    """How long it takes, and who says so: people who sat these tasks, or else whoever wrote them."""
    real = median_minutes(database(), [exercise.slug for exercise in listed])
    total = sum(real.get(exercise.slug, exercise.minutes) for exercise in listed)
    return f"{total} minutes", "people usually need" if len(real) == len(listed) else "the tasks are meant to take"


def list_tasks(tasks: list[dict[str, str]]) -> list[Listed]:
    """The exercises as the bank lists them, in the order of the blueprint."""
    slugs = [task["slug"] for task in tasks]
    by_slug = {row.slug: row for row in database().exec(select(Listed).where(col(Listed.slug).in_(slugs)))}
    return [by_slug[slug] for slug in slugs if slug in by_slug]
