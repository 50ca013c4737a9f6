"""What a candidate can take along: everything that is kept of them, nothing of others, nothing hidden of an exercise."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from server.accounts.sessions import open_session
from server.accounts.tables import Person
from server.all_tables import metadata
from server.assessments.sittings.courses import seat_candidate
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.audit.log import entries
from server.bank.versions import exercise_version
from server.grading.tables import Submission
from server.reports.own_data import export_own_data
from tests import rounds
from tests.canaries import whole_story
from tests.rounds import Round

DAY = timedelta(days=1)
MINE, THEIRS = "zq7mine", "zq7theirs"
# Every table with rows of a candidate: where they are in the file, or why they are not.
IN_THE_FILE = {
    "agreements": "settled",
    "appeals": "sitting.second_look",
    "candidate_reports": "reports",
    "candidates": "invitation",
    "decisions": "decision",
    "jobs": "waiting",
    "markings": "markings",
    "marks": "markings.marks",
    "problem_reports": "sitting.problems",
    "regrade_rows": "submissions.regrades",
    "results": "submissions.results",
    "sessions": "opened_in",
    "sitting_pauses": "sitting.pauses",
    "sitting_tasks": "sitting.tasks",
    "sittings": "sitting",
    "submissions": "submissions",
    "unblindings": "name_shown",
    "workspace_cells": "notebooks.cells",
    "workspace_events": "notebooks.events",
    "workspaces": "notebooks",
}
NONE_OF_THEM = {
    "attempts": "of practice",
    "links": "of accounts",
    "members": "of members",
    "member_invites": "of members",
    "progress": "of practice",
    "result_seals": "a digest, without anything of the person",
    "self_marks": "of practice",
}
OWNERS = {"candidate_id", "sitting_id", "person_id", "workspace_id", "submission_id", "result_id", "invited_by"}


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


def exported(session: Session, sitting: Sitting, now: datetime) -> dict[str, Any]:
    """As the file has it."""
    candidate = session.get_one(Candidate, sitting.candidate_id)
    found: dict[str, Any] = json.loads(json.dumps(export_own_data(session, seat_candidate(session, candidate), now)))
    return found


def test_every_table_with_rows_of_a_candidate_is_in_the_file_or_has_a_reason() -> None:
    tables = {table.name for table in metadata.sorted_tables if OWNERS & set(table.columns.keys())}
    assert tables - {"jobs"} <= IN_THE_FILE.keys() | NONE_OF_THEM.keys(), "say where the rows of a new table go"
    assert IN_THE_FILE.keys() - {"jobs", "candidates"} <= tables


def test_the_file_is_complete_and_only_theirs(session: Session, here: Round, moment: datetime) -> None:
    mine, theirs = (whole_story(session, here, code, word, moment) for code, word in (("Flint 03", MINE), ("Agate 14", THEIRS)))
    for sitting in (mine, theirs):
        candidate = session.get_one(Candidate, sitting.candidate_id)
        open_session(session, session.get_one(Person, candidate.person_id), moment)
    data = exported(session, mine, moment + DAY)
    text = json.dumps(data)
    assert THEIRS not in text and "Agate" not in text
    for path in IN_THE_FILE.values():
        if path != "sitting.pauses":
            assert reached(data, path), path
    said = f"This says {MINE}."
    assert (data["invitation"]["name"], data["invitation"]["notes"], data["invitation"]["bounce"]) == (MINE, said, said)
    assert data["sitting"]["disclosure"] == said
    assert data["sitting"]["survey"] == {"fair": "Fair"}
    assert [each["text"] for each in data["sitting"]["problems"]] == [said]
    assert (data["sitting"]["second_look"][0]["text"], data["sitting"]["second_look"][0]["answer"]) == (said, said)
    assert len(data["notebooks"]) == len(data["submissions"]) == 2
    assert all(any(said in json.dumps(event) for event in each["events"]) for each in data["notebooks"])
    assert all(said in each["notebook"] and said in json.dumps(each["results"]) for each in data["submissions"])
    assert [each["reason"] for submission in data["submissions"] for each in submission["regrades"]] == ["A check was wrong."]
    assert {mark["level"] for each in data["markings"] for mark in each["marks"]} == {1, 4}
    assert {each["level"] for each in data["settled"]} == {3}
    assert (data["decision"]["outcome"], data["decision"]["feedback"], data["decision"]["notes"][-len(said) :]) == (
        "go-on",
        said,
        said,
    )
    assert data["reports"][0]["report"]["candidate"] == MINE
    assert {each["kind"] for each in data["waiting"]} == {"candidate-mail"}


def reached(data: Any, path: str) -> Any:
    """What stands at the end of the path; through lists by their first."""
    for name in path.split("."):
        data = data[0] if isinstance(data, list) else data
        data = data[name]
    return data


def test_nobody_of_the_team_is_named(session: Session, here: Round, moment: datetime) -> None:
    sitting = whole_story(session, here, "Flint 03", MINE, moment)
    candidate = session.get_one(Candidate, sitting.candidate_id)
    people = [each for each in session.exec(select(Person)) if each.id != candidate.person_id]
    text = json.dumps(exported(session, sitting, moment))
    assert not [each.name for each in people if each.id in text or str(each.email) in text]
    assert not {each.name for each in people if each.name and each.name in text}
    assert candidate.token_hash not in text


def test_nothing_hidden_of_an_exercise_is_told(session: Session, here: Round, moment: datetime) -> None:
    sitting = rounds.sat(session, here, "Flint 03", moment)
    hidden = 0
    for result in rounds.graded(session, sitting, moment, share=0.0):
        submission = session.get_one(Submission, result.submission_id)
        exercise = exercise_version(session, submission.exercise_slug, submission.exercise_digest)
        result.outcomes = [{**row, "message": "assert f(17) == 0.731"} if row["hidden"] else row for row in result.outcomes]
        hidden += sum(check.hidden for check in exercise.checks)
        session.add(result)
    session.add(Decision(sitting_id=sitting.id, outcome="hold", by="olga", at=moment))
    session.flush()
    assert hidden
    data = exported(session, sitting, moment)
    told = [row for each in data["submissions"] for result in each["results"] for row in result["outcomes"]]
    assert sum(row["hidden"] for row in told) == hidden
    text = json.dumps(data)
    assert "0.731" not in text
    for submission in session.exec(select(Submission)):
        exercise = exercise_version(session, submission.exercise_slug, submission.exercise_digest)
        assert not [check.name for check in exercise.checks if check.hidden and json.dumps(check.source)[1:-1] in text]
        assert not [answer for answer in exercise.answers if json.dumps(exercise.solution_source(answer))[1:-1] in text]


def test_how_it_went_is_told_with_the_decision_or_when_the_answer_is_overdue(
    session: Session, here: Round, moment: datetime
) -> None:
    sitting = rounds.sat(session, here, "Flint 03", moment)
    rounds.graded(session, sitting, moment)
    rounds.marked(session, here, sitting, moment)
    handed_in = moment + timedelta(hours=1)
    early = exported(session, sitting, handed_in + 7 * DAY - timedelta(seconds=1))
    assert early["withheld"].endswith("once the team has decided, on 1 December 2026 at the latest.")
    assert not {"markings", "settled", "decision", "reports"} & early.keys()
    assert not [each for each in early["submissions"] if "results" in each]
    overdue = exported(session, sitting, handed_in + 7 * DAY)
    assert "withheld" not in overdue
    assert (len(overdue["markings"]), overdue["decision"]) == (2, None)
    session.add(Decision(sitting_id=sitting.id, outcome="hold", by="olga", at=moment))
    session.flush()
    decided = exported(session, sitting, handed_in)
    assert (decided["decision"]["outcome"], len(decided["submissions"][0]["results"])) == ("hold", 1)


def test_before_the_start_and_while_it_runs_there_is_a_file_too(session: Session, here: Round, moment: datetime) -> None:
    candidate = rounds.invited(session, here, "Flint 03", moment)
    data = export_own_data(session, seat_candidate(session, candidate), moment)
    assert (data["invitation"]["code"], data["notebooks"], "sitting" in data) == ("Flint 03", [], False)
    sitting = rounds.start(session, candidate, moment)
    rounds.write(session, sitting, "# half of it", moment)
    data = exported(session, sitting, moment)
    assert "# half of it" in json.dumps(data["notebooks"])
    assert "the day until which the team answers" in data["withheld"]


def test_the_log_tells_what_was_done_and_by_which_side(session: Session, here: Round, moment: datetime) -> None:
    sitting = whole_story(session, here, "Flint 03", MINE, moment)
    rounds.sat(session, here, "Agate 14", moment)
    lines = [(line["who"], line["what"]) for line in exported(session, sitting, moment)["log"]]
    assert lines[0] == ("you", "asked for an adjustment")
    assert ("somebody of the team", "was shown who Flint 03 is, with a reason") in lines
    assert lines[-1] == ("you", "downloaded everything that is kept")
    assert {who for who, _ in lines} == {"you", "somebody of the team"}
    last = entries(session, f"team:{here.team.id}")[-1]
    assert (last.act, last.actor) == ("candidate.export", f"candidate:{sitting.candidate_id}")
