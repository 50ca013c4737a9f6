"""The list of exercises: filters in the address, and remembered for the next visit."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.bank import labels
from server.bank.filters import WORDS, Filters, read_filters
from server.bank.search import (
    Found,
    FoundExercise,
    count_listed,
    count_solved,
    counts_of_each_alone,
    counts_without_each,
    find_exercises,
)
from server.web.door import database, moment, person
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
    found = find_exercises(database(), filters, person_id, _page_number())
    return page(
        "candidates/bank.html",
        filters=filters,
        found=found,
        rows=[_row(row) for row in found.rows],
        chips=_chips(filters, found),
        selects=_selects(filters),
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


def _page_number() -> int:
    text = request.args.get("page", "1")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: str
    anything: str
    groups: dict[str, list[tuple[str, str]]]  # group -> options (value, text); one group without a name for plain selects
    chosen: str


def _selects(filters: Filters) -> list[Select]:
    areas = {area: [(topic, labels.TOPICS[topic]) for topic in topics] for area, topics in labels.topics_by_area().items()}
    return [
        Select("topic", "Topic", "Any topic", areas, filters.topic),
        _plain_select("level", "Level", "Any level", filters),
        _plain_select("minutes", "Time", "Any length", filters),
        _plain_select("role", "Role", "Any role", filters),
        _plain_select("state", "My state", "Any", filters),
    ]


def _plain_select(name: str, label: str, anything: str, filters: Filters) -> Select:
    return Select(name, label, anything, {"": list(WORDS[name].items())}, str(getattr(filters, name)))


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    count: int
    filters: Filters
    current: bool


def _chips(filters: Filters, found: Found) -> list[Chip]:
    everything = Chip("All kinds", sum(found.by_kind.values()), filters.without("kind"), not filters.kind)
    kinds = [
        Chip(text, found.by_kind.get(kind, 0), filters.asking("kind", kind), filters.kind == kind)
        for kind, text in labels.KINDS.items()
    ]
    return [everything, *kinds]


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
    first, *others = [labels.TOPICS.get(topic, topic) for topic in row.topics]
    topics = join_words([first, *map(labels.inside_a_sentence, others)])
    return {
        "slug": row.slug,
        "title": row.title,
        "about": f"{topics}, for {_roles(row.roles)}",
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
