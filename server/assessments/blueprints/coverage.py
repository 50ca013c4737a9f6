"""A blueprint as a whole, with what this site knows of its exercises: what shows what, what is still open, what would help."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlmodel import Session, col, func, select

from server.assessments.blueprints.blueprint import SAME_SKILL, Blueprint, Problem, Task, describe, problems
from server.assessments.blueprints.first_draft import shows_skill
from server.assessments.blueprints.real_times import Exposure, exposures, median_minutes
from server.assessments.blueprints.versions import as_need, needs_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.tables.incidents import Quarantine
from server.bank import labels
from server.bank.tables import Exercise, ExerciseTopic, ExerciseVersion
from server.bank.versions import exercise_version, listed_exercise

MOST_SUGGESTED, MOST_COMPARED = 3, 50


@dataclass(frozen=True, slots=True)
class Fact:
    """An exercise of a blueprint. `digest`: of the version that was frozen, or that is listed now; `since`: when it came here."""

    title: str
    task: Task
    digest: str
    since: datetime
    exposure: Exposure
    listed: bool = True

    @property
    def slug(self) -> str:
        return self.task.slug


@dataclass(frozen=True, slots=True)
class Line:
    """Of the list of what is covered."""

    good: bool
    text: str


@dataclass(frozen=True, slots=True)
class Whole:
    """A version of a blueprint, read."""

    row: BlueprintRow
    role: str
    musts: tuple[str, ...]
    strengths: tuple[NeedRow, ...]
    floors: tuple[NeedRow, ...]
    facts: tuple[Fact, ...]
    quarantined: frozenset[str] = frozenset()  # slugs

    @property
    def needs(self) -> tuple[NeedRow, ...]:
        return (*self.strengths, *self.floors)

    @property
    def blueprint(self) -> Blueprint:
        """As the rules see it."""
        unfounded = [row for row in self.floors if self.musts and row.must not in self.musts]
        return Blueprint(
            role=self.role,
            strengths=tuple(map(as_need, self.strengths)),
            floors=tuple(map(as_need, self.floors)),
            tasks=tuple(fact.task for fact in self.facts),
            stated_minutes=self.row.stated_minutes,
            changed=max([self.row.changed_at, *(fact.since for fact in self.facts)]),
            previewed=self.row.previewed_at,
            unfounded=tuple(map(as_need, unfounded)),
            gone=tuple(fact.title for fact in self.facts if not fact.listed),
            quarantined=tuple(fact.title for fact in self.facts if fact.slug in self.quarantined),
            has_contact=bool(self.row.contact),
            has_about=bool(self.row.about),
        )

    @property
    def problems(self) -> list[Problem]:
        return problems(self.blueprint)

    def showing(self, need: NeedRow) -> list[Fact]:
        return [fact for fact in self.facts if fact.task.shows(as_need(need))]

    @property
    def kinds(self) -> list[str]:
        used = {fact.task.kind for fact in self.facts}
        return [kind for kind in labels.KINDS if kind in used]


def read_whole(session: Session, job: HiringJob, blueprint: BlueprintRow) -> Whole:
    strengths, floors = needs_of(session, blueprint)
    facts = facts_of(session, blueprint.tasks)
    role = job.composed_of or job.role
    return Whole(
        row=blueprint,
        role=role,
        musts=tuple(job.musts),
        strengths=tuple(strengths),
        floors=tuple(floors),
        facts=tuple(facts),
        quarantined=frozenset(_quarantined(session, blueprint.team_id)),
    )


def _quarantined(session: Session, team_id: str) -> list[str]:
    wanted = select(Quarantine.exercise_slug).where(Quarantine.team_id == team_id, col(Quarantine.lifted_at).is_(None))
    return list(session.exec(wanted))


def task_of(session: Session, slug: str) -> Task:
    """An exercise of the bank, as a blueprint sees it. Raises NotFound."""
    listed_exercise(session, slug)
    return facts_of(session, [{"slug": slug}])[0].task


def facts_of(session: Session, tasks: Sequence[Mapping[str, str]]) -> list[Fact]:
    """In their order; of the version that was frozen, else of the one in the bank."""
    slugs = [task["slug"] for task in tasks]
    rows = {row.slug: row for row in session.exec(select(Exercise).where(col(Exercise.slug).in_(slugs)))}
    versions = select(ExerciseVersion.slug, ExerciseVersion.digest, ExerciseVersion.created_at)
    since = {(slug, digest): at for slug, digest, at in session.exec(versions.where(col(ExerciseVersion.slug).in_(slugs)))}
    medians, seen = median_minutes(session, slugs), exposures(session, slugs)
    found = []
    for task in tasks:
        row, frozen = rows[task["slug"]], task.get("digest", "")
        digest = frozen or row.digest
        as_task = _task(session, row.slug, digest, medians.get(row.slug))
        title = exercise_version(session, row.slug, digest).front.title
        listed = bool(frozen) or row.retired_at is None
        found.append(Fact(title, as_task, digest, since[row.slug, digest], seen[row.slug], listed))
    return found


def _task(session: Session, slug: str, digest: str, median: int | None) -> Task:
    """The exercises of the bank are shipped with the product, which proves each of them before."""
    front = exercise_version(session, slug, digest).front
    return Task(slug, front.kind, front.topics, front.level, front.minutes, median, public=front.exposure == "public")


def coverage(whole: Whole) -> list[Line]:
    """What is shown and what rests on little, in words."""
    return [*_shown(whole), *_measured_often(whole), *_thin_floors(whole)]


def _shown(whole: Whole) -> Iterator[Line]:
    for name, rows in (("strength", whole.strengths), ("floor", whole.floors)):
        count = sum(bool(whole.showing(row)) for row in rows)
        if rows:
            yield Line(count == len(rows), f"{count} of {len(rows)} {name}{'s' if len(rows) > 1 else ''} shown by an exercise")
    missing = [must for must in whole.musts if not _has_evidence(whole, must)]
    if whole.musts:
        about = f": nothing shows {', '.join(missing)}" if missing else ""
        yield Line(not missing, f"{len(whole.musts) - len(missing)} of {len(whole.musts)} must-haves have evidence{about}")


def _has_evidence(whole: Whole, must: str) -> bool:
    """By a floor that names it, or by an exercise about it."""
    by_floor = any(row.must == must and whole.showing(row) for row in whole.floors)
    return by_floor or any(shows_skill(must, fact.task.kind, fact.task.topics) for fact in whole.facts)


def _measured_often(whole: Whole) -> Iterator[Line]:
    if whole.facts and not any(problem.code == "same-skill" for problem in whole.problems):
        yield Line(True, f"No skill is measured {'three' if SAME_SKILL == 3 else SAME_SKILL} times")
    for problem in whole.problems:
        if problem.code == "same-skill":
            yield Line(False, problem.text)


def _thin_floors(whole: Whole) -> Iterator[Line]:
    for row in whole.floors:
        if len(whole.showing(row)) == 1:
            yield Line(False, f"The floor for {describe(row.kind, row.topics)} rests on one exercise")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A need that nothing shows yet, and exercises of the bank that would; none when the bank has none."""

    need: NeedRow
    facts: tuple[Fact, ...]


