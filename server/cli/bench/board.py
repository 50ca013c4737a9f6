"""Times of the board and of decision sheets over HTTP: a real server, a round with many candidates who are graded and marked."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import insert
from sqlmodel import Session

from server import clock
from server.accounts.guests import become_guest
from server.accounts.tables import Person
from server.assessments.marking.rubrics import RubricLine, lines_of
from server.assessments.sittings.courses import seat_candidate
from server.assessments.sittings.sitting import Drawn, hand_in_sitting, start_sitting, tasks_of
from server.assessments.tables.blueprints import BlueprintRow, NeedRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Mark, Marking
from server.assessments.tables.sittings import BY_CANDIDATE, Outage, Sitting
from server.assessments.tables.teams import Member
from server.assessments.teams.rights import Role
from server.bank.load import load_bundled
from server.bank.versions import exercise_version, newest_digest
from server.cli.bench.figures import milliseconds
from server.cli.bench.pages import WARM_UP, cookie_of, page_times
from server.cli.bench.round import published_blueprint
from server.cli.bench.site import serving, site_environment
from server.database.migrate import upgrade
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Short
from server.files import exercises_folder
from server.grading.outcome import Grade, Outcome, State
from server.grading.results import store_result
from server.grading.tables import Submission
from server.settings import read_settings
from server.wiring import open_house

EXERCISES = ("softmax-cross-entropy-stable", "frame-a-support-ticket-router", "explain-overfitting-to-a-pm")
NEEDS = (("coding", False, 0.7), ("applied", False, 0.7), ("theory", True, 0.5), ("coding", True, 0.5))
MARKERS = 2
SHEETS = 100  # decision sheets that are looked at in turn


@dataclass(frozen=True, slots=True)
class Filled:
    """A round: the address of its job, its sittings, and the token of its owner's session."""

    root: str
    sittings: tuple[str, ...]
    token: str


def measure_board(candidates: int, requests: int, database_url: str | None = None) -> dict[str, object]:
    """p50 and p95 of each page in milliseconds, one request after the other, and how long the very first board took."""
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as folder:
        own = {"WORKERS": 0, **({"DATABASE_URL": database_url} if database_url else {})}  # results are there already
        environ = site_environment(Path(folder), **own)
        settings = read_settings(environ)
        house = open_house(settings)
        upgrade(house.engine)
        with house.sessions() as session:
            filled = fill_round(session, candidates, clock.now())
        cookie = cookie_of(house, filled.token)
        house.engine.dispose()
        with serving(environ, settings):
            pages = {
                "board": [f"{filled.root}/board"],
                "board_filtered": [f"{filled.root}/board?group=below&numbers=1"],
                "board_last_page": [f"{filled.root}/board?page=9999"],
                "decision_sheet": [f"{filled.root}/sittings/{sitting}" for sitting in filled.sittings[:SHEETS]],
            }
            times = {name: page_times(settings, paths, cookie, requests) for name, paths in pages.items()}
    figures = {name: milliseconds(found[WARM_UP:]) for name, found in times.items()}
    first = round(times["board"][0] * 1e3, 1)
    return {"candidates": candidates, "requests": requests, "goal_p95_ms": 100, "first_board_ms": first, **figures}


