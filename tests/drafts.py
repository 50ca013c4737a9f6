"""Drafts of blueprints for tests: a job with must-haves, its first draft, and one that nothing keeps from being published."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlmodel import Session, SQLModel, create_engine, select

from server.assessments.blueprints.job_openings import Wording, open_job, sort_skills
from server.assessments.blueprints.needs import NeedWording, add_need, remove_need
from server.assessments.blueprints.policies import Policies
from server.assessments.blueprints.versions import choose_exercise, draft_blueprint, mark_previewed, needs_of, set_policies
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.teams.seats import Seat
from server.bank.load import load_bundled
from server.bank.tables import Exercise
from server.files import exercises_folder
from server.workspaces.open import open_workspace

BANK = [SQLModel.metadata.tables[name] for name in ("exercises", "exercise_topics", "exercise_roles", "exercise_versions")]
CODING, THEORY, PAST = "softmax-cross-entropy-stable", "explain-overfitting-to-a-pm", "tradeoff-table-own-work"
MUSTS = ("Python", "machine learning", "statistics")
ARRAYS = NeedWording("coding", ("arrays",), 2, 30, 70, "Reads well, no help needed")
METRICS = NeedWording("theory", ("metrics",), 1, 10, 60, "Explains it to somebody who is no engineer", "machine learning")
USUAL = Policies(90, "disclosed", 7, 14, 2, False, "Six people who forecast demand.", "dana@example.org")


@cache
def loaded_bank(now: datetime) -> dict[str, list[dict[str, Any]]]:
    """The rows of the bundled bank, by table; read once in a run of tests, because that takes more than a second."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as session:
        load_bundled(session, exercises_folder(), now)
        return {table.name: [dict(row._mapping) for row in session.execute(table.select())] for table in BANK}


def fill_bank(session: Session, now: datetime) -> None:
    if session.exec(select(Exercise)).first() is None:
        for table in BANK:
            session.execute(table.insert(), loaded_bank(now)[table.name])


def job_with_musts(session: Session, seat: Seat, now: datetime) -> HiringJob:
    made = open_job(session, seat, Wording("ML engineer, forecasting", "", "ml_engineer"), now)
    sort_skills(session, seat, made, MUSTS, [], now)
    return made


def ready_draft(session: Session, seat: Seat, job: HiringJob, now: datetime) -> BlueprintRow:
    """One strength, one floor, three exercises; previewed."""
    fill_bank(session, now)
    draft = draft_blueprint(session, seat, job, now)
    for rows in needs_of(session, draft):
        for row in rows:
            remove_need(session, seat, job, draft, row.id, now)
    add_need(session, seat, job, draft, ARRAYS, now, floor=False)
    add_need(session, seat, job, draft, METRICS, now, floor=True)
    for slug in (CODING, THEORY, PAST):
        choose_exercise(session, seat, job, draft, slug, now)
    set_policies(session, seat, job, draft, USUAL, now)
    mark_previewed(session, draft, now)
    session.flush()
    return draft


def practise(session: Session, person_id: str, slug: str, now: datetime) -> None:
    """Somebody opens an exercise of the bank for themselves."""
    digest = session.get_one(Exercise, slug).digest
    open_workspace(session, person_id, slug, digest, cells=[], seed=1, values={}, now=now)