def suggest(session: Session, blueprint: BlueprintRow) -> list[Suggestion]:
    """For each need that is still open: those on most of its topics, then those nearest to its minutes, then the least seen."""
    strengths, floors = needs_of(session, blueprint)
    tasks = [fact.task for fact in facts_of(session, blueprint.tasks)]
    still_open = [row for row in (*strengths, *floors) if not any(task.shows(as_need(row)) for task in tasks)]
    taken = [*(task.slug for task in tasks), *_quarantined(session, blueprint.team_id)]
    fitting = [_fitting(session, row, taken) for row in still_open]
    seen = exposures(session, [row.slug for rows in fitting for row in rows])
    best = [_best(row, rows, seen) for row, rows in zip(still_open, fitting, strict=True)]
    facts = {fact.slug: fact for fact in facts_of(session, [{"slug": slug} for slug in sorted(set(chain(*best)))])}
    return [Suggestion(row, tuple(facts[slug] for slug in slugs)) for row, slugs in zip(still_open, best, strict=True)]


def _fitting(session: Session, need: NeedRow, taken: Sequence[str]) -> Sequence[Exercise]:
    """Exercises of the bank that would show it, those of about its length."""
    wanted = select(Exercise).where(
        col(Exercise.retired_at).is_(None),
        Exercise.kind == need.kind,
        Exercise.level >= need.level,
        col(Exercise.slug).not_in(taken),
    )
    if need.topics:
        about = select(ExerciseTopic.slug).where(col(ExerciseTopic.topic).in_(need.topics))
        wanted = wanted.where(col(Exercise.slug).in_(about))
    near = func.abs(Exercise.minutes - need.minutes)
    return session.exec(wanted.order_by(near, col(Exercise.slug)).limit(MOST_COMPARED)).all()


def _best(need: NeedRow, rows: Sequence[Exercise], seen: Mapping[str, Exposure]) -> list[str]:
    def rank(row: Exercise) -> tuple[int, int, int]:
        return -len(set(row.topics) & set(need.topics)), abs(row.minutes - need.minutes), seen[row.slug].people

    return [row.slug for row in sorted(rows, key=rank)[:MOST_SUGGESTED]]
