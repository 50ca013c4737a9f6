"""Publishing: refused with every problem that blocks, then frozen for good; the version before is replaced and kept."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from server.assessments.blueprints.job_openings import close_job
from server.assessments.blueprints.needs import add_need, change_need, put_back_need, remove_need
from server.assessments.blueprints.publishing import publish_blueprint
from server.assessments.blueprints.versions import (
    DRAFT,
    PUBLISHED,
    REPLACED,
    choose_exercise,
    draft_blueprint,
    drop_exercise,
    list_versions,
    mark_previewed,
    move_exercise,
    needs_of,
    published_of,
    set_policies,
)
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.bank.tables import Exercise
from server.database.engine import session_factory
from server.errors import Conflict, NotAllowed, Refusal
from tests import drafts, rounds

HOUR = timedelta(hours=1)


def test_every_problem_that_blocks_is_told_at_once(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> None:
    draft = draft_blueprint(session, owner, job, moment)
    with pytest.raises(Conflict) as refused:
        publish_blueprint(session, owner, job, draft, moment + HOUR)
    assert refused.value.code == "not_ready"
    for told in ("Choose exercises that show", "Say whom candidates can ask", "Sit it yourself"):
        assert told in refused.value.sentence
    assert (draft.state, draft.changed_at) == (DRAFT, moment)


def test_what_is_published_is_frozen_with_the_exercises_as_they_are(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    publish_blueprint(session, owner, job, ready, moment + HOUR)
    assert (ready.state, ready.published_at, ready.changed_at) == (PUBLISHED, moment + HOUR, moment)
    assert [task["slug"] for task in ready.tasks] == [drafts.CODING, drafts.THEORY, drafts.PAST]
    assert [task["digest"] for task in ready.tasks] == [session.get_one(Exercise, task["slug"]).digest for task in ready.tasks]
    assert published_of(session, job) is ready
    entry = entries(session, f"team:{owner.team.id}")[-1]
    assert (entry.act, entry.details) == ("blueprint.publish", {"blueprint": ready.id, "version": 1})


def test_nothing_changes_what_is_published(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    need = needs_of(session, ready)[0][0].id
    gone = add_need(session, owner, job, ready, drafts.ARRAYS, moment, floor=False).id
    remove_need(session, owner, job, ready, gone, moment)
    publish_blueprint(session, owner, job, ready, moment + HOUR)
    session.flush()
    before = (ready.model_dump(), [row.model_dump() for rows in needs_of(session, ready) for row in rows])
    for act in (
        lambda: add_need(session, owner, job, ready, drafts.ARRAYS, moment, floor=False),
        lambda: change_need(session, owner, job, ready, need, drafts.METRICS, moment),
        lambda: remove_need(session, owner, job, ready, need, moment),
        lambda: put_back_need(session, owner, job, ready, gone, moment),
        lambda: choose_exercise(session, owner, job, ready, rounds.MARKED, moment),
        lambda: drop_exercise(session, owner, job, ready, drafts.CODING, moment),
        lambda: move_exercise(session, owner, job, ready, drafts.CODING, 1, moment),
        lambda: set_policies(session, owner, job, ready, drafts.USUAL, moment),
        lambda: publish_blueprint(session, owner, job, ready, moment),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert refused.value.code == "published"
    session.expire_all()
    session.refresh(ready)
    assert (ready.model_dump(), [row.model_dump() for rows in needs_of(session, ready) for row in rows]) == before


def test_the_version_before_is_replaced_and_stays_to_be_read(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    publish_blueprint(session, owner, job, ready, moment)
    first = dict(ready.tasks[0])
    second = draft_blueprint(session, owner, job, moment + HOUR)
    assert published_of(session, job) is ready
    drop_exercise(session, owner, job, second, drafts.PAST, moment + HOUR)
    mark_previewed(session, second, moment + HOUR)
    publish_blueprint(session, owner, job, second, moment + 2 * HOUR)
    session.refresh(ready)
    assert [(row.version, row.state) for row in list_versions(session, job)] == [(2, PUBLISHED), (1, REPLACED)]
    assert ready.tasks[0] == first
    assert len(needs_of(session, ready)[0]) == 1
    assert session.exec(select(BlueprintRow).where(BlueprintRow.state == PUBLISHED, BlueprintRow.job_id != job.id)).one()


def test_a_change_after_the_preview_asks_for_another_one(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    move_exercise(session, owner, job, ready, drafts.CODING, 1, moment + HOUR)
    with pytest.raises(Conflict, match="Sit it yourself"):
        publish_blueprint(session, owner, job, ready, moment + HOUR)
    mark_previewed(session, ready, moment + HOUR)
    mark_previewed(session, ready, moment)  # an earlier preview that was handed in later
    publish_blueprint(session, owner, job, ready, moment + HOUR)
    assert ready.state == PUBLISHED


def test_who_may_not_hire_publishes_nothing_and_neither_does_a_closed_job(
    session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    auditor = rounds.join(session, owner.team, Role.auditor, moment)
    with pytest.raises(NotAllowed):
        publish_blueprint(session, auditor, job, ready, moment)
    close_job(session, owner, job, moment)
    with pytest.raises(Conflict, match="closed"):
        publish_blueprint(session, owner, job, ready, moment)


def at_once(engine: Engine, *acts: object) -> list[str]:
    """Each act in a session of its own, let go together; what each came to."""
    gate, told = threading.Barrier(len(acts)), ["" for _ in acts]

    def run(number: int) -> None:
        with session_factory(engine)() as session:
            gate.wait()
            try:
                acts[number](session)  # type: ignore[operator]
                session.commit()
                told[number] = "done"
            except Refusal as refusal:
                told[number] = refusal.code

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def test_of_a_change_and_a_publishing_at_once_neither_is_half_done(
    engine: Engine, session: Session, owner: Seat, job: HiringJob, ready: BlueprintRow, moment: datetime
) -> None:
    session.commit()

    def change(own: Session) -> None:
        add_need(own, owner, job, own.get_one(BlueprintRow, ready.id), drafts.ARRAYS, moment + HOUR, floor=False)

    def publish(own: Session) -> None:
        publish_blueprint(own, owner, job, own.get_one(BlueprintRow, ready.id), moment + HOUR)

    told = at_once(engine, change, publish)
    session.expire_all()
    strengths = len(needs_of(session, ready)[0])
    assert (told, ready.state, strengths) in (
        (["done", "not_ready"], DRAFT, 2),  # the change came first, so that another preview is asked for
        (["published", "done"], PUBLISHED, 1),
    )


def test_two_who_begin_a_draft_at_once_begin_the_same(
    engine: Engine, session: Session, owner: Seat, job: HiringJob, moment: datetime
) -> None:
    session.commit()
    told = at_once(engine, *[lambda own: draft_blueprint(own, owner, job, moment)] * 4)
    assert told == ["done"] * 4
    (draft,) = list_versions(session, job)
    assert len(session.exec(select(NeedRow).where(NeedRow.blueprint_id == draft.id)).all()) == 5
