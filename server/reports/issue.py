"""Issue a candidate's report: at the decision, and again when what it says has changed. Earlier ones are kept."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlmodel import Session, col, select

from server.assessments.decisions.decision import decision_of
from server.assessments.decisions.evidence import Seen, Work
from server.assessments.decisions.gathering import seen_by_sitting, seen_of
from server.assessments.invitations.mail import put_mail
from server.assessments.marking.agreement import Standing
from server.assessments.marking.markers import Marked, marked
from server.assessments.marking.rubrics import RubricLine, written_work
from server.assessments.sittings.courses import seat_candidate
from server.assessments.sittings.sitting import tasks_of
from server.assessments.sittings.times import times_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.decisions import CandidateReport, Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.tables.teams import Team
from server.audit.log import record
from server.bank.versions import exercise_version
from server.errors import Conflict
from server.exercise_format.template import fill_exercise
from server.grading.handed_in.submissions import result_of
from server.grading.results import outcomes_of
from server.grading.tables import Regrade
from server.reports.document import Json, LineRead, TaskGraded, Told, document
from server.reports.percentile import FEWEST, percentiles
from server.reports.signing import Signer
from server.workspaces.tables import Workspace

NOT_DECIDED = "The team has not decided yet. Your report comes with the decision."


def issue_report(session: Session, sitting: Sitting, signer: Signer, now: datetime) -> CandidateReport:
    """Signed. The newest one again when it says the same. Raises Conflict before the decision."""
    decision = decision_of(session, sitting)
    if decision is None:
        raise Conflict(NOT_DECIDED)
    made = document(_told(session, sitting, decision), signer, now)
    newest = newest_report(session, sitting)
    if newest is not None and _says(json.loads(newest.document)) == _says(made):
        return newest
    text, signature = signer.sign(made)
    report = CandidateReport(sitting_id=sitting.id, document=text, signature=signature, issued_at=now)
    session.add(report)
    session.flush()
    record(session, decision.by, "report.issue", f"team:{sitting.team_id}", {"sitting": sitting.id, "report": report.id}, now)
    return report


def _says(made: Json) -> Json:
    return {name: value for name, value in made.items() if name != "issued_at"}


def newest_report(session: Session, sitting: Sitting) -> CandidateReport | None:
    wanted = select(CandidateReport).where(CandidateReport.sitting_id == sitting.id)
    return session.exec(wanted.order_by(col(CandidateReport.issued_at).desc(), col(CandidateReport.id))).first()


def issue_again(session: Session, submissions: Collection[str], signer: Signer, now: datetime) -> list[CandidateReport]:
    """After a regrade of these submissions was applied: new reports for the candidates whose report it changes."""
    touched = select(SittingTask.sitting_id).where(col(SittingTask.submission_id).in_(submissions))
    reported = select(CandidateReport.sitting_id)
    found = session.exec(select(Sitting).where(col(Sitting.id).in_(touched), col(Sitting.id).in_(reported))).all()
    issued = [issue_report(session, sitting, signer, now) for sitting in found]
    return [report for report in issued if report.issued_at == now]


def tell_owners(session: Session, reports: Sequence[CandidateReport], now: datetime) -> None:
    """A mail to each, with the way to the report; for whoever issues them again and tells nothing else."""
    for report in reports:
        put_mail(session, session.get_one(Candidate, session.get_one(Sitting, report.sitting_id).candidate_id), now)


# What it is made of


def _told(session: Session, sitting: Sitting, decision: Decision) -> Told:
    candidate = session.get_one(Candidate, sitting.candidate_id)
    seated = seat_candidate(session, candidate)
    times, seen, marks = times_of(seated), seen_of(session, sitting), marked(session, sitting)
    assert times is not None  # a decision is about a take-home that was handed in
    works = zip(tasks_of(session, sitting), seen.works, strict=True)
    return Told(
        team=session.get_one(Team, sitting.team_id).name,
        job=session.get_one(HiringJob, candidate.job_id).title,
        candidate=candidate,
        blueprint=seated.blueprint,
        sitting=sitting,
        times=times,
        decision=decision,
        seen=seen,
        tasks=[_graded(session, task, work, marks) for task, work in works],
        markers=sum(marking.done_at is not None for marking in marks.counting),
        percentiles=_percentiles(session, seated.blueprint, sitting, seen),
    )


def _graded(session: Session, task: SittingTask, work: Work, marks: Marked) -> TaskGraded:
    result = result_of(session, task.submission_id) if task.submission_id else None
    digest = result.exercise_digest if result else task.exercise_digest
    values = session.get_one(Workspace, task.workspace_id).values
    regrade = session.get(Regrade, result.regrade_id) if result and result.regrade_id else None
    return TaskGraded(
        work=work,
        exercise=fill_exercise(exercise_version(session, task.exercise_slug, digest), values),
        digest=digest,
        outcomes=outcomes_of(result) if result else (),
        lines=lines_read(session, task, marks),
        regraded=regrade.reason if regrade else "",
    )


def lines_read(session: Session, task: SittingTask, marks: Marked) -> list[LineRead]:
    """The settled lines of one task, with what their level looks like."""
    works = written_work(exercise_version(session, task.exercise_slug, task.exercise_digest))
    settled = ((work, line, marks.settled(line.key)) for work in works for line in work.lines)
    return [
        LineRead(work.titles[0] if len(work.titles) == 1 else "", line.words, found.level, anchor_of(line, found.level))
        for work, line, found in settled
        if found.standing is Standing.settled
    ]


def anchor_of(line: RubricLine, level: float | None) -> str:
    """The words of the highest level with words that was reached."""
    reached = [anchored for anchored in line.anchors if level is not None and anchored <= level]
    return line.anchors[max(reached)] if reached else ""


def _percentiles(session: Session, blueprint: BlueprintRow, sitting: Sitting, own: Seen) -> dict[str, tuple[int, int]]:
    others = others_seen(session, blueprint, sitting)
    return percentiles(own, others) if len(others) + 1 >= FEWEST else {}


def others_seen(session: Session, blueprint: BlueprintRow, sitting: Sitting) -> Sequence[Seen]:
    """Of everybody else who handed in the same blueprint."""
    wanted = select(Sitting).join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    mine = (Candidate.blueprint_id == blueprint.id, col(Candidate.preview).is_(False))
    found = session.exec(wanted.where(*mine, col(Sitting.handed_in_at).is_not(None), Sitting.id != sitting.id)).all()
    return list(seen_by_sitting(session, blueprint, {each.id: each.handed_in_at for each in found}).values())
