"""A candidate of whom everything is kept that can be: each text holds a word that is found wherever it comes to lie."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session

from server.assessments.decisions.appeals import answer_appeal, ask_second_look
from server.assessments.decisions.decision import Wording, decide, mark_of
from server.assessments.decisions.gathering import seen_of
from server.assessments.invitations.mail import put_mail
from server.assessments.marking.marks import finish_marking, give_mark, write_notes
from server.assessments.marking.reconciling import reconcile
from server.assessments.marking.rubrics import lines_of
from server.assessments.privacy.unblinding import unblind
from server.assessments.sittings.candidate_acts import answer_survey, ask_adjustment, disclose, report_problem
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.teams.rights import Role
from server.grading.seals import seal, seal_key
from server.grading.tables import Regrade, RegradeRow, Result
from server.reports.issue import issue_report
from server.reports.signing import signer_of
from server.workspaces.events import note
from server.workspaces.tables import Workspace
from tests import rounds
from tests.rounds import Round

SECRET = "s" * 40
MINUTE = timedelta(minutes=1)


def whole_story(session: Session, here: Round, code: str, word: str, now: datetime) -> Sitting:
    """Invited, sat, graded, marked twice, reconciled, decided, reported and appealed; `word` is in whatever anybody wrote."""
    said = f"This says {word}."
    candidate = rounds.invited(session, here, code, now, name=word, email=f"{word}@example.org", source=said, notes=said)
    ask_adjustment(session, candidate, said, now)
    candidate.adjustment_answer, candidate.bounce, candidate.token_hash = said, said, f"hash-of-{word}"
    sitting = rounds.start(session, candidate, now)
    work(session, candidate, sitting, said, now)
    results = rounds.graded(session, sitting, now)
    for result in results:
        result.cells = [{"id": "one", "status": "error", "error": said}]
        seal(session, result, seal_key(SECRET), now)
    say_about(session, here, sitting, said, now)
    grade_again(session, results[0], said, now)
    put_mail(session, candidate, now)
    session.flush()
    return sitting


def work(session: Session, candidate: Candidate, sitting: Sitting, said: str, now: datetime) -> None:
    """What the candidate writes, runs and says."""
    rounds.write(session, sitting, f"# {said}", now + MINUTE)
    for task in tasks_of(session, sitting):
        note(session, session.get_one(Workspace, task.workspace_id), "run", now + MINUTE, payload={"outputs": [said]})
    report_problem(session, candidate, sitting, 1, said, now + MINUTE)
    rounds.hand_in(session, candidate, now + 60 * MINUTE)
    disclose(session, candidate, sitting, said, now + 61 * MINUTE)
    answer_survey(session, sitting, {"fair": "Fair"})


def say_about(session: Session, here: Round, sitting: Sitting, said: str, now: datetime) -> None:
    """What the team says of it."""
    first, second = (rounds.join(session, here.team, Role.reviewer, now) for _ in range(2))
    lines = lines_of(session, sitting)
    for seat, level in ((first, 1), (second, 4)):
        for line in lines:
            give_mark(session, seat, sitting, line.key, level, said, now)
        write_notes(session, seat, sitting, said, now)
        finish_marking(session, seat, sitting, now)
    for line in lines:
        reconcile(session, here.owner, sitting, line.key, 3, said, now)
    unblind(session, here.owner, sitting, said, now)
    seen = seen_of(session, sitting)
    decide(session, here.owner, sitting, Wording("go-on", said, said, mark_of(seen), said), seen, now)
    issue_report(session, sitting, signer_of(SECRET, "http://localhost"), now)
    candidate = session.get_one(Candidate, sitting.candidate_id)
    ask_second_look(session, candidate, sitting, said, now)
    answer_appeal(session, here.owner, sitting, said, now)


def grade_again(session: Session, result: Result, said: str, now: datetime) -> None:
    """For trial: what was found lies beside the result."""
    regrade = Regrade(
        exercise_slug="x", exercise_digest="x", environment="x", reason="A check was wrong.", proposed_by="olga", created_at=now
    )
    session.add(regrade)
    session.flush()
    session.add(
        RegradeRow(regrade_id=regrade.id, submission_id=result.submission_id, result_id=result.id, grade={"cells": [said]})
    )
