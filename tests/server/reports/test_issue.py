"""The report is issued at the decision, says what was asked and found, and holds nothing of what is hidden in an exercise."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, col, select

from server.assessments.decisions.decision import Wording, decide, decision_of, mark_of, when
from server.assessments.decisions.gathering import seen_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.blueprints import NeedRow
from server.assessments.tables.decisions import CandidateReport
from server.assessments.tables.incidents import Quarantine
from server.assessments.tables.sittings import Outage, Sitting
from server.audit.log import entries
from server.bank.tables import Exercise as Listed
from server.bank.versions import exercise_version
from server.errors import Conflict
from server.exercise_format.exercise import Exercise
from server.grading.handed_in.submissions import result_of
from server.grading.outcome import Outcome, Reason, State
from server.grading.tables import Regrade, Result
from server.reports.document import message_of
from server.reports.issue import issue_again, issue_report, newest_report
from server.reports.signing import Found, envelope, signer_of, verify_report
from tests import rounds
from tests.rounds import Round

SIGNER = signer_of("s" * 40, "https://practice.example.org")
DAY = timedelta(days=1)
CANARY = "canary 8231: the answer is 0.731"


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


def judged(
    session: Session, here: Round, moment: datetime, code: str = "Agate 14", share: float = 1.0, level: int = 4
) -> Sitting:
    sitting = rounds.sat(session, here, code, moment)
    rounds.graded(session, sitting, moment, share=share)
    rounds.marked(session, here, sitting, moment, level=level)
    return sitting


def settled(session: Session, here: Round, sitting: Sitting, now: datetime, feedback: str = "Thank you") -> Sitting:
    seen = seen_of(session, sitting)
    before = decision_of(session, sitting)
    shown = when(before.at if before else None)
    wording = Wording("decline", "Only for us", feedback, mark_of(seen), "in a test", shown)
    decide(session, here.owner, sitting, wording, seen, now)
    return sitting


def issued(session: Session, sitting: Sitting, now: datetime) -> dict[str, Any]:
    report = issue_report(session, sitting, SIGNER, now)
    found = verify_report(envelope(report.document, report.signature).encode(), SIGNER.public)
    assert (found.found, found.issued_at) == (Found.genuine, report.issued_at)
    read: dict[str, Any] = json.loads(report.document)
    return read


def test_there_is_no_report_before_the_decision(session: Session, here: Round, moment: datetime) -> None:
    with pytest.raises(Conflict, match="not decided yet"):
        issue_report(session, judged(session, here, moment), SIGNER, moment)


def test_it_says_who_what_when_and_how_long(session: Session, here: Round, moment: datetime) -> None:
    sitting = settled(session, here, judged(session, here, moment), moment + DAY)
    session.add(Outage(since=moment, until=moment + timedelta(minutes=10)))
    sitting.disclosure = "An assistant for the plots."
    session.flush()
    report = issued(session, sitting, moment + DAY)
    assert (report["candidate"], report["team"], report["job"]) == ("Mira Santos", "Northwind ML", "ML engineer")
    assert report["minutes"] == {"stated": 120, "used": 50, "given_back": 10}
    assert (report["started_at"], report["decided_at"]) == (moment.isoformat(), (moment + DAY).isoformat())
    assert report["ai"]["rule"] == "AI tools: allowed, with disclosure"
    assert (report["ai"]["disclosure"], report["marked_by"]) == ("An assistant for the plots.", 2)
    assert report["signed"] == {
        "algorithm": "Ed25519",
        "key": SIGNER.fingerprint,
        "verify": "https://practice.example.org/reports/verify",
    }
    assert report["feedback"] == "Thank you"
    assert "Only for us" not in json.dumps(report) and "decline" not in json.dumps(report)


def test_it_says_what_was_asked_and_what_each_check_and_line_came_to(session: Session, here: Round, moment: datetime) -> None:
    report = issued(session, settled(session, here, judged(session, here, moment, share=0.5), moment), moment)
    code, text = report["asked"]
    assert (code["title"], code["kind"], code["minutes"], code["version"]) == (
        "Cross-entropy that survives huge logits",
        "coding",
        25,
        2,
    )
    exercise = exercise_version(session, rounds.CODING)
    assert [(each["name"], each["hidden"]) for each in code["checks"]] == [(c.name, c.hidden) for c in exercise.checks]
    assert sum(each["points"] for each in code["checks"]) == 8.0
    assert len(text["marked"]) == 6
    first = text["marked"][0]
    assert (first["line"], first["level"], first["of"]) == ("goal and decision", 4.0, 5)
    assert first["anchor"].startswith("names a change (less waiting")
    assert [(each["name"], each["floor"], each["asked"], each["verdict"]) for each in report["needs"]] == [
        ("coding", False, 70, "not enough evidence"),
        ("applied", True, 60, "not enough evidence"),
    ]
    assert report["verdict"] == "Not enough evidence: applied, coding"
    assert "percentile" not in report["needs"][0]


def test_of_a_hidden_check_it_says_only_what_its_author_wrote_for_this(session: Session, here: Round, moment: datetime) -> None:
    """Messages of asserts and of programs, and notes of `award`, can hold inputs and expected values."""
    exercise = exercise_version(session, rounds.CODING)
    hidden = next(check for check in exercise.checks if check.hidden)
    shown = next(check for check in exercise.checks if not check.hidden)
    for state in State:
        text = message_of(exercise, Outcome(hidden.name, True, state, 0.0, 1.0, CANARY, mistake=CANARY))
        assert CANARY not in text
        assert bool(text) == (state is not State.passed)
    assert message_of(exercise, Outcome(hidden.name, True, State.failed, 0.0, 1.0, CANARY)) == hidden.message
    assert message_of(exercise, Outcome("gone from this version", True, State.failed, 0.0, 1.0, CANARY)) == ""
    secret = replace(exercise, front=replace(exercise.front, hidden_policy="name"))
    assert message_of(secret, Outcome(hidden.name, True, State.crashed, 0.0, 1.0, CANARY)) == "A hidden check failed."
    assert message_of(exercise, Outcome(shown.name, False, State.failed, 0.0, 1.0, "Your value was 3")) == "Your value was 3"


def test_of_a_question_it_gives_the_reasons_for_what_was_chosen_and_no_key(session: Session, here: Round) -> None:
    exercise = exercise_version(session, rounds.MARKED)
    reasons = (Reason("a", "That is the variance.", False), Reason("b", CANARY, True, chosen=False))
    row = Outcome("goal", False, State.failed, 0.0, 1.0, "Not this one.", question=True, reasons=reasons)
    assert message_of(exercise, row) == "Not this one. That is the variance."


def test_no_report_holds_code_of_checks_solutions_or_private_files(session: Session, moment: datetime) -> None:
    """Every exercise of the bank, failed throughout, with an assert's text that gives everything away."""
    rounds.make_round(session, moment)
    slugs = sorted(row.slug for row in session.exec(select(Listed)).all())
    for number, slug in enumerate(slugs):
        here = rounds.make_round(session, moment, slugs=(slug,), name=f"Team {number}")
        sitting = rounds.sat(session, here, f"Agate {number}", moment)
        [result] = rounds.graded(session, sitting, moment, share=0.0)
        exercise = exercise_version(session, slug)
        result.outcomes = [row | {"message": CANARY} if row["hidden"] else row for row in result.outcomes]
        session.flush()
        text = json.dumps(issued(session, settled(session, here, sitting, moment), moment), ensure_ascii=False)
        assert CANARY not in text
        found = [line for line in secrets_of(exercise) if line in text]
        assert found == [], slug


