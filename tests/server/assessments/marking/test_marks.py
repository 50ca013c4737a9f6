"""Two members mark a sitting, blind to each other, and agree where they differ."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import pytest
from sqlmodel import Session, select

from server.assessments.decisions.rubric_evidence import rubric_evidence, rubric_evidence_of
from server.assessments.marking.marks import (
    LONGEST_EVIDENCE,
    finish_marking,
    give_mark,
    own_marking,
    reopen_marking,
    undo_mark,
    write_notes,
)
from server.assessments.marking.reconciling import agreement_of, compare_marks, reconcile
from server.assessments.marking.rubrics import LineKey, lines_of, works_of
from server.assessments.privacy.looks import note_look
from server.assessments.privacy.unblinding import candidate_seen, may_see_name, unblind
from server.assessments.sittings.lookups import sitting_of
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Mark, Marking, Unblinding
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.audit.log import entries
from server.errors import Conflict, Invalid, NotAllowed, NotFound
from tests import rounds
from tests.server.assessments.marking.conftest import ONE

HOUR = timedelta(hours=1)


def keys(session: Session, sitting: Sitting) -> list[LineKey]:
    return [line.key for line in lines_of(session, sitting)]


def mark_all(session: Session, seat: Seat, sitting: Sitting, levels: Iterable[int], now: datetime, done: bool = True) -> None:
    for line, level in zip(keys(session, sitting), levels, strict=True):
        give_mark(session, seat, sitting, line, level, f"seen: {level}", now)
    if done:
        finish_marking(session, seat, sitting, now)


def test_each_line_of_each_rubric_is_marked(session: Session, sitting: Sitting) -> None:
    [work] = works_of(session, sitting)
    assert (work.exercise_slug, work.question, work.points) == (ONE, "reply", 4.0)
    assert [line.key for line in work.lines] == [LineKey(ONE, "reply", number) for number in range(4)]
    assert all(set(line.anchors) == {1, 3, 5} for line in work.lines)


def test_a_rubric_for_several_answers_is_marked_once(session: Session, moment: datetime) -> None:
    sitting = rounds.sat(session, rounds.make_round(session, moment), "Flint 03", moment)
    [work] = works_of(session, sitting)
    assert len(work.questions) == 6 and work.points == 12.0
    assert len(work.lines) == len(lines_of(session, sitting)) == 6


def test_marks_are_given_replaced_and_taken_back(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    first, second = keys(session, sitting)[:2]
    assert own_marking(session, rita, sitting).marking is None
    give_mark(session, rita, sitting, first, 3, "  as he says  ", later)
    give_mark(session, rita, sitting, second, 0, "", later)
    again = give_mark(session, rita, sitting, first, 5, "on a second look", later + HOUR)
    assert (again.level, again.evidence, again.at) == (5, "on a second look", later + HOUR)
    mine = own_marking(session, rita, sitting)
    assert {line: mark.level for line, mark in mine.marks.items()} == {first: 5, second: 0}
    assert (mine.place, mine.calibrates, len(mine.missing)) == (1, False, 2)
    undo_mark(session, rita, sitting, second, later)
    assert list(own_marking(session, rita, sitting).marks) == [first]
    with pytest.raises(NotFound, match="no mark of yours"):
        undo_mark(session, rita, sitting, second, later)


def test_taking_the_last_mark_back_makes_room_for_somebody_else(
    session: Session, sitting: Sitting, rita: Seat, later: datetime
) -> None:
    first = keys(session, sitting)[0]
    give_mark(session, rita, sitting, first, 3, "", later)
    undo_mark(session, rita, sitting, first, later)
    assert session.exec(select(Marking)).all() == []
    give_mark(session, rita, sitting, first, 3, "", later)
    write_notes(session, rita, sitting, "ask about the split", later)
    undo_mark(session, rita, sitting, first, later)
    assert own_marking(session, rita, sitting).marking is not None


@pytest.mark.parametrize("level", [-1, 6, 10])
def test_levels_go_from_1_to_5_and_0(session: Session, sitting: Sitting, rita: Seat, later: datetime, level: int) -> None:
    with pytest.raises(Invalid, match="from 1 to 5"):
        give_mark(session, rita, sitting, keys(session, sitting)[0], level, "", later)


def test_what_cannot_be_marked(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    first = keys(session, sitting)[0]
    for line in (LineKey(ONE, "reply", 4), LineKey(ONE, "other", 0), LineKey(rounds.CODING, "reply", 0)):
        with pytest.raises(NotFound, match="no such line"):
            give_mark(session, rita, sitting, line, 3, "", later)
    with pytest.raises(Invalid, match="at most"):
        give_mark(session, rita, sitting, first, 3, "x" * (LONGEST_EVIDENCE + 1), later)
    with pytest.raises(Invalid):
        write_notes(session, rita, sitting, "x" * 8_001, later)
    assert session.exec(select(Mark)).all() == []


def test_what_is_still_being_worked_on_is_not_marked(
    session: Session, here: rounds.Round, rita: Seat, moment: datetime, later: datetime
) -> None:
    running = rounds.start(session, rounds.invited(session, here, "Agate 14", moment), moment)
    with pytest.raises(Conflict, match="still being worked on"):
        give_mark(session, rita, running, keys(session, running)[0], 3, "", later)
    with pytest.raises(Conflict, match="still being worked on"):
        own_marking(session, rita, running)


@pytest.mark.parametrize("role", [Role.author, Role.auditor])
def test_marking_takes_the_right(session: Session, here: rounds.Round, sitting: Sitting, later: datetime, role: Role) -> None:
    other = rounds.join(session, here.team, role, later)
    for act in (
        lambda: give_mark(session, other, sitting, keys(session, sitting)[0], 3, "", later),
        lambda: own_marking(session, other, sitting),
        lambda: finish_marking(session, other, sitting, later),
        lambda: reopen_marking(session, other, sitting, later),
        lambda: compare_marks(session, other, sitting),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_marking_is_finished_when_no_line_is_missing(session: Session, sitting: Sitting, rita: Seat, later: datetime) -> None:
    lines = lines_of(session, sitting)
    mark_all(session, rita, sitting, [3, 0, 4, 5], later, done=False)
    undo_mark(session, rita, sitting, lines[2].key, later)
    with pytest.raises(Conflict) as refused:
        finish_marking(session, rita, sitting, later)
    assert lines[2].words in refused.value.sentence and lines[1].words not in refused.value.sentence
    give_mark(session, rita, sitting, lines[2].key, 4, "", later)
    finish_marking(session, rita, sitting, later)
    assert own_marking(session, rita, sitting).is_done
    for act in (
        lambda: give_mark(session, rita, sitting, lines[0].key, 1, "", later),
        lambda: undo_mark(session, rita, sitting, lines[0].key, later),
        lambda: write_notes(session, rita, sitting, "late", later),
        lambda: finish_marking(session, rita, sitting, later),
    ):
        with pytest.raises(Conflict, match="You are done"):
            act()
    reopen_marking(session, rita, sitting, later)
    give_mark(session, rita, sitting, lines[0].key, 1, "", later)
    with pytest.raises(Conflict, match="are open"):
        reopen_marking(session, rita, sitting, later)


def test_the_first_two_mark_and_a_third_only_to_calibrate(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    third = rounds.join(session, here.team, Role.reviewer, later)
    mark_all(session, rita, sitting, [3, 3, 3, 3], later)
    give_mark(session, omar, sitting, keys(session, sitting)[0], 3, "", later + HOUR)
    assert not own_marking(session, third, sitting).may_mark
    with pytest.raises(Conflict, match="2 people mark"):
        give_mark(session, third, sitting, keys(session, sitting)[0], 5, "", later + HOUR)
    mark_all(session, here.owner, sitting, [5, 5, 5, 5], later + 2 * HOUR)
    assert own_marking(session, here.owner, sitting).calibrates
    mark_all(session, omar, sitting, [3, 3, 3, 3], later + 2 * HOUR)
    [found] = rubric_evidence(session, sitting)
    assert found.settled and found.share == 0.5, "marks of a calibration count for nothing"
    assert [len(each.marks) for each in compare_marks(session, here.owner, sitting)] == [2, 2, 2, 2]


def test_who_was_first_stays_first_when_the_clock_is_set_back(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    for seat, now in ((rita, later), (omar, later), (here.owner, later - HOUR)):
        give_mark(session, seat, sitting, keys(session, sitting)[0], 3, "", now)
    assert [own_marking(session, seat, sitting).place for seat in (rita, omar, here.owner)] == [1, 2, None]


@pytest.mark.parametrize("becomes", [None, Role.auditor, Role.author])
def test_whoever_may_not_mark_any_more_before_they_are_done_makes_room(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime, becomes: Role | None
) -> None:
    third = rounds.join(session, here.team, Role.reviewer, later)
    give_mark(session, rita, sitting, keys(session, sitting)[0], 1, "", later)
    mark_all(session, omar, sitting, [4, 4, 4, 4], later + HOUR)
    for member in (rita.member, omar.member):
        if becomes is None:
            session.delete(member)
        else:
            member.role = becomes
    session.flush()
    mark_all(session, third, sitting, [4, 4, 4, 4], later + HOUR)
    [found] = rubric_evidence(session, sitting)
    assert found.settled and found.share == 0.75


def test_nothing_is_evidence_before_everybody_is_done(
    session: Session, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    mark_all(session, rita, sitting, [5, 4, 3, 0], later)
    mark_all(session, omar, sitting, [4, 4, 3, 0], later, done=False)
    [early] = rubric_evidence(session, sitting)
    assert (early.settled, early.earned, early.pieces, early.open, early.share) == (False, 0.0, 0, 4, None)
    finish_marking(session, omar, sitting, later)
    [found] = rubric_evidence(session, sitting)
    assert (found.settled, found.possible, found.pieces) == (True, 4.0, 3), "the line that nobody can judge is left out"
    assert found.earned == pytest.approx(4 * (0.875 + 0.75 + 0.5) / 3, abs=0.005)


def test_markers_are_blind_to_each_other_until_both_are_done(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    mark_all(session, rita, sitting, [5, 5, 5, 5], later)
    mark_all(session, omar, sitting, [1, 4, 4, 4], later + HOUR, done=False)
    for seat in (rita, omar, here.owner):
        with pytest.raises(Conflict, match="when everybody who marks it is done"):
            compare_marks(session, seat, sitting)
        with pytest.raises(Conflict):
            reconcile(session, seat, sitting, keys(session, sitting)[0], 3, "because", later)
    stranger = rounds.join(session, here.team, Role.reviewer, later)
    finish_marking(session, omar, sitting, later)
    with pytest.raises(NotAllowed, match="the two who gave them"):
        compare_marks(session, stranger, sitting)
    found = compare_marks(session, rita, sitting)
    assert [[mark.level for mark in each.marks] for each in found] == [[5, 1], [5, 4], [5, 4], [5, 4]]
    assert [each.differs for each in found] == [True, False, False, False]


@pytest.mark.parametrize("who", ["rita", "omar", "owner"])
def test_a_line_that_is_apart_is_agreed_on(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime, who: str
) -> None:
    seat = {"rita": rita, "omar": omar, "owner": here.owner}[who]
    first, second, *_ = keys(session, sitting)
    mark_all(session, rita, sitting, [5, 3, 3, 0], later)
    mark_all(session, omar, sitting, [2, 3, 3, 3], later)
    [before] = rubric_evidence(session, sitting)
    assert (before.settled, before.apart, before.pieces) == (False, 2, 0)
    with pytest.raises(Invalid) as refused:
        reconcile(session, seat, sitting, first, 7, "  ", later)
    assert set(refused.value.errors) == {"level", "reason"}
    with pytest.raises(Conflict, match="close enough"):
        reconcile(session, seat, sitting, second, 3, "because", later)
    with pytest.raises(NotFound):
        reconcile(session, seat, sitting, LineKey(ONE, "reply", 9), 3, "because", later)
    reconcile(session, seat, sitting, first, 3, "he names it in the second cell", later)
    made = reconcile(session, seat, sitting, first, 4, "and in the third", later + HOUR)
    assert (made.level, made.reason, made.by) == (4, "and in the third", seat.member.person_id)
    reconcile(session, seat, sitting, LineKey(ONE, "reply", 3), 0, "it is not asked for", later)
    [found] = rubric_evidence(session, sitting)
    assert (found.settled, found.pieces) == (True, 3)
    assert found.share == pytest.approx((0.75 + 0.5 + 0.5) / 3, abs=0.002)


def test_another_level_after_an_agreement_asks_for_a_new_one(
    session: Session, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    first = keys(session, sitting)[0]
    mark_all(session, rita, sitting, [5, 3, 3, 3], later)
    mark_all(session, omar, sitting, [2, 3, 3, 3], later)
    reconcile(session, rita, sitting, first, 4, "because", later)
    reopen_marking(session, omar, sitting, later)
    give_mark(session, omar, sitting, first, 1, "", later)
    finish_marking(session, omar, sitting, later)
    [found] = rubric_evidence(session, sitting)
    assert (found.settled, found.apart) == (False, 1)


def test_nothing_changes_after_the_decision(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    first = keys(session, sitting)[0]
    mark_all(session, rita, sitting, [5, 3, 3, 3], later)
    mark_all(session, omar, sitting, [2, 3, 3, 3], later)
    session.add(Decision(sitting_id=sitting.id, outcome="hold", by=here.owner.member.person_id, at=later))
    session.flush()
    for act in (
        lambda: reopen_marking(session, rita, sitting, later),
        lambda: give_mark(session, here.owner, sitting, first, 1, "", later),
        lambda: reconcile(session, rita, sitting, first, 4, "because", later),
    ):
        with pytest.raises(Conflict, match="has decided"):
            act()


def test_one_marker_is_enough_where_the_blueprint_says_so(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    here.blueprint.markers = 1
    session.flush()
    mark_all(session, rita, sitting, [5, 5, 0, 5], later)
    [found] = rubric_evidence(session, sitting)
    assert (found.settled, found.pieces, found.earned) == (True, 3, 4.0)
    with pytest.raises(Conflict, match="Somebody marks"):
        give_mark(session, omar, sitting, keys(session, sitting)[0], 3, "", later)


def test_many_sittings_are_read_as_one_is(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, moment: datetime, later: datetime
) -> None:
    others = [rounds.sat(session, here, f"Agate {number}", moment) for number in range(3)]
    mark_all(session, rita, sitting, [5, 3, 3, 3], later)
    mark_all(session, omar, sitting, [5, 3, 4, 3], later)
    mark_all(session, rita, others[1], [1, 1, 1, 1], later)
    ids = [sitting.id, *(each.id for each in others)]
    found = rubric_evidence_of(session, ids)
    assert list(found) == ids
    assert found == {each.id: rubric_evidence(session, each) for each in (sitting, *others)}
    assert [found[each][0].settled for each in ids] == [True, False, False, False]


def test_agreement_of_a_job(session: Session, here: rounds.Round, rita: Seat, omar: Seat, moment: datetime) -> None:
    later = moment + timedelta(hours=4)
    for number in range(5):
        sitting = rounds.sat(session, here, f"Flint {number}", moment)
        mark_all(session, rita, sitting, [1, 5, 3, 0], later)
        mark_all(session, omar, sitting, [1, 5, 4, 2], later, done=number < 4)
    found = agreement_of(session, here.owner, here.job)
    assert (found.n, found.close, found.one_cannot_judge, found.kappa) == (12, 12, 4, None)
    with pytest.raises(NotAllowed):
        agreement_of(session, rita, here.job)


def test_previews_and_work_of_other_teams_are_not_found(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, moment: datetime
) -> None:
    assert sitting_of(session, rita, sitting.id).id == sitting.id
    assert sitting_of(session, rita, sitting.id, here.job.id).id == sitting.id
    other = rounds.make_round(session, moment, name="Others")
    preview = rounds.sat(session, here, "Preview 1", moment)
    session.get_one(Candidate, preview.candidate_id).preview = True
    session.flush()
    for seat, sitting_id, job_id in (
        (rita, preview.id, None),
        (rita, "made-up", None),
        (rita, sitting.id, other.job.id),
        (other.owner, sitting.id, None),
    ):
        with pytest.raises(NotFound, match="no such take-home"):
            sitting_of(session, seat, sitting_id, job_id)


def test_every_act_is_in_the_log_without_levels_and_work(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, later: datetime
) -> None:
    mark_all(session, rita, sitting, [5, 3, 3, 3], later)
    mark_all(session, omar, sitting, [2, 3, 3, 3], later)
    reopen_marking(session, rita, sitting, later)
    undo_mark(session, rita, sitting, keys(session, sitting)[3], later)
    write_notes(session, rita, sitting, "secret notes", later)
    rows = [row for row in entries(session, f"team:{here.team.id}") if row.actor == rita.member.person_id]
    acts = [row.act for row in rows]
    assert acts == ["marking.begin", *["mark.give"] * 4, "marking.finish", "marking.reopen", "mark.undo", "marking.notes"]
    assert all(row.details["sitting"] == sitting.id for row in rows)
    assert rows[6].details["others_seen"] is True
    assert not any("level" in row.details or "notes" in row.details or "evidence" in row.details for row in rows)


def test_a_name_is_seen_with_a_reason_or_after_the_decision(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, later: datetime
) -> None:
    manager = rounds.join(session, here.team, Role.manager, later)
    assert not may_see_name(session, here.owner, sitting)
    with pytest.raises(NotAllowed):
        unblind(session, rita, sitting, "curious", later)
    with pytest.raises(Invalid, match="Say why"):
        unblind(session, here.owner, sitting, " ", later)
    unblind(session, here.owner, sitting, "a reference has to be called", later)
    unblind(session, here.owner, sitting, "again", later + HOUR)
    [row] = session.exec(select(Unblinding)).all()
    assert (row.reason, row.at) == ("a reference has to be called", later)
    logged = [row for row in entries(session, f"team:{here.team.id}") if row.act == "sitting.unblind"]
    assert [(row.actor, row.details) for row in logged] == [(here.owner.member.person_id, {"sitting": sitting.id})]
    assert candidate_seen(session, here.owner, sitting).name == rounds.MIRA["name"]
    assert not may_see_name(session, manager, sitting), "it is one member who sees it"
    with pytest.raises(NotAllowed):
        candidate_seen(session, manager, sitting)
    session.add(Decision(sitting_id=sitting.id, outcome="decline", by=here.owner.member.person_id, at=later))
    session.flush()
    assert may_see_name(session, manager, sitting)
    assert not may_see_name(session, rita, sitting)


def test_looks_are_logged_once_an_hour(
    session: Session, here: rounds.Round, sitting: Sitting, rita: Seat, omar: Seat, moment: datetime, later: datetime
) -> None:
    other = rounds.sat(session, here, "Agate 14", moment)
    looks = [
        note_look(session, rita, sitting, later),
        note_look(session, rita, sitting, later + timedelta(minutes=59)),
        note_look(session, rita, other, later + timedelta(minutes=59)),
        note_look(session, omar, sitting, later + timedelta(minutes=59)),
        note_look(session, rita, sitting, later + timedelta(minutes=60)),
    ]
    assert looks == [True, False, True, True, True]
    logged = [row for row in entries(session, f"team:{here.team.id}") if row.act == "sitting.look"]
    assert [row.details["sitting"] for row in logged] == [sitting.id, other.id, sitting.id, sitting.id]
