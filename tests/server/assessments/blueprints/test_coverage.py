"""A blueprint read as a whole: what shows what, what is open, which exercises would help."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.assessments.blueprints.blueprint import Task
from server.assessments.blueprints.coverage import coverage, facts_of, read_whole, suggest, task_of
from server.assessments.blueprints.job_openings import Wording, open_job, sort_skills
from server.assessments.blueprints.needs import add_need
from server.assessments.blueprints.versions import choose_exercise, draft_blueprint, drop_exercise, needs_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.incidents import Quarantine
from server.assessments.teams.seats import Seat
from server.bank.tables import Exercise, ExerciseVersion
from server.errors import NotFound
from tests import rounds
from tests.drafts import ARRAYS, CODING, THEORY

HOUR = timedelta(hours=1)


def codes(session: Session, job: HiringJob, blueprint: BlueprintRow) -> list[str]:
    return [problem.code for problem in read_whole(session, job, blueprint).problems if problem.blocks]


def test_an_exercise_is_seen_as_the_bank_has_it(session: Session, ready: BlueprintRow) -> None:
    assert task_of(session, CODING) == Task(CODING, "coding", ("arrays", "optimisation"), 2, 25)
    with pytest.raises(NotFound):
        task_of(session, "no-such-exercise")


def test_nothing_blocks_what_is_ready(session: Session, job: HiringJob, ready: BlueprintRow) -> None:
    whole = read_whole(session, job, ready)
    assert [(problem.code, problem.blocks) for problem in whole.problems] == [("public-floor", False)]
    assert whole.kinds == ["theory", "coding", "projects"]
    assert [(line.good, line.text) for line in coverage(whole)] == [
        (True, "1 of 1 strength shown by an exercise"),
        (True, "1 of 1 floor shown by an exercise"),
        (False, "2 of 3 must-haves have evidence: nothing shows statistics"),
        (True, "No skill is measured three times"),
        (False, "The floor for theory on metrics rests on one exercise"),
    ]


def test_the_role_that_a_blanket_title_stands_for_is_the_one_that_counts(session: Session, owner: Seat, moment: datetime) -> None:
    job = open_job(session, owner, Wording("Data scientist", "", "data_scientist", "devops_engineer"), moment)
    assert "no-debugging" in codes(session, job, draft_blueprint(session, owner, job, moment))


def test_a_floor_whose_must_is_one_no_more_has_to_name_another(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    sort_skills(session, owner, job, ["Python"], [], moment)
    assert codes(session, job, ready) == ["no-must"]
    sort_skills(session, owner, job, [], [], moment)
    assert codes(session, job, ready) == []


def test_an_exercise_that_left_the_bank_or_was_taken_out_of_use_blocks(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    row = session.get_one(Exercise, CODING)
    row.retired_at = moment
    away = Quarantine(team_id=owner.team.id, exercise_slug=THEORY, reason="Leaked", by=owner.member.person_id, at=moment)
    session.add_all([row, away])
    session.flush()
    found = {problem.code: problem.text for problem in read_whole(session, job, ready).problems if problem.blocks}
    assert list(found) == ["gone", "quarantined"]
    assert row.title in found["gone"]
    away.lifted_at = moment
    session.flush()
    assert codes(session, job, ready) == ["gone"]


def test_what_another_team_took_out_of_use_is_of_no_concern(
    session: Session, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    other = rounds.make_round(session, moment, name="Others")
    session.add(Quarantine(team_id=other.team.id, exercise_slug=CODING, reason="Leaked", by="somebody", at=moment))
    session.flush()
    assert codes(session, job, ready) == []


def test_an_exercise_that_changed_after_the_preview_asks_for_another_one(
    session: Session, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    row = session.get_one(Exercise, CODING)
    old = session.get_one(ExerciseVersion, (CODING, row.digest))
    session.add(ExerciseVersion(**{**old.model_dump(), "digest": "another", "created_at": moment + HOUR}))
    row.digest = "another"
    session.add(row)
    session.flush()
    assert codes(session, job, ready) == ["not-previewed"]


def test_a_frozen_exercise_is_read_in_its_own_version(session: Session, ready: BlueprintRow, moment: datetime) -> None:
    row = session.get_one(Exercise, CODING)
    digest = row.digest
    title = row.title
    row.digest, row.title, row.retired_at = "newer", "Another title", moment
    session.add(row)
    session.flush()
    (fact,) = facts_of(session, [{"slug": CODING, "digest": digest}])
    assert (fact.title, fact.digest, fact.listed) == (title, digest, True)


def test_what_would_help_is_suggested_for_open_needs_only(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    assert suggest(session, ready) == []
    add_need(session, owner, job, ready, replace(ARRAYS, topics=("sql", "testing"), minutes=20), moment, floor=False)
    add_need(session, owner, job, ready, replace(ARRAYS, kind="takehome", topics=("vision",)), moment, floor=False)
    drop_exercise(session, owner, job, ready, THEORY, moment)
    suggestions = suggest(session, ready)
    assert [(each.need.kind, [fact.slug for fact in each.facts]) for each in suggestions] == [
        ("coding", ["sql-first-repeat-purchase", "write-tests-for-a-splitter"]),
        ("takehome", []),
        ("theory", [THEORY]),
    ]
    away = Quarantine(team_id=owner.team.id, exercise_slug=THEORY, reason="Leaked", by=owner.member.person_id, at=moment)
    session.add(away)
    session.flush()
    assert suggest(session, ready)[-1].facts == ()


def test_every_exercise_that_is_suggested_shows_the_need(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> None:
    draft = draft_blueprint(session, owner, job, moment)
    suggestions = suggest(session, draft)
    assert [each.need.id for each in suggestions] == [row.id for rows in needs_of(session, draft) for row in rows]
    for suggestion in suggestions:
        for fact in suggestion.facts:
            if fact.slug not in [task["slug"] for task in draft.tasks]:
                choose_exercise(session, owner, job, draft, fact.slug, moment)
    assert suggest(session, draft) == []
