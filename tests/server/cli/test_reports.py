"""`touchstone reports verify`, as a person types it, and a regrade that changes a report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine
from sqlmodel import col, select

from server.assessments.decisions.decision import Wording, decide, mark_of
from server.assessments.decisions.gathering import seen_of
from server.assessments.invitations.mail import JOB_KIND
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.decisions import CandidateReport
from server.cli.grading.regrade import regrade
from server.cli.reports import reports
from server.database.engine import session_factory
from server.grading.tables import Regrade, RegradeRow
from server.queue.tables import Job
from server.reports.issue import issue_report
from server.reports.signing import envelope, pem_of, signer_of
from tests import rounds
from tests.people import MOMENT

SECRET, OTHER = "s" * 40, "t" * 40
DOCUMENT = {"candidate": "Mira Santos", "job": "ML engineer", "team": "Northwind ML", "issued_at": "2026-11-24T09:00:00+00:00"}


def verified(tmp_path: Path, report: bytes, *options: str, secret: str = SECRET) -> Result:
    file = tmp_path / "report.json"
    file.write_bytes(report)
    environ = {"TOUCHSTONE_DATA": str(tmp_path / "data"), "TOUCHSTONE_SECRET": secret}
    return CliRunner().invoke(reports, ["verify", str(file), *options], env=environ)


@pytest.fixture
def report() -> bytes:
    signer = signer_of(SECRET, "http://localhost")
    return envelope(*signer.sign({**DOCUMENT, "signed": {"key": signer.fingerprint}})).encode()


def test_genuine_changed_foreign_and_no_report(tmp_path: Path, report: bytes) -> None:
    found = verified(tmp_path, report)
    assert (found.exit_code, found.output.splitlines()) == (
        0,
        [
            "Genuine: Issued by this site, and unchanged since. Mira Santos, ML engineer at Northwind ML, "
            "issued 2026-11-24T09:00:00+00:00."
        ],
    )
    changed = verified(tmp_path, report.replace(b"Mira", b"Mara"))
    assert (changed.exit_code, "At least one byte differs" in changed.output) == (1, True)
    foreign = verified(tmp_path, report, secret=OTHER)
    assert (foreign.exit_code, "names another key" in foreign.output) == (1, True)
    nothing = verified(tmp_path, b"%PDF-1.7")
    assert (nothing.exit_code, "whole JSON file" in nothing.output) == (2, True)
    assert verified(tmp_path, report, "--json").exit_code == 0
    read = json.loads(verified(tmp_path, report, "--json").output)
    assert (read["found"], read["report"]["candidate"]) == ("genuine", "Mira Santos")


def test_the_key_of_another_site_is_enough(tmp_path: Path, report: bytes) -> None:
    """What the page /reports/key gives, with its last line."""
    key = tmp_path / "key.txt"
    public = signer_of(SECRET, "http://localhost").public
    key.write_text(f"{pem_of(public)}fingerprint 0123\n")
    assert verified(tmp_path, report, "--key", str(key), secret=OTHER).exit_code == 0
    key.write_text("no key")
    wrong = verified(tmp_path, report, "--key", str(key))
    assert (wrong.exit_code, "holds no public key" in wrong.output) == (2, True)


def test_a_regrade_that_is_applied_issues_the_reports_that_it_changes_again(sqlite_engine: Engine, tmp_path: Path) -> None:
    with session_factory(sqlite_engine)() as session:
        here = rounds.make_round(session, MOMENT)
        sitting = rounds.sat(session, here, "Agate 14", MOMENT)
        [result, _] = rounds.graded(session, sitting, MOMENT, share=0.0)
        rounds.marked(session, here, sitting, MOMENT)
        seen = seen_of(session, sitting)
        decide(session, here.owner, sitting, Wording("hold", "", "Thank you", mark_of(seen)), seen, MOMENT)
        issue_report(session, sitting, signer_of(SECRET, "http://localhost"), MOMENT)
        submission = tasks_of(session, sitting)[0].submission_id
        assert submission == result.submission_id
        made = Regrade(
            exercise_slug=rounds.CODING,
            exercise_digest=result.exercise_digest,
            environment="other",
            reason="A check was wrong",
            state="proposed",
            proposed_by="x",
            created_at=MOMENT,
        )
        session.add(made)
        session.flush()
        better = [{**row, "outcome": "passed", "points": row["possible"]} for row in result.outcomes]
        columns = {name: getattr(result, name) for name in ("points", "possible", "solved", "repairs", "cells", "seconds")}
        session.add(
            RegradeRow(regrade_id=made.id, submission_id=submission, result_id=result.id, grade=columns | {"outcomes": better})
        )
        session.commit()
        before = len(session.exec(select(Job).where(Job.kind == JOB_KIND)).all())
    environ = {
        "TOUCHSTONE_DATA": str(tmp_path / "data"),
        "TOUCHSTONE_SECRET": SECRET,
        "TOUCHSTONE_DATABASE_URL": sqlite_engine.url.render_as_string(),
    }
    applied = CliRunner().invoke(regrade, ["apply", made.id], env=environ)
    assert (applied.exit_code, applied.output.splitlines()[-1]) == (
        0,
        "Reports that it changes were issued again: 1.",
    )
    with session_factory(sqlite_engine)() as session:
        issued = session.exec(select(CandidateReport).order_by(col(CandidateReport.issued_at))).all()
        told = [job.payload for job in session.exec(select(Job).where(Job.kind == JOB_KIND))]
        assert told.count({"candidate": sitting.candidate_id}) == before + 1
        assert [json.loads(each.document)["asked"][0]["checks"][0]["outcome"] for each in issued] == ["failed", "passed"]
