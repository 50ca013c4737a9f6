"""Finding exercises: two queries for a page, whatever is asked for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, case, column, false, func, literal, null, select, table
from sqlmodel import Session, SQLModel

from server.bank.filters import Filters
from server.bank.tables import Exercise
from server.bank.text import words_of
from server.database.columns import Moment
from server.database.contains import contains

PAGE_SIZE = 25
LISTED_COLUMNS = ("slug", "title", "summary", "kind", "level", "minutes", "topics", "roles", "questions")

EXERCISES = SQLModel.metadata.tables["exercises"]
TOPICS = SQLModel.metadata.tables["exercise_topics"]
ROLES = SQLModel.metadata.tables["exercise_roles"]
# The practice domain's table, by name: this domain lies below it.
PROGRESS = table(
    "progress", column("person_id", String), column("exercise_slug", String), column("state", String), column("solved_at", Moment)
)


@dataclass(frozen=True, slots=True)
class FoundExercise:
    slug: str
    title: str
    summary: str
    kind: str
    level: int
    minutes: int
    topics: list[str]
    roles: list[str]
    checks: int
    questions: int
    state: str  # new, tried or solved
    solved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Found:
    rows: list[FoundExercise]
    total: int
    by_kind: dict[str, int]  # what each kind would bring, the other filters kept
    page: int
    pages: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def find_exercises(session: Session, filters: Filters, person_id: str | None = None, page: int = 1) -> Found:
    by_kind = _count_by_kind(session, filters, person_id)
    total = by_kind.get(filters.kind, 0) if filters.kind else sum(by_kind.values())
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(page, 1), pages)
    rows = _rows(session, filters, person_id, page) if total else []
    return Found(rows, total, by_kind, page, pages)


def counts_without_each(session: Session, filters: Filters, person_id: str | None = None) -> dict[str, int]:
    """For an empty result: how many exercises dropping one filter would bring, for each that would help."""
    return _helpful({name: _count(session, filters.without(name), person_id) for name in filters.active})


def counts_of_each_alone(session: Session, filters: Filters, person_id: str | None = None) -> dict[str, int]:
    """When dropping one does not help: how many exercises each filter alone would bring."""
    return _helpful({name: _count(session, filters.alone(name), person_id) for name in filters.active})


def _helpful(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}


def _count(session: Session, filters: Filters, person_id: str | None) -> int:
    query = _narrowed(select(func.count()).select_from(EXERCISES), filters, person_id)
    return int(session.execute(query).scalar_one())


def count_listed(session: Session) -> int:
    listed = select(func.count()).select_from(EXERCISES).where(EXERCISES.c.retired_at.is_(None))
    return int(session.execute(listed).scalar_one())


def count_solved(session: Session, person_id: str) -> int:
    """Of the exercises that are listed now."""
    mine = (PROGRESS.c.person_id == person_id, PROGRESS.c.state == "solved")
    joined = select(func.count()).select_from(PROGRESS).join(EXERCISES, PROGRESS.c.exercise_slug == EXERCISES.c.slug)
    return int(session.execute(joined.where(*mine, EXERCISES.c.retired_at.is_(None))).scalar_one())


def one_to_try(session: Session, slug: str, kind: str) -> Exercise | None:
    """The named exercise; if it is not listed here, the easiest and shortest of the kind."""
    listed = select(Exercise).where(EXERCISES.c.retired_at.is_(None), EXERCISES.c.kind == kind)
    named_first = case((EXERCISES.c.slug == slug, 0), else_=1)
    return session.execute(listed.order_by(named_first, *_plain_order()).limit(1)).scalars().first()


def _count_by_kind(session: Session, filters: Filters, person_id: str | None) -> dict[str, int]:
    grouped = select(EXERCISES.c.kind, func.count().label("number")).group_by(EXERCISES.c.kind)
    found = session.execute(_narrowed(grouped, filters.without("kind"), person_id))
    return {row.kind: row.number for row in found}


def _rows(session: Session, filters: Filters, person_id: str | None, page: int) -> list[FoundExercise]:
    query = select(*_columns(person_id)).select_from(EXERCISES)
    if person_id is not None:
        mine = and_(PROGRESS.c.exercise_slug == EXERCISES.c.slug, PROGRESS.c.person_id == person_id)
        query = query.outerjoin(PROGRESS, mine)
    query = _narrowed(query, filters, person_id).order_by(*_order(filters))
    found = session.execute(query.limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return [FoundExercise(**row._mapping) for row in found]


def _columns(person_id: str | None) -> list[ColumnElement[Any]]:
    plain = [EXERCISES.c[name] for name in LISTED_COLUMNS]
    checks = (EXERCISES.c.checks_visible + EXERCISES.c.checks_hidden).label("checks")
    if person_id is None:
        return [*plain, checks, literal("new").label("state"), null().label("solved_at")]
    return [*plain, checks, func.coalesce(PROGRESS.c.state, "new").label("state"), PROGRESS.c.solved_at]


def _narrowed(query: Select[Any], filters: Filters, person_id: str | None) -> Select[Any]:
    query = query.where(EXERCISES.c.retired_at.is_(None), *_conditions(filters))
    if not filters.state:
        return query
    if person_id is None:
        return query if filters.state == "new" else query.where(false())
    mine = select(PROGRESS.c.exercise_slug).where(PROGRESS.c.person_id == person_id)
    if filters.state == "new":
        return query.where(EXERCISES.c.slug.not_in(mine))
    return query.where(EXERCISES.c.slug.in_(mine.where(PROGRESS.c.state == filters.state)))


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [contains(EXERCISES.c.search_text, word) for word in words_of(filters.q)]
    if filters.kind:
        conditions.append(EXERCISES.c.kind == filters.kind)
    if filters.level:
        conditions.append(EXERCISES.c.level == filters.level)
    if filters.minutes:
        conditions.append(EXERCISES.c.minutes <= filters.minutes)
    if filters.topic:
        conditions.append(EXERCISES.c.slug.in_(select(TOPICS.c.slug).where(TOPICS.c.topic == filters.topic)))
    if filters.role:
        conditions.append(EXERCISES.c.slug.in_(select(ROLES.c.slug).where(ROLES.c.role == filters.role)))
    return conditions


def _order(filters: Filters) -> list[ColumnElement[Any]]:
    """What is asked for in the title first; then the easiest, then the shortest."""
    titled = [contains(func.lower(EXERCISES.c.title), word) for word in words_of(filters.q)]
    in_title = [case((and_(*titled), 0), else_=1)] if titled else []
    return [*in_title, *_plain_order()]


def _plain_order() -> list[ColumnElement[Any]]:
    return [EXERCISES.c.level, EXERCISES.c.minutes, EXERCISES.c.title, EXERCISES.c.slug]
