"""Who is invited to a job, by name: the list, one more, many at once. For those who hire; nobody marks from here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.accounts.people import problem_of_email
from server.assessments.blueprints.job_openings import opening_of
from server.assessments.blueprints.versions import published_of
from server.assessments.invitations.candidates import LONGEST_NOTES, Invited, Invitee, count_erased, invite, list_invited
from server.assessments.invitations.csv_lists import FIELD, MOST_BYTES, decode, read_csv
from server.assessments.invitations.list_import import Imported, invite_sheet
from server.assessments.invitations.mail import mail_as_written
from server.assessments.invitations.parts import parts_of, ready
from server.assessments.invitations.states import State
from server.assessments.invitations.windows import USUAL_WINDOW, read_moment, read_percent
from server.assessments.privacy.looks import note_names
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.errors import Conflict, Invalid
from server.mail.message import Message
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat
from server.web.house import house
from server.web.limits import by_person, limiter
from server.web.wording import plural

PAGE, PAGE_SIZE = "hiring/invitations.html", 100
ROOT = "/teams/<team_id>/jobs/<job_id>/invitations"
ONE = ("email", "name", "source", "opens", "closes", "extra_percent")
TONES = {
    State.sent: "tried",
    State.opened: "tried",
    State.started: "due",
    State.submitted: "passed",
    State.bounced: "failed",
    State.expired: "locked",
    State.declined: "locked",
    State.withdrawn: "locked",
}
T = TypeVar("T")


def job_here(team_id: str, job_id: str) -> tuple[Seat, HiringJob]:
    """Raises NotFound, NotAllowed: names are for those who invite."""
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    here.require(Right.hire)
    return here, job


@blueprint.get(ROOT)
def show_invitations(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    if note_names(database(), here, job, moment()):
        commit()
    return form_page(PAGE, **list_context(here, job))


@blueprint.post(ROOT)
@limiter.limit("120/hour", key_func=by_person)
def send_invitation(team_id: str, job_id: str) -> ResponseReturnValue:
    here, job = job_here(team_id, job_id)
    values = {**typed(*ONE), "notes": request.form.get("notes", "")[: LONGEST_NOTES + 1]}
    try:
        made = invite(database(), here, job, published_of(database(), job), invitee_typed(values), moment())
    except Invalid as problem:
        return form_again(PAGE, values, problem, **list_context(here, job))
    commit()
    house().queue_wake()
    flash(f"{made.email} is invited. The mail leaves in a moment.", "good")
    return redirect(address(here, job), 303)


@blueprint.post(f"{ROOT}/csv")
@limiter.limit("60/hour", key_func=by_person)
def send_list(team_id: str, job_id: str) -> ResponseReturnValue:
    """Good rows are invited; the page then holds the others alone, to be mended and sent again."""
    here, job = job_here(team_id, job_id)
    text = request.form.get(FIELD, "")
    try:
        text = list_sent(text)
        sheet = read_csv(text)
        if not sheet.rows and not sheet.errors:
            raise Invalid.fields({FIELD: "The list names nobody: below the first line, each line is one person"})
        found = invite_sheet(database(), here, job, published_of(database(), job), sheet, moment())
    except Invalid as problem:
        return form_again(PAGE, {FIELD: text}, problem, **list_context(here, job))
    commit()
    house().queue_wake()
    invited = f"{plural(found.invited, 'person is', 'people are')} invited"
    if not found.errors:
        flash(f"{invited}. The mails leave one after the other.", "good")
        return redirect(address(here, job), 303)
    need = plural(len(found.errors), "row needs", "rows need")
    return form_again(
        PAGE, {FIELD: found.rest}, Invalid.fields({FIELD: f"{invited}, {need} you"}), **list_context(here, job, found)
    )


def list_sent(pasted: str) -> str:
    """The text of the file, or what was pasted. Raises Invalid."""
    file = request.files.get("file")
    if file is None or not file.filename:
        return pasted
    if pasted.strip():
        raise Invalid.fields({FIELD: "Send a file or pasted rows, not both at once"})
    return decode(file.stream.read(MOST_BYTES + 1))


def invitee_typed(values: Mapping[str, str]) -> Invitee:
    """Raises Invalid: with what is wrong about the address too, so that nobody is sent back twice."""
    address_problem = problem_of_email(values["email"])
    problems = {"email": address_problem} if address_problem else {}
    wanted = Invitee(
        email=values["email"],
        name=values["name"],
        source=values["source"],
        notes=values["notes"],
        opens=understood("opens", lambda: read_moment(values["opens"], last=False), problems),
        closes=understood("closes", lambda: read_moment(values["closes"], last=True), problems),
        extra_percent=understood("extra_percent", lambda: read_percent(values["extra_percent"]), problems) or 0,
    )
    if problems:
        raise Invalid.fields(problems)
    return wanted


def understood(field: str, read: Callable[[], T], problems: dict[str, str]) -> T | None:
    try:
        return read()
    except ValueError as error:
        problems[field] = str(error)
        return None


def address(here: Seat, job: HiringJob) -> str:
    return f"/teams/{here.team.id}/jobs/{job.id}/invitations"


def list_context(here: Seat, job: HiringJob, imported: Imported | None = None) -> dict[str, Any]:
    everybody = list_invited(database(), here, job, moment())
    published = published_of(database(), job)
    wanted = request.args.get("state", "")
    shown = [each for each in everybody if wanted not in set(State) or each.state.state == wanted]
    pages = max(1, -(-len(shown) // PAGE_SIZE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return {
        "seat": here,
        "job": job,
        "root": address(here, job),
        "obstacle": obstacle(job, published),
        "parts": parts_of(published) if published else (),
        "mail": mail_shown(here, job, published),
        "chips": chips(everybody, wanted),
        "total": len(everybody),
        "erased": count_erased(database(), job),
        "invited": shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE],
        "asking": [each for each in everybody if asks(each)],
        "asks": asks,
        "tones": TONES,
        "wanted": wanted,
        "page": page,
        "pages": pages,
        "imported": imported,
        "usual": field_moment(moment() + USUAL_WINDOW),
        "days": USUAL_WINDOW.days,
        "now": moment(),
    }


def obstacle(job: HiringJob, published: BlueprintRow | None) -> str:
    """Why nobody can be invited just now."""
    if job.closed_at is not None:
        return "This job is closed, so nobody more can be invited to it. Who was invited keeps their time."
    try:
        ready(published)
    except Conflict as refused:
        return refused.sentence
    return ""


def mail_shown(here: Seat, job: HiringJob, published: BlueprintRow | None) -> Message | None:
    if published is None or obstacle(job, published):
        return None
    return mail_as_written(database(), house().settings.base_url, here, job, published, moment())


def chips(everybody: Sequence[Invited], wanted: str) -> list[tuple[str, str, int, bool]]:
    """Value, text, how many, whether it is the one that is looked at."""
    count = Counter(each.state.state for each in everybody)
    some = [(state.value, state.value.capitalize(), count[state], wanted == state) for state in State if count[state]]
    return [("", "All", len(everybody), wanted not in set(State)), *some]


def asks(invited: Invited) -> bool:
    """Waits for an answer to a request for an adjustment."""
    candidate = invited.candidate
    return bool(candidate.adjustment and not candidate.adjustment_answer) and invited.state.is_open


def field_moment(value: datetime) -> str:
    """As a field for date and time has it."""
    return f"{value:%Y-%m-%dT%H:%M}"
