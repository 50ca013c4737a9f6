"""An exercise is broken: out of use, graded again for trial, looked at, applied, told. Candidates stand here by code."""

from __future__ import annotations

from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from sandbox.errors import SandboxError
from server.accounts.tables import Person
from server.assessments.incidents.quarantines import (
    begin_quarantine,
    lift_quarantine,
    list_quarantines,
    list_used,
    refuse,
    titles_of,
)
from server.assessments.incidents.regrade_mail import mail_as_written, put_regrade_mails, to_be_told
from server.assessments.incidents.team_regrades import (
    Affected,
    apply_regrade,
    go_on,
    is_being_tried,
    list_affected,
    list_regrades,
    propose_regrade,
    team_regrade_of,
    withdraw_regrade,
)
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.bank.versions import exercise_version
from server.errors import Invalid, NotFound, Unavailable
from server.grading.regrading.diff import IN_WORDS, Effect, count_effects
from server.grading.regrading.regrades import count_tries
from server.grading.seals import seal_key
from server.grading.tables import Regrade
from server.reports.issue import issue_again
from server.reports.signing import signer_of
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.wording import plural

LIST, ONE = "hiring/incidents.html", "hiring/regrade.html"
ROOT = "/teams/<team_id>/incidents"
REGRADE = f"{ROOT}/regrades/<regrade_id>"
SHOWN = 200
NOT_IN_BANK = "This exercise is not in the bank any more, so there is nothing to grade with"


@blueprint.get(ROOT)
def show_incidents(team_id: str) -> ResponseReturnValue:
    return form_page(LIST, **list_context(seat(team_id)))


@blueprint.post(ROOT)
@limiter.limit("60/hour", key_func=by_person)
def send_incident(team_id: str) -> ResponseReturnValue:
    """Out of use, or graded again for trial: one form, two buttons."""
    here, values = seat(team_id), typed("exercise", "reason")
    slug, reason = values["exercise"], values["reason"]
    try:
        if request.form.get("act") == "again":
            refuse(database(), here, slug, reason)
            regrade = propose_regrade(database(), here, slug, environment_of(slug), reason, moment())
            commit()
            house().queue_wake()
            return redirect(f"/teams/{team_id}/incidents/regrades/{regrade.id}", 303)
        begin_quarantine(database(), here, slug, reason, moment())
    except Invalid as problem:
        return form_again(LIST, values, problem, **list_context(here))
    commit()
    flash("Out of use. Its points count for nobody until you put it to use again.", "good")
    return redirect(f"/teams/{team_id}/incidents", 303)


@blueprint.post(f"{ROOT}/quarantines/<quarantine_id>/lift")
def send_lift(team_id: str, quarantine_id: str) -> ResponseReturnValue:
    lift_quarantine(database(), seat(team_id), quarantine_id, moment())
    commit()
    flash("In use again. Its points count.", "good")
    return redirect(f"/teams/{team_id}/incidents", 303)


@blueprint.get(REGRADE)
def show_regrade(team_id: str, regrade_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    return form_page(ONE, **regrade_context(here, team_regrade_of(database(), here, regrade_id)))


@blueprint.post(f"{REGRADE}/go-on")
def send_go_on(team_id: str, regrade_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    go_on(database(), here, team_regrade_of(database(), here, regrade_id), moment())
    commit()
    house().queue_wake()
    return redirect(f"/teams/{team_id}/incidents/regrades/{regrade_id}", 303)


@blueprint.post(f"{REGRADE}/apply")
def send_apply(team_id: str, regrade_id: str) -> ResponseReturnValue:
    """New results, new reports and mails are one transaction."""
    here, settings = seat(team_id), house().settings
    regrade = team_regrade_of(database(), here, regrade_id)
    affected = apply_regrade(database(), here, regrade, seal_key(settings.secret), moment())
    signer = signer_of(settings.secret, settings.base_url)
    issue_again(database(), [each.change.submission_id for each in affected], signer, moment())
    told = put_regrade_mails(database(), regrade, affected, moment())
    commit()
    house().queue_wake()
    mails = plural(told, "mail leaves", "mails leave")
    flash(f"The new results count: {len(affected)} changed. {mails} in a moment.", "good")
    return redirect(f"/teams/{team_id}/incidents/regrades/{regrade_id}", 303)


@blueprint.post(f"{REGRADE}/withdraw")
def send_withdrawal(team_id: str, regrade_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    withdraw_regrade(database(), here, team_regrade_of(database(), here, regrade_id), moment())
    commit()
    flash("Withdrawn. Every result stays as it was.", "good")
    return redirect(f"/teams/{team_id}/incidents", 303)


def environment_of(slug: str) -> str:
    """Of what the newest version is graded with. Raises Invalid, Unavailable."""
    try:
        return house().forkservers.digest(exercise_version(database(), slug).front.environment)
    except NotFound as gone:
        raise Invalid.fields({"exercise": NOT_IN_BANK}) from gone
    except SandboxError as error:
        raise Unavailable(f"Nothing can be graded on this server just now. Every result stays as it is. ({error})") from error


def list_context(here: Seat) -> dict[str, Any]:
    here.require(Right.hire)
    regrades = list_regrades(database(), here)
    return {
        "seat": here,
        "used": list_used(database(), here),
        "quarantines": list_quarantines(database(), here),
        "regrades": regrades,
        "titles": titles_of(database(), {each.exercise_slug for each in regrades}),
    }


def regrade_context(here: Seat, regrade: Regrade) -> dict[str, Any]:
    affected = list_affected(database(), regrade)
    changed = [each for each in affected if each.change.effect in (Effect.raised, Effect.lowered, Effect.changed)]
    told = to_be_told(database(), changed)
    proposer, settler = (database().get(Person, person_id) for person_id in (regrade.proposed_by, regrade.settled_by))
    return {
        "seat": here,
        "regrade": regrade,
        "title": titles_of(database(), {regrade.exercise_slug}).get(regrade.exercise_slug, regrade.exercise_slug),
        "proposer": proposer.name if proposer else "somebody who has left",
        "settler": settler.name if settler else "somebody who has left",
        "tries": count_tries(database(), regrade),
        "moving": regrade.state == "trying" and is_being_tried(database(), regrade),
        "affected": [each for each in affected if each.change.effect is not Effect.untried][:SHOWN],
        "shown": SHOWN,
        "effects": [(count, IN_WORDS[Effect(name)]) for name, count in effects_of(affected).items()],
        "in_words": IN_WORDS,
        "told": told,
        "mail": mail_as_written(database(), house().settings.base_url, regrade, told[0]) if told else None,
    }


def effects_of(affected: list[Affected]) -> dict[str, int]:
    return count_effects(each.change for each in affected)
