"""The board: codes in an order that tells nothing, what each shows against the blueprint, and numbers that come from rows."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from server.assessments.blueprints.preview import begin_preview
from server.assessments.decisions.board import Board, Group, board_csv, board_of, export_board, page_of, plain_cell
from server.assessments.decisions.funnel import Funnel, funnel_of
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.decisions import Decision
from server.assessments.tables.sittings import Outage, Sitting, SittingPause
from server.assessments.teams.rights import Role
from server.audit.log import entries
from server.errors import NotAllowed
from tests import rounds
from tests.rounds import Round

MINUTE = timedelta(minutes=1)


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


def shown(session: Session, here: Round, version: int | None = None) -> Board:
    found = board_of(session, here.owner, here.job, version)
    assert found is not None
    return found


def funnel(session: Session, here: Round) -> Funnel:
    return funnel_of(session, shown(session, here))


def judged(session: Session, here: Round, code: str, now: datetime, share: float = 1.0, level: int = 5) -> Sitting:
    sitting = rounds.sat(session, here, code, now)
    rounds.graded(session, sitting, now, share=share)
    rounds.marked(session, here, sitting, now, level=level)
    return sitting


def test_there_is_no_board_before_anybody_was_invited(session: Session, here: Round, moment: datetime) -> None:
    assert board_of(session, here.owner, here.job) is None
    begin_preview(session, here.owner, here.blueprint, moment)
    assert board_of(session, here.owner, here.job) is None
    rounds.invited(session, here, "Agate 14", moment)
    assert shown(session, here).rows == ()


@pytest.mark.parametrize("role", [Role.reviewer, Role.author])
def test_who_may_not_see_results_sees_no_board(session: Session, here: Round, moment: datetime, role: Role) -> None:
    with pytest.raises(NotAllowed):
        board_of(session, rounds.join(session, here.team, role, moment), here.job)


def test_each_candidate_is_in_the_group_that_their_work_says(session: Session, here: Round, moment: datetime) -> None:
    judged(session, here, "Agate 1", moment)
    judged(session, here, "Agate 2", moment, level=1)
    judged(session, here, "Agate 3", moment, share=0.0)
    judged(session, here, "Agate 4", moment, level=4)
    rounds.graded(session, rounds.sat(session, here, "Agate 5", moment), moment)
    rounds.sat(session, here, "Agate 6", moment)
    rounds.start(session, rounds.invited(session, here, "Agate 7", moment), moment)
    rounds.invited(session, here, "Agate 8", moment)
    board = shown(session, here)
    assert {row.code: (row.group, row.seen.words) for row in board.rows} == {
        "Agate 1": (Group.meets, "Meets every floor"),
        "Agate 2": (Group.below, "Below floor: applied"),
        "Agate 3": (Group.not_shown, "Not shown: coding"),
        "Agate 4": (Group.too_little, "Not enough evidence: applied"),
        "Agate 5": (Group.to_mark, "To mark"),
        "Agate 6": (Group.grading, "Being graded"),
        "Agate 7": (Group.running, "Running"),
    }
    assert board.counts()[Group.everybody] == 7
    assert [row.code for row in board.of(Group.below)] == ["Agate 2"]
    assert [(name, need.percent) for name, need in board.needs] == [("coding", 70), ("applied", 60)]


def test_a_decided_candidate_stays_in_its_group_and_is_found_among_the_decided(
    session: Session, here: Round, moment: datetime
) -> None:
    sitting = judged(session, here, "Agate 1", moment)
    judged(session, here, "Agate 2", moment)
    session.add(Decision(sitting_id=sitting.id, outcome="hold", by="x", at=moment))
    session.flush()
    board = shown(session, here)
    assert [row.outcome for row in board.of(Group.decided)] == ["hold"]
    assert len(board.of(Group.meets)) == board.counts()[Group.meets] == 2


def test_the_order_stays_and_follows_neither_code_nor_arrival_nor_result(session: Session, here: Round, moment: datetime) -> None:
    for number in range(12):
        judged(session, here, f"Agate {number:02}", moment + number * MINUTE, share=number / 12)
    first = [row.code for row in shown(session, here).rows]
    assert first == [row.code for row in shown(session, here).rows]
    assert first not in (sorted(first), sorted(first, reverse=True))
    ids = sorted(row.sitting_id for row in shown(session, here).rows)
    assert [row.sitting_id for row in shown(session, here).rows] != ids


def test_another_jobs_candidates_and_other_versions_are_not_on_it(session: Session, here: Round, moment: datetime) -> None:
    judged(session, here, "Agate 1", moment)
    other = rounds.make_round(session, moment, name="Others")
    judged(session, other, "Opal 1", moment)
    here.blueprint.state = "replaced"
    second = BlueprintRow(**here.blueprint.model_dump() | {"id": "second", "version": 2, "state": "published"})
    session.add(second)
    session.flush()
    rounds.add_need(session, second, floor=True, kind="theory", share=0.5, now=moment)
    assert [row.code for row in shown(session, here).rows] == ["Agate 1"]
    rounds.invited(session, Round(here.team, here.job, second, here.owner), "Agate 2", moment)
    assert (shown(session, here).versions, shown(session, here).rows) == ((2, 1), ())
    assert [row.code for row in shown(session, here, 1).rows] == ["Agate 1"]
    assert board_of(session, here.owner, here.job, 3) is None


def test_whoever_was_taken_back_while_at_work_is_counted_and_not_shown(session: Session, here: Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Agate 1", moment)
    rounds.start(session, candidate, moment)
    candidate.withdrawn_at = moment
    session.flush()
    assert shown(session, here).rows == ()
    assert funnel(session, here).started == 1


def test_the_funnel_counts_people_and_no_previews(session: Session, here: Round, moment: datetime) -> None:
    sitting = judged(session, here, "Agate 1", moment)
    session.add(Decision(sitting_id=sitting.id, outcome="hold", by="x", at=moment))
    rounds.sat(session, here, "Agate 2", moment)
    rounds.start(session, rounds.invited(session, here, "Agate 3", moment), moment)
    rounds.invited(session, here, "Agate 4", moment)
    unread = rounds.invited(session, here, "Agate 5", moment)
    unread.opened_at = None
    preview, _ = begin_preview(session, here.owner, here.blueprint, moment)
    rounds.start(session, preview, moment)
    rounds.hand_in(session, preview, moment)
    session.flush()
    found = funnel(session, here)
    assert dict(found.steps) == {"invited": 5, "opened": 4, "started": 3, "handed in": 2, "marked": 1, "decided": 1}
    assert (found.start_percent, found.median_used) == (60, None)


def test_times_and_help_are_told_once_there_are_enough_people(session: Session, here: Round, moment: datetime) -> None:
    sittings = [rounds.sat(session, here, f"Agate {number}", moment) for number in range(5)]
    for number, sitting in enumerate(sittings):
        sitting.handed_in_at = sitting.started_at + (60 + number * 10) * MINUTE
    session.flush()
    assert (funnel(session, here).median_used, funnel(session, here).given_back) == (80, 0)
    session.add(Outage(since=moment + 10 * MINUTE, until=moment + 20 * MINUTE))
    session.add(SittingPause(sitting_id=sittings[0].id, since=moment + 15 * MINUTE, until=moment + 45 * MINUTE))
    session.add(SittingPause(sitting_id=sittings[4].id, since=moment + 500 * MINUTE, until=moment + 505 * MINUTE))
    session.flush()
    assert (funnel(session, here).median_used, funnel(session, here).given_back) == (70, 5)


def test_extra_time_and_granted_minutes_are_counted(session: Session, here: Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Agate 1", moment)
    candidate.extra_percent = 25
    sitting = rounds.start(session, candidate, moment)
    sitting.granted_minutes = 5
    session.flush()
    assert (funnel(session, here).extra_time, funnel(session, here).given_back) == (1, 1)


def test_the_file_has_codes_and_numbers_and_no_names(session: Session, here: Round, moment: datetime) -> None:
    sitting = judged(session, here, "Agate 1", moment, level=1)
    session.add(Decision(sitting_id=sitting.id, outcome="go-on", by="x", at=moment))
    rounds.start(session, rounds.invited(session, here, "Opal 2", moment), moment)
    text = export_board(session, here.owner, shown(session, here), moment)
    rows = {row["candidate"]: row for row in csv.DictReader(io.StringIO(text))}
    assert set(rows) == {"Agate 1", "Opal 2"}
    agate, opal = rows["Agate 1"], rows["Opal 2"]
    assert (agate["against the blueprint"], agate["decision"]) == ("Below floor: applied", "go on")
    assert (agate["strength coding: estimate %"], agate["floor applied: finding"]) == ("100", "below floor")
    assert (opal["floor applied: low %"], opal["floor applied: asked %"], opal["floor applied: finding"]) == ("", "60", "running")
    assert not any(value.lower() in text.lower() for value in rounds.MIRA.values())
    [row] = [row for row in entries(session, f"team:{here.team.id}") if row.act == "board.export"]
    assert row.details == {"job": here.job.id, "version": 1, "candidates": 2}
    with pytest.raises(NotAllowed):
        export_board(session, rounds.join(session, here.team, Role.reviewer, moment), shown(session, here), moment)


def test_no_cell_is_a_formula(session: Session, here: Round, moment: datetime) -> None:
    rounds.start(session, rounds.invited(session, here, '=HYPERLINK("x")', moment), moment)
    rows = list(csv.reader(io.StringIO(board_csv(shown(session, here)))))
    assert rows[1][0] == """'=HYPERLINK("x")"""
    for cell in ("=1", "+1", "-1", "@x", "\tx", "\rx"):
        assert plain_cell(cell) == f"'{cell}"
    assert plain_cell("Agate -1") == "Agate -1"


def test_pages_of_a_board(session: Session, here: Round, moment: datetime) -> None:
    for number in range(5):
        rounds.start(session, rounds.invited(session, here, f"Agate {number}", moment), moment)
    rows = shown(session, here).rows
    assert page_of(rows, 1, 2) == (rows[:2], 3)
    assert page_of(rows, 3, 2) == (rows[4:], 3)
    assert page_of(rows, 99, 2) == (rows[4:], 3)
    assert page_of(rows, -1, 2) == (rows[:2], 3)
    assert page_of([], 1, 2) == ([], 1)