def secrets_of(exercise: Exercise) -> list[str]:
    """Lines long enough to be nobody's ordinary words."""
    sources = [check.source for check in exercise.checks]
    sources += [exercise.solution_source(answer) for answer in exercise.answers]
    sources += [mistake.body for mistake in exercise.mistakes] + [model.text for model in exercise.models]
    return [line.strip() for source in sources for line in source.splitlines() if len(line.strip()) > 15]


def test_the_same_report_is_not_issued_twice(session: Session, here: Round, moment: datetime) -> None:
    sitting = settled(session, here, judged(session, here, moment), moment)
    first = issue_report(session, sitting, SIGNER, moment)
    assert issue_report(session, sitting, SIGNER, moment + DAY).id == first.id
    settled(session, here, sitting, moment + DAY, feedback="Other words")
    second = issue_report(session, sitting, SIGNER, moment + DAY)
    newest = newest_report(session, sitting)
    assert newest is not None and newest.id == second.id != first.id
    assert [row.act for row in entries(session, f"team:{here.team.id}")].count("report.issue") == 2


def test_after_a_regrade_the_report_is_issued_again_where_it_changes(session: Session, here: Round, moment: datetime) -> None:
    changed = settled(session, here, judged(session, here, moment, "Agate 1", share=0.5), moment)
    same = settled(session, here, judged(session, here, moment, "Agate 2"), moment)
    undecided = judged(session, here, moment, "Agate 3", share=0.5)
    for sitting in (changed, same):
        issue_report(session, sitting, SIGNER, moment)
    session.add(
        Regrade(
            id="r1",
            exercise_slug=rounds.CODING,
            exercise_digest="d",
            environment="e",
            reason="A check asked for too much",
            proposed_by="x",
            created_at=moment,
        )
    )
    submissions = [regraded(session, sitting, moment + DAY) for sitting in (changed, undecided)]
    submissions += [task.submission_id or "" for task in tasks_of(session, same)]
    again = issue_again(session, submissions, SIGNER, moment + DAY)
    assert [report.sitting_id for report in again] == [changed.id]
    task = json.loads(again[0].document)["asked"][0]
    assert task["graded_again"] == "A check asked for too much"
    assert all(each["outcome"] == "passed" for each in task["checks"])
    kept = session.exec(select(CandidateReport).where(CandidateReport.sitting_id == changed.id)).all()
    assert len(kept) == 2


