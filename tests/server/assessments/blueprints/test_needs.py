"""Needs of a draft: each change is dated, what was removed can be put back as it was, and nonsense is refused field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.assessments.blueprints.job_openings import sort_skills
from server.assessments.blueprints.needs import (
    LONGEST_WORDS,
    MOST_NEEDS,
    NeedWording,
    add_need,
    change_need,
    need_of,
    put_back_need,
    remove_need,
    removed_need,
)
from server.assessments.blueprints.versions import draft_blueprint, needs_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import drafts, rounds
from tests.drafts import ARRAYS, METRICS

HOUR = timedelta(hours=1)


@pytest.fixture
def draft(session: Session, owner: Seat, job: HiringJob, moment: datetime) -> BlueprintRow:
    return draft_blueprint(session, owner, job, moment)


def wording_of(need: NeedRow) -> NeedWording:
    return NeedWording(need.kind, tuple(need.topics), need.level, need.minutes, round(100 * need.share), need.words, need.must)


def test_what_is_added_comes_last_and_is_dated(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    later = moment + HOUR
    added = add_need(session, owner, job, draft, replace(ARRAYS, words="  Tested \n functions "), later, floor=False)
    strengths, _ = needs_of(session, draft)
    assert [row.id for row in strengths][-1] == added.id
    assert (added.share, added.words, added.written_at, draft.changed_at) == (0.7, "Tested functions", later, later)


def test_a_changed_need_gets_a_new_date_and_an_unchanged_one_keeps_its_own(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    need = needs_of(session, draft)[0][0]
    as_it_is = wording_of(need)
    assert not change_need(session, owner, job, draft, need.id, as_it_is, moment + HOUR)
    assert (need.written_at, draft.changed_at) == (moment, moment)
    assert change_need(session, owner, job, draft, need.id, replace(as_it_is, percent=80), moment + HOUR)
    assert (need.share, need.written_at, draft.changed_at) == (0.8, moment + HOUR, moment + HOUR)
    entry = entries(session, f"team:{owner.team.id}")[-1]
    assert (entry.act, entry.details["was"]["share"]) == ("need.change", 0.7)  # type: ignore[index]


def test_the_order_in_which_topics_were_ticked_is_no_change(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    added = add_need(session, owner, job, draft, replace(ARRAYS, topics=("sql", "arrays")), moment, floor=False)
    again = replace(ARRAYS, topics=("arrays", "sql"))
    assert not change_need(session, owner, job, draft, added.id, again, moment + HOUR)


def test_what_was_removed_is_put_back_with_its_date(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    before = [row.model_dump() for rows in needs_of(session, draft) for row in rows]
    gone = before[1]["id"]
    assert removed_need(session, owner, draft, gone) is None
    remove_need(session, owner, job, draft, gone, moment + HOUR)
    assert [row.id for row in needs_of(session, draft)[0]] == [before[0]["id"], before[2]["id"]]
    found = removed_need(session, owner, draft, gone)
    assert found is not None
    assert found.kind == "debugging"
    put_back_need(session, owner, job, draft, gone, moment + 2 * HOUR)
    assert [row.model_dump() for rows in needs_of(session, draft) for row in rows] == before
    assert draft.changed_at == moment + 2 * HOUR
    with pytest.raises(NotFound):
        put_back_need(session, owner, job, draft, gone, moment + 2 * HOUR)


def test_nothing_is_put_back_into_another_blueprint(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    gone = needs_of(session, draft)[0][0].id
    remove_need(session, owner, job, draft, gone, moment)
    other_job = drafts.job_with_musts(session, owner, moment)
    other = draft_blueprint(session, owner, other_job, moment)
    stranger = rounds.make_round(session, moment, name="Others").owner
    with pytest.raises(NotFound):
        put_back_need(session, owner, other_job, other, gone, moment)
    assert removed_need(session, stranger, draft, gone) is None


def test_a_need_of_another_blueprint_is_not_found(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    other = draft_blueprint(session, owner, drafts.job_with_musts(session, owner, moment), moment)
    foreign = needs_of(session, other)[0][0].id
    for act in (
        lambda: need_of(session, draft, foreign),
        lambda: change_need(session, owner, job, draft, foreign, ARRAYS, moment),
        lambda: remove_need(session, owner, job, draft, foreign, moment),
    ):
        with pytest.raises(NotFound):
            act()
    assert len(needs_of(session, other)[0]) == 3


@pytest.mark.parametrize(("change", "field"), [
    ({"kind": "juggling"}, "kind"), ({"topics": ("juggling",)}, "topics"), ({"level": 4}, "level"), ({"level": 0}, "level"),
    ({"minutes": 0}, "minutes"), ({"minutes": 241}, "minutes"), ({"percent": 101}, "percent"), ({"percent": 0}, "percent"),
    ({"words": "x" * (LONGEST_WORDS + 1)}, "words"), ({"must": ""}, "must"), ({"must": "SQL"}, "must"),
])  # fmt: skip
def test_a_wrong_field_is_named_and_nothing_changes(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, change: dict[str, object], field: str, moment: datetime
) -> None:
    with pytest.raises(Invalid) as refused:
        add_need(session, owner, job, draft, replace(METRICS, **change), moment + HOUR, floor=True)  # type: ignore[arg-type]
    assert list(refused.value.errors) == [field]
    assert (len(needs_of(session, draft)[1]), draft.changed_at) == (2, moment)


def test_a_job_without_musts_has_floors_without_them(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime
) -> None:
    sort_skills(session, owner, job, [], [], moment)
    assert add_need(session, owner, job, draft, replace(METRICS, must=""), moment, floor=True).must == ""
    with pytest.raises(Invalid):
        add_need(session, owner, job, draft, METRICS, moment, floor=True)


def test_there_is_an_end_to_needs(session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, moment: datetime) -> None:
    for _ in range(MOST_NEEDS - 5):
        add_need(session, owner, job, draft, ARRAYS, moment, floor=False)
    with pytest.raises(Conflict, match="at most 20"):
        add_need(session, owner, job, draft, ARRAYS, moment, floor=False)


@pytest.mark.parametrize("role", [Role.reviewer, Role.author, Role.auditor])
def test_who_may_not_hire_changes_no_need(
    session: Session, owner: Seat, job: HiringJob, draft: BlueprintRow, role: Role, moment: datetime
) -> None:
    seat = rounds.join(session, owner.team, role, moment)
    need = needs_of(session, draft)[0][0]
    for act in (
        lambda: add_need(session, seat, job, draft, ARRAYS, moment, floor=False),
        lambda: change_need(session, seat, job, draft, need.id, wording_of(need), moment),
        lambda: remove_need(session, seat, job, draft, need.id, moment),
        lambda: put_back_need(session, seat, job, draft, need.id, moment),
    ):
        with pytest.raises(NotAllowed):
            act()
