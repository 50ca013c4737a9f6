"""How long candidates are kept: what was promised holds, and whose time is over is found."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.assessments.blueprints.preview import begin_preview
from server.assessments.privacy.retention import due_at, ended_at, kept_for, list_due, list_kept, set_retention
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Team
from server.assessments.teams.rights import Role
from server.audit.log import entries
from server.errors import Invalid, NotAllowed
from tests import rounds
from tests.rounds import Round

DAY = timedelta(days=1)
NOW = datetime.fromisoformat("2026-11-24T09:00:00+00:00")


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


def candidate(**more: object) -> Candidate:
    given = {"team_id": "t", "job_id": "j", "blueprint_id": "b", "code": "Flint 03", "invited_by": "olga", "created_at": NOW}
    return Candidate(**{**given, "opens_at": NOW, "closes_at": NOW + 14 * DAY, **more})


def sitting(**more: object) -> Sitting:
    return Sitting(team_id="t", candidate_id="c", stated_minutes=60, started_at=NOW, **more)


@pytest.mark.parametrize(
    ("invited", "sat", "days"),
    [
        ({}, None, 14),
        ({"closes_at": NOW + 3 * DAY}, None, 3),
        ({}, {"handed_in_at": NOW + 2 * DAY}, 2),
        ({}, {}, 14),
        ({}, {"reopened_until": NOW + 20 * DAY}, 20),
        ({}, {"reopened_until": NOW + DAY}, 14),
        ({}, {"reopened_until": NOW + 20 * DAY, "handed_in_at": NOW + 15 * DAY}, 15),
    ],
)
def test_the_days_run_from_the_hand_in_or_from_the_end_without_one(
    invited: dict[str, object], sat: dict[str, object] | None, days: int
) -> None:
    found, taken = candidate(**invited), None if sat is None else sitting(**sat)
    assert ended_at(found, taken) == NOW + days * DAY
    team = Team(name="Forecasting", retention_days=30, created_at=NOW)
    assert due_at(found, team, taken) == NOW + (days + 30) * DAY


@pytest.mark.parametrize(("promised", "now_days", "days"), [(None, 180, 180), (60, 180, 60), (200, 180, 180)])
def test_the_shorter_of_promise_and_rule_holds(promised: int | None, now_days: int, days: int) -> None:
    team = Team(name="Forecasting", retention_days=now_days, created_at=NOW)
    assert kept_for(candidate(kept_days=promised), team) == days * DAY


def test_shorter_holds_for_all_and_longer_for_whoever_comes_later(session: Session, here: Round, moment: datetime) -> None:
    early = rounds.invited(session, here, "Flint 03", moment)
    set_retention(session, here.owner, "90", moment)
    assert kept_for(early, here.team) == 90 * DAY
    set_retention(session, here.owner, "365", moment)
    late = rounds.invited(session, here, "Agate 14", moment)
    session.refresh(early)
    assert (kept_for(early, here.team), kept_for(late, here.team)) == (90 * DAY, 365 * DAY)
    set_retention(session, here.owner, "400", moment)
    for each in (early, late):
        session.refresh(each)
    assert (kept_for(early, here.team), kept_for(late, here.team)) == (90 * DAY, 365 * DAY)
    set_retention(session, here.owner, "30", moment)
    assert (kept_for(early, here.team), kept_for(late, here.team)) == (30 * DAY, 30 * DAY)
    set_retention(session, here.owner, "30", moment)
    written = [row.details for row in entries(session, f"team:{here.team.id}") if row.act == "team.retention"]
    assert written == [{"days": days, "before": before} for days, before in ((90, 180), (365, 90), (400, 365), (30, 400))]


def test_another_teams_candidates_keep_what_they_were_promised(session: Session, here: Round, moment: datetime) -> None:
    other = rounds.make_round(session, moment, name="Southwind")
    theirs = rounds.invited(session, other, "Flint 03", moment)
    set_retention(session, here.owner, "365", moment)
    session.refresh(theirs)
    assert (theirs.kept_days, other.team.retention_days) == (None, 180)


@pytest.mark.parametrize("typed", ["29", "731", "", "-90", "ninety", "9e1", "00000090", "９０" * 3, "90.5"])
def test_a_number_of_days_from_30_to_730(session: Session, here: Round, moment: datetime, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_retention(session, here.owner, typed, moment)
    assert list(refused.value.errors) == ["retention_days"]
    assert here.team.retention_days == 180


def test_the_days_cover_what_candidates_were_promised(session: Session, here: Round, moment: datetime) -> None:
    here.blueprint.answer_days, here.blueprint.appeal_days = 60, 30
    rounds.invited(session, here, "Flint 03", moment)
    with pytest.raises(Invalid, match="within 90 days") as refused:
        set_retention(session, here.owner, "89", moment)
    assert list(refused.value.errors) == ["retention_days"]
    set_retention(session, here.owner, "90", moment)
    here.blueprint.state = "replaced"
    with pytest.raises(Invalid):
        set_retention(session, here.owner, "30", moment)
    candidate_of_code(session, "Flint 03").erased_at = moment
    session.flush()
    set_retention(session, here.owner, "30", moment)


def candidate_of_code(session: Session, code: str) -> Candidate:
    return session.exec(select(Candidate).where(Candidate.code == code)).one()


def test_only_whoever_edits_the_team_sets_it_and_only_whoever_hires_sees_the_queue(
    session: Session, here: Round, moment: datetime
) -> None:
    reviewer = rounds.join(session, here.team, Role.reviewer, moment)
    with pytest.raises(NotAllowed):
        set_retention(session, reviewer, "90", moment)
    with pytest.raises(NotAllowed):
        list_kept(session, reviewer)


def test_the_queue_has_everybody_who_is_kept_the_next_one_first(session: Session, here: Round, moment: datetime) -> None:
    rounds.sat(session, here, "Agate 14", moment)
    rounds.invited(session, here, "Flint 03", moment)
    erased = rounds.invited(session, here, "Jade 4", moment)
    erased.erased_at = moment
    begin_preview(session, here.owner, here.blueprint, moment)
    rounds.invited(session, rounds.make_round(session, moment, name="Southwind"), "Onyx 1", moment)
    session.flush()
    hour = timedelta(hours=1)
    assert [(each.candidate.code, each.job, each.handed_in, each.due) for each in list_kept(session, here.owner)] == [
        ("Agate 14", "ML engineer", True, moment + hour + 180 * DAY),
        ("Flint 03", "ML engineer", False, moment + 194 * DAY),
    ]


def test_whose_time_is_over_is_found_on_the_day_and_not_before(session: Session, here: Round, moment: datetime) -> None:
    handed_in = rounds.sat(session, here, "Agate 14", moment)
    unused = rounds.invited(session, here, "Flint 03", moment)
    preview, _ = begin_preview(session, here.owner, here.blueprint, moment)
    second = timedelta(seconds=1)
    handed_in_due = moment + timedelta(hours=1) + 180 * DAY
    for now, wanted in (
        (moment + 7 * DAY - second, set()),
        (moment + 7 * DAY, {preview.id}),
        (handed_in_due - second, {preview.id}),
        (handed_in_due, {preview.id, handed_in.candidate_id}),
        (moment + 194 * DAY, {preview.id, handed_in.candidate_id, unused.id}),
    ):
        assert set(list_due(session, now)) == wanted, now
    unused.erased_at = moment
    session.flush()
    assert unused.id not in list_due(session, moment + 999 * DAY)