def regraded(session: Session, sitting: Sitting, now: datetime) -> str:
    """The first task again, everything right. Returns the submission."""
    submission = tasks_of(session, sitting)[0].submission_id
    assert submission is not None
    old = result_of(session, submission)
    assert old is not None
    better = [{**row, "outcome": "passed", "points": row["possible"]} for row in old.outcomes]
    columns = {"id": f"again-{submission[:8]}", "regrade_id": "r1", "outcomes": better, "created_at": now}
    session.add(Result(**old.model_dump() | columns))
    session.flush()
    return submission


def test_a_quarantined_task_is_told_as_one_that_counts_for_nobody(session: Session, here: Round, moment: datetime) -> None:
    session.add(Quarantine(team_id=here.team.id, exercise_slug=rounds.CODING, reason="Wrong", by="x", at=moment))
    report = issued(session, settled(session, here, judged(session, here, moment), moment), moment)
    assert [task["counts"] for task in report["asked"]] == [False, True]


def test_missing_marks_are_told_and_nothing_is_made_up(session: Session, here: Round, moment: datetime) -> None:
    sitting = rounds.sat(session, here, "Agate 14", moment)
    report = issued(session, settled(session, here, sitting, moment), moment)
    assert [task["missing"] for task in report["asked"]] == ["grading", "grading"]
    assert [(task["checks"], task["marked"]) for task in report["asked"]] == [([], []), ([], [])]
    assert [need["verdict"] for need in report["needs"]] == ["being graded", "being graded"]
    assert report["verdict"] == "Being graded"


def test_a_place_among_others_is_told_from_thirty_people_on(session: Session, moment: datetime) -> None:
    here = rounds.make_round(session, moment, slugs=(rounds.CODING,))
    floors = select(NeedRow).where(NeedRow.blueprint_id == here.blueprint.id, col(NeedRow.floor))
    session.delete(session.exec(floors).one())
    own = settled(session, here, judged(session, here, moment, "Agate 0", share=0.5), moment)
    for number in range(1, 29):
        judged(session, here, moment, f"Agate {number}", share=0.0 if number < 22 else 1.0)
    assert "percentile" not in issued(session, own, moment)["needs"][0]
    judged(session, here, moment, "Agate 29", share=0.5)
    need = issued(session, own, moment + DAY)["needs"][0]
    assert (need["percentile"], need["percentile_of"]) == (74, 30)  # 21 below and half of 1 beside, of 29