def fill_round(session: Session, count: int, now: datetime) -> Filled:
    """Every candidate has sat the take-home and is graded; nine of ten are marked. Commits."""
    chance, began = random.Random(0), now - timedelta(days=1)
    load_bundled(session, exercises_folder(), began)
    owner, token = become_guest(session, now)
    owner.email, owner.name = "dana@example.org", "Dana"
    blueprint = _round(session, owner, began)
    drawn = [_drawn(session, slug) for slug in EXERCISES]
    sittings = []
    for number in range(count):
        sitting = _sit(session, blueprint, drawn, number, began)
        _grade(session, sitting, drawn, chance, began)
        sittings.append(sitting.id)
        if number % 100 == 99:
            session.commit()
    _mark(session, blueprint, sittings[: count * 9 // 10], chance, began)
    session.add(Outage(since=began + timedelta(minutes=5), until=began + timedelta(minutes=7)))
    session.commit()
    return Filled(f"/teams/{blueprint.team_id}/jobs/{blueprint.job_id}", tuple(sittings), token)


def _round(session: Session, owner: Person, now: datetime) -> BlueprintRow:
    blueprint = published_blueprint(session, owner, EXERCISES, 120, MARKERS, now)
    for position, (kind, floor, share) in enumerate(NEEDS):
        terms = NeedRow(
            blueprint_id=blueprint.id,
            position=position,
            floor=floor,
            kind=kind,
            minutes=30,
            level=1,
            share=share,
            written_at=now,
        )
        session.add(terms)
    session.flush()
    return blueprint


def _drawn(session: Session, slug: str) -> Drawn:
    digest = newest_digest(session, slug)
    return Drawn(exercise_version(session, slug, digest), digest, 7, {})


def _sit(session: Session, blueprint: BlueprintRow, drawn: Sequence[Drawn], number: int, now: datetime) -> Sitting:
    hidden = Person(created_at=now)
    session.add(hidden)
    session.flush()
    candidate = Candidate(
        team_id=blueprint.team_id,
        job_id=blueprint.job_id,
        blueprint_id=blueprint.id,
        code=f"Flint {number}",
        name=f"Candidate {number}",
        email=f"candidate-{number}@example.org",
        person_id=hidden.id,
        opens_at=now,
        closes_at=now + timedelta(days=14),
        invited_by=blueprint.created_by,
        created_at=now,
        sent_at=now,
        opened_at=now,
    )
    session.add(candidate)
    session.flush()
    start_sitting(session, candidate, drawn, now)
    seated = seat_candidate(session, candidate)
    assert seated.sitting is not None
    hand_in_sitting(session, seated, BY_CANDIDATE, now + timedelta(minutes=60 + number % 60))
    return seated.sitting


def _grade(session: Session, sitting: Sitting, drawn: Sequence[Drawn], chance: random.Random, now: datetime) -> None:
    share = chance.random()
    for task, each in zip(tasks_of(session, sitting), drawn, strict=True):
        submission = session.get_one(Submission, task.submission_id)
        store_result(session, submission, _result(each.exercise, share, chance), "bench", now)


def _result(exercise: Exercise, share: float, chance: random.Random) -> Grade:
    """As a grader stores it, with a message for each failure."""
    rows = [(check.name, check.hidden, check.points, False) for check in exercise.checks]
    rows += [(each.name, False, each.points, True) for each in exercise.questions if not isinstance(each, Short)]
    outcomes = []
    for name, hidden, points, asked in rows:
        good = chance.random() < share
        state, earned, says = (State.passed, points, "") if good else (State.failed, 0.0, "The values differ in the third row.")
        outcomes.append(Outcome(name, hidden, state, earned, points, says, question=asked))
    written = [each.name for each in exercise.questions if isinstance(each, Short)]
    outcomes += [Outcome(name, False, State.to_mark, 0.0, 0.0, "80 words.", question=True) for name in written]
    points, possible = (sum(getattr(row, name) for row in outcomes) for name in ("points", "possible"))
    return Grade(tuple(outcomes), points, possible, (), (), 1.0, 0.5)


def _mark(session: Session, blueprint: BlueprintRow, sittings: Sequence[str], chance: random.Random, now: datetime) -> None:
    """By two members, at most one level apart."""
    people = [Person(name=f"Marker {number}", created_at=now) for number in range(MARKERS)]
    session.add_all(people)
    session.flush()
    session.add_all(Member(team_id=blueprint.team_id, person_id=one.id, role=Role.reviewer, joined_at=now) for one in people)
    lines: list[RubricLine] = lines_of(session, session.get_one(Sitting, sittings[0]))
    done = {"begun_at": now, "done_at": now, "notes": ""}
    marks = []
    for sitting in sittings:
        for line in lines:
            level = chance.randint(1, 4)
            where = {"sitting_id": sitting, "exercise_slug": line.key.exercise_slug, "question": line.key.question}
            given = {**where, "line": line.key.line, "evidence": "Second sentence.", "at": now}
            marks += [{**given, "person_id": one.id, "level": level + place} for place, one in enumerate(people)]
    session.execute(insert(Marking), [{"sitting_id": each, "person_id": one.id, **done} for each in sittings for one in people])
    session.execute(insert(Mark), marks)
