"""The list of exercises: filters in the address, and remembered for the next visit."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.bank import labels
from server.bank.filters import Filters, read_filters
from server.bank.search import (
    FoundExercise,
    count_listed,
    count_solved,
    counts_of_each_alone,
    counts_without_each,
    find_exercises,
)
from server.web.door import database, moment, person
from server.web.filter_forms import chips, page_number, plain_select, selects, topics_in_words
from server.web.pages import page
from server.web.wording import join_words, plural

blueprint = Blueprint("bank", __name__)
REMEMBERED = "filters"
MOST_ROLES_NAMED = 2


@blueprint.get("/exercises")
def show() -> ResponseReturnValue:
    if not request.args and cookie.get(REMEMBERED):
        return redirect(address(read_filters(cookie[REMEMBERED])), 302)
    filters = read_filters(request.args)
    _remember(filters)
    return _list(filters)


def _list(filters: Filters) -> ResponseReturnValue:
    someone = person()
    person_id = someone.id if someone else None
    found = find_exercises(database(), filters, person_id, page_number(request.args.get("page", "1")))
    return page(
        "candidates/bank.html",
        filters=filters,
        found=found,
        rows=[_row(row) for row in found.rows],
        chips=chips(filters, found),
        selects=[*selects(filters), plain_select("state", "My state", "Any", filters)],
        listed=count_listed(database()),
        solved=count_solved(database(), person_id) if person_id else None,
        ways_out=_ways_out(filters, person_id) if not found.total else [],
        address=address,
        today=moment(),
    )


def address(filters: Filters, page_number: int = 1) -> str:
    arguments = filters.as_arguments()
    if page_number > 1:
        arguments["page"] = str(page_number)
    return url_for("bank.show", **(arguments or {"all": "1"}))  # type: ignore[arg-type]


def _remember(filters: Filters) -> None:
    """Only what is asked for often is worth it: a search for a word is done once."""
    kept = filters.without("q").as_arguments()
    if cookie.get(REMEMBERED, {}) != kept:
        cookie[REMEMBERED] = kept


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of an empty result."""

    text: str
    filters: Filters
    count: str


def _ways_out(filters: Filters, person_id: str | None) -> list[Way]:
    """Without one of the filters; if none of that helps, with one of them alone."""
    without = counts_without_each(database(), filters, person_id)
    if without or len(filters.active) < 2:
        return [_way("Without", name, filters, filters.without(name), count) for name, count in without.items()]
    alone = counts_of_each_alone(database(), filters, person_id)
    return [_way("Only", name, filters, filters.alone(name), count) for name, count in alone.items()]


def _way(how: str, name: str, asked: Filters, wider: Filters, count: int) -> Way:
    return Way(f"{how} “{asked.words(name)}”", wider, _counted(count, wider))


def _counted(count: int, filters: Filters) -> str:
    kind = f"{labels.KINDS[filters.kind].lower()} " if filters.kind else ""
    return plural(count, f"{kind}exercise")


def _row(row: FoundExercise) -> dict[str, object]:
    return {
        "slug": row.slug,
        "title": row.title,
        "about": f"{topics_in_words(row.topics)}, for {_roles(row.roles)}",
        "kind": f"{labels.KINDS.get(row.kind, row.kind)}, {labels.LEVELS[row.level].lower()}",
        "minutes": row.minutes,
        "parts": join_words(_parts(row)),
        "state": row.state,
        "solved_at": row.solved_at,
    }


def _parts(row: FoundExercise) -> list[str]:
    return [plural(count, word) for count, word in ((row.checks, "check"), (row.questions, "question")) if count]


def _roles(roles: list[str]) -> str:
    if len(roles) == len(labels.ROLES):
        return "every role"
    if len(roles) > MOST_ROLES_NAMED:
        return f"{len(roles)} roles"
    return join_words([labels.inside_a_sentence(labels.ROLES.get(role, role)) for role in roles])
