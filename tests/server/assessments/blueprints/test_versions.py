"""Blueprints of a job: drafted from its role, changed while drafts, frozen when published, kept as versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from server.assessments.blueprints.job_openings import Wording, close_job, opening_of, reword_job
from server.assessments.blueprints.policies import Policies
from server.assessments.blueprints.versions import (
    DRAFT,
    MOST_TASKS,
    PUBLISHED,
    blueprint_of,
    choose_exercise,
    draft_blueprint,
    drop_exercise,
    hold_draft,
    list_versions,
    move_exercise,
    needs_of,
    published_of,
    set_policies,
)
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat, set_profile
from server.audit.log import entries
from server.bank.tables import Exercise
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import drafts, rounds

HOUR = timedelta(hours=1)


@pytest.fixture
def here(session: Session, moment: datetime) -> rounds.Round:
    return rounds.make_round(session, moment)


@pytest.fixture
def owner(here: rounds.Round) -> Seat:
    return here.owner


@pytest.fixture
def job(session: Session, owner: Seat, moment: datetime) -> HiringJob:
    """A job without a blueprint, with three musts."""
    return drafts.job_with_musts(session, owner, moment)


@pytest.fixture
def draft(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> BlueprintRow:
    return draft_blueprint(session, owner, job, moment)


def test_a_first_draft_has_the_needs_of_the_role(session: Session, draft: BlueprintRow, moment: datetime) -> None:
    strengths, floors = needs_of(session, draft)
    assert (draft.version, draft.state, draft.tasks, draft.stated_minutes) == (1, DRAFT, [], 225)
    assert [(row.kind, row.minutes, row.level, row.share) for row in strengths] == [
        ("coding", 60, 2, 0.7), ("debugging", 45, 2, 0.7), ("takehome", 90, 2, 0.7),
    ]  # fmt: skip
    assert [(row.kind, row.must) for row in floors] == [("theory", "machine learning"), ("maths", "statistics")]
    assert {row.written_at for row in (*strengths, *floors)} == {moment}


def test_the_profile_of_the_team_moves_strengths_only(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> None:
    set_profile(session, owner, "embedded in products", {"research": 1, "data": 2, "models": 4}, moment)
    strengths, floors = needs_of(session, draft_blueprint(session, owner, job, moment))
    assert [row.minutes for row in strengths] == [75, 60, 90]
    assert [row.minutes for row in floors] == [20, 10]


def test_there_is_one_draft_at_a_time(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    again = draft_blueprint(session, owner, job, moment + HOUR)
    assert again.id == draft.id
    assert len(session.exec(select(NeedRow).where(NeedRow.blueprint_id == draft.id)).all()) == 5
    acts = [row.act for row in entries(session, f"team:{owner.team.id}") if row.details.get("blueprint") == draft.id]
    assert acts == ["blueprint.draft"]


def test_a_draft_after_publishing_keeps_what_was_written_and_when(session: Session, here: rounds.Round, moment: datetime) -> None:
    later = draft_blueprint(session, here.owner, here.job, moment + HOUR)
    strengths, floors = needs_of(session, later)
    assert (later.version, later.about, later.contact) == (2, here.blueprint.about, here.blueprint.contact)
    assert later.previewed_at is None
    assert later.tasks == [{"slug": rounds.CODING}, {"slug": rounds.MARKED}]
    assert {row.written_at for row in (*strengths, *floors)} == {moment}
    assert {row.id for row in strengths}.isdisjoint(row.id for row in needs_of(session, here.blueprint)[0])
    found = published_of(session, here.job)
    assert found is not None
    assert found.version == 1
    assert blueprint_of(session, here.owner, here.job).version == 2
    assert blueprint_of(session, here.owner, here.job, version=1).state == PUBLISHED
    assert [row.version for row in list_versions(session, here.job)] == [2, 1]


def test_another_role_of_the_job_changes_nothing_that_was_drafted(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    before = [row.model_dump() for rows in needs_of(session, draft) for row in rows]
    reword_job(session, owner, job, Wording("Data engineer", "You must know SQL.", "data_engineer"), moment + HOUR)
    session.flush()
    session.expire_all()
    assert [row.model_dump() for rows in needs_of(session, draft) for row in rows] == before
    assert draft.changed_at == moment


def test_what_another_team_has_is_not_found(session: Session, here: rounds.Round, draft: BlueprintRow, moment: datetime) -> None:
    other = rounds.make_round(session, moment, name="Others")
    with pytest.raises(NotFound):
        opening_of(session, other.owner, here.job.id)
    with pytest.raises(NotFound):
        blueprint_of(session, other.owner, here.job)
    with pytest.raises(NotFound):
        blueprint_of(session, here.owner, here.job, version=7)


@pytest.mark.parametrize(("role", "sees", "drafts"), [
    (Role.owner, True, True), (Role.manager, True, True), (Role.auditor, True, False),
    (Role.reviewer, False, False), (Role.author, False, False),
])  # fmt: skip
def test_who_sees_a_blueprint_and_who_drafts_one(
    session: Session, here: rounds.Round, job: HiringJob, role: Role, sees: bool, drafts: bool, moment: datetime
) -> None:
    seat = rounds.join(session, here.team, role, moment)
    if sees:
        assert blueprint_of(session, seat, here.job).id == here.blueprint.id
    else:
        with pytest.raises(NotAllowed):
            blueprint_of(session, seat, here.job)
    if drafts:
        assert draft_blueprint(session, seat, job, moment).version == 1
    else:
        with pytest.raises(NotAllowed):
            draft_blueprint(session, seat, job, moment)


def test_a_closed_job_gets_no_draft(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> None:
    close_job(session, owner, job, moment)
    with pytest.raises(Conflict, match="closed"):
        draft_blueprint(session, owner, job, moment)
    assert session.exec(select(BlueprintRow).where(col(BlueprintRow.job_id) == job.id)).all() == []


def test_only_a_draft_is_held(
    session: Session, here: rounds.Round, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    hold_draft(session, here.owner, job, draft, moment + HOUR)
    assert draft.changed_at == moment + HOUR
    with pytest.raises(Conflict, match="does not change any more"):
        hold_draft(session, here.owner, here.job, here.blueprint, moment + HOUR)
    assert here.blueprint.changed_at == moment


def slugs(draft: BlueprintRow) -> list[str]:
    return [task["slug"] for task in draft.tasks]


def test_exercises_are_chosen_moved_dropped_and_put_back(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    first, second, third = rounds.CODING, rounds.MARKED, drafts.THEORY
    for minutes, slug in enumerate((first, second, third), 1):
        choose_exercise(session, owner, job, draft, slug, moment + timedelta(minutes=minutes))
    assert (slugs(draft), draft.changed_at) == ([first, second, third], moment + timedelta(minutes=3))
    move_exercise(session, owner, job, draft, third, -1, moment)
    assert slugs(draft) == [first, third, second]
    move_exercise(session, owner, job, draft, first, 1, moment)
    assert slugs(draft) == [third, first, second]
    move_exercise(session, owner, job, draft, third, -1, moment)
    move_exercise(session, owner, job, draft, second, 1, moment)
    assert slugs(draft) == [third, first, second]
    place = drop_exercise(session, owner, job, draft, first, moment)
    assert (place, slugs(draft)) == (1, [third, second])
    choose_exercise(session, owner, job, draft, first, moment + HOUR, place)
    assert (slugs(draft), draft.changed_at) == ([third, first, second], moment + HOUR)
    session.flush()
    session.refresh(draft)
    assert slugs(draft) == [third, first, second]


def test_an_exercise_is_chosen_once_and_only_from_the_bank(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    choose_exercise(session, owner, job, draft, rounds.CODING, moment)
    with pytest.raises(Invalid, match="already"):
        choose_exercise(session, owner, job, draft, rounds.CODING, moment)
    with pytest.raises(NotFound):
        choose_exercise(session, owner, job, draft, "no-such-exercise", moment)
    for act in (
        lambda: drop_exercise(session, owner, job, draft, rounds.MARKED, moment),
        lambda: move_exercise(session, owner, job, draft, rounds.MARKED, 1, moment),
    ):
        with pytest.raises(NotFound):
            act()
    assert slugs(draft) == [rounds.CODING]


def test_there_is_an_end_to_exercises(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    bank = sorted(session.exec(select(Exercise.slug)))
    for slug in bank[:MOST_TASKS]:
        choose_exercise(session, owner, job, draft, slug, moment)
    with pytest.raises(Conflict, match="at most 12"):
        choose_exercise(session, owner, job, draft, bank[MOST_TASKS], moment)


def test_policies_are_kept_and_the_log_says_what_they_were(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    wanted = Policies(90, "required", 5, 10, 1, True, "  We forecast.\n\nDaily. ", " dana@example.org ")
    set_policies(session, owner, job, draft, wanted, moment + HOUR)
    assert (draft.stated_minutes, draft.ai_policy, draft.markers, draft.hard_window) == (90, "required", 1, True)
    assert (draft.about, draft.contact, draft.changed_at) == ("We forecast.\n\nDaily.", "dana@example.org", moment + HOUR)
    entry = entries(session, f"team:{owner.team.id}")[-1]
    assert entry.act == "blueprint.policies"
    assert entry.details["was"] == {
        "stated_minutes": 225, "ai_policy": "disclosed", "answer_days": 7, "appeal_days": 14, "markers": 2, "hard_window": False,
        "about": "", "contact": "",
    }  # fmt: skip


@pytest.mark.parametrize(("change", "field"), [
    ({"stated_minutes": 0}, "stated_minutes"), ({"stated_minutes": -1}, "stated_minutes"), ({"ai_policy": "zoo"}, "ai_policy"),
    ({"markers": 0}, "markers"), ({"markers": 3}, "markers"), ({"answer_days": 0}, "answer_days"),
    ({"appeal_days": 91}, "appeal_days"), ({"about": "x" * 3_001}, "about"), ({"contact": "x" * 201}, "contact"),
])  # fmt: skip
def test_a_wrong_policy_is_named(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, change: dict[str, Any], field: str, moment: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        set_policies(session, owner, job, draft, replace(drafts.USUAL, **change), moment + HOUR)
    assert list(refused.value.errors) == [field]
    assert (draft.stated_minutes, draft.changed_at) == (225, moment)


def test_what_is_promised_fits_into_the_time_for_which_candidates_are_kept(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    owner.team.retention_days = 60
    with pytest.raises(Invalid, match="keeps candidates for 60 days") as refused:
        set_policies(session, owner, job, draft, replace(drafts.USUAL, answer_days=31, appeal_days=30), moment + HOUR)
    assert list(refused.value.errors) == ["appeal_days"]
    set_policies(session, owner, job, draft, replace(drafts.USUAL, answer_days=30, appeal_days=30), moment + HOUR)
    assert draft.answer_days == 30


@pytest.mark.parametrize("role", [Role.reviewer, Role.author, Role.auditor])
def test_who_may_not_hire_changes_nothing(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, role: Role, moment: datetime
) -> None:
    seat = rounds.join(session, owner.team, role, moment)
    for act in (
        lambda: choose_exercise(session, seat, job, draft, rounds.CODING, moment),
        lambda: drop_exercise(session, seat, job, draft, rounds.CODING, moment),
        lambda: move_exercise(session, seat, job, draft, rounds.CODING, 1, moment),
        lambda: set_policies(session, seat, job, draft, drafts.USUAL, moment),
    ):
        with pytest.raises(NotAllowed):
            act()
