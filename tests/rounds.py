"""A round of hiring for tests: a team, a job with a published blueprint, candidates who sit it, results as graders store them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from server.accounts.tables import Person
from server.assessments.marking.marks import finish_marking, give_mark, reopen_marking
from server.assessments.marking.rubrics import LineKey, lines_of
from server.assessments.sittings.courses import seat_candidate
from server.assessments.sittings.sitting import Drawn, hand_in_sitting, start_sitting, tasks_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob, NeedRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_CANDIDATE, Sitting, SittingTask
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.rights import Role
from server.assessments.teams.seats import Seat
from server.bank.tables import Exercise as Listed
from server.bank.versions import exercise_version
from server.exercise_format.question import Short
from server.grading.outcome import Grade, Outcome, State
from server.grading.results import store_result
from server.grading.tables import Result, Submission
from server.workspaces.cells import save_source
from server.workspaces.tables import Workspace, WorkspaceCell
from tests.drafts import fill_bank

CODING, MARKED = "softmax-cross-entropy-stable", "frame-a-support-ticket-router"  # the second has written answers with a rubric
MIRA = {"name": "Mira Santos", "email": "mira.santos@example.org", "notes": "University of Lisbon, PhD"}


@dataclass
class Round:
    team: Team
    job: HiringJob
    blueprint: BlueprintRow
    owner: Seat


def make_round(session: Session, now: datetime, slugs: Sequence[str] = (CODING, MARKED), name: str = "Northwind ML") -> Round:
    """A team whose job has a published blueprint of these exercises: one strength in coding, one floor in the applied work."""
    team = Team(name=name, created_at=now)
    session.add(team)
    session.flush()
    owner = join(session, team, Role.owner, now)
    job = HiringJob(
        team_id=team.id, title="ML engineer", advert="", role="ml_engineer", musts=["Python"], created_at=now, changed_at=now
    )
    session.add(job)
    session.flush()
    return publish(session, owner, job, now, slugs)


def publish(session: Session, owner: Seat, job: HiringJob, now: datetime, slugs: Sequence[str]) -> Round:
    """The same for a job that a team has already."""
    fill_bank(session, now)
    team = owner.team
    blueprint = BlueprintRow(
        team_id=team.id,
        job_id=job.id,
        version=1,
        state="published",
        stated_minutes=120,
        about="Six people who forecast demand.",
        contact="dana@example.org",
        tasks=[{"slug": slug, "digest": digest_of(session, slug)} for slug in slugs],
        created_by=owner.member.person_id,
        created_at=now,
        changed_at=now,
        previewed_at=now,
        published_at=now,
    )
    session.add(blueprint)
    session.flush()
    add_need(session, blueprint, floor=False, kind="coding", share=0.7, now=now)
    add_need(session, blueprint, floor=True, kind="applied", share=0.6, now=now)
    return Round(team, job, blueprint, owner)


def digest_of(session: Session, slug: str) -> str:
    return session.exec(select(Listed.digest).where(Listed.slug == slug)).one()


def add_need(session: Session, blueprint: BlueprintRow, *, floor: bool, kind: str, share: float, now: datetime) -> NeedRow:
    need = NeedRow(
        blueprint_id=blueprint.id, position=int(floor), floor=floor, kind=kind, minutes=30, level=1, share=share, written_at=now
    )
    session.add(need)
    session.flush()
    return need


def join(session: Session, team: Team, role: Role, now: datetime, name: str = "") -> Seat:
    """A new person with this role in the team."""
    person = Person(name=name or f"A {role.value}", email=None, created_at=now)
    session.add(person)
    session.flush()
    person.email = f"{person.id}@example.org"
    member = Member(team_id=team.id, person_id=person.id, role=role, joined_at=now)
    session.add(member)
    session.flush()
    return Seat(team, member)


def invited(session: Session, here: Round, code: str, now: datetime, **more: str) -> Candidate:
    """A candidate who opened the link: with a hidden person, and two weeks to begin."""
    hidden = Person(created_at=now)
    session.add(hidden)
    session.flush()
    candidate = Candidate(
        team_id=here.team.id,
        job_id=here.job.id,
        blueprint_id=here.blueprint.id,
        code=code,
        person_id=hidden.id,
        opens_at=now,
        closes_at=now + timedelta(days=14),
        invited_by=here.owner.member.person_id,
        created_at=now,
        sent_at=now,
        opened_at=now,
        **(MIRA | more),
    )
    session.add(candidate)
    session.flush()
    return candidate


def start(session: Session, candidate: Candidate, now: datetime) -> Sitting:
    """Begin, with the exercises that the blueprint froze and numbers of seed 7 where none are drawn by code."""
    blueprint = session.get_one(BlueprintRow, candidate.blueprint_id)
    drawn = [Drawn(exercise_version(session, task["slug"], task["digest"]), task["digest"], 7, {}) for task in blueprint.tasks]
    return start_sitting(session, candidate, drawn, now)


def write(session: Session, sitting: Sitting, text: str, now: datetime) -> int:
    """The same text into every cell that a candidate can answer in. Returns how many there were."""
    count = 0
    for task in tasks_of(session, sitting):
        workspace = session.get_one(Workspace, task.workspace_id)
        cells = select(WorkspaceCell).where(WorkspaceCell.workspace_id == workspace.id)
        for cell in session.exec(cells.where(col(WorkspaceCell.role).in_(("answer", "question")))).all():
            save_source(session, workspace, cell.id, text, cell.version, now)
            count += 1
    return count


def hand_in(session: Session, candidate: Candidate, now: datetime) -> Sitting:
    seated = seat_candidate(session, candidate)
    assert seated.sitting is not None
    assert hand_in_sitting(session, seated, BY_CANDIDATE, now)
    return seated.sitting


def sat(session: Session, here: Round, code: str, now: datetime, **more: str) -> Sitting:
    """Invited, begun, written and handed in an hour later."""
    candidate = invited(session, here, code, now, **more)
    sitting = start(session, candidate, now)
    write(session, sitting, "# my answer", now + timedelta(minutes=30))
    return hand_in(session, candidate, now + timedelta(minutes=60))


def submission_of_task(session: Session, task: SittingTask) -> Submission:
    return session.get_one(Submission, task.submission_id)


def graded(session: Session, sitting: Sitting, now: datetime, share: Mapping[str, float] | float = 1.0) -> list[Result]:
    """Results as graders store them, made without running anything: of each exercise's rows the first `share` pass."""
    results = []
    for task in tasks_of(session, sitting):
        part = share if isinstance(share, float) else share.get(task.exercise_slug, 1.0)
        submission = submission_of_task(session, task)
        results.append(store_result(session, submission, _grade(session, submission, part), "made-up", now)[0])
    return results


def marked(session: Session, here: Round, sitting: Sitting, now: datetime, level: int = 5, markers: int = 2) -> list[Seat]:
    """By so many new reviewers, the same level on every line."""
    seats = [join(session, here.team, Role.reviewer, now) for _ in range(markers)]
    for seat in seats:
        for line in lines_of(session, sitting):
            give_mark(session, seat, sitting, line.key, level, "as it says", now)
        finish_marking(session, seat, sitting, now)
    return seats


def change_mark(session: Session, seat: Seat, sitting: Sitting, line: LineKey, level: int, now: datetime) -> None:
    """One marker opens their marks again, gives another level and is done once more."""
    reopen_marking(session, seat, sitting, now)
    give_mark(session, seat, sitting, line, level, "on second thought", now)
    finish_marking(session, seat, sitting, now)


def _grade(session: Session, submission: Submission, share: float) -> Grade:
    exercise = exercise_version(session, submission.exercise_slug, submission.exercise_digest)
    checks = [(check.name, check.hidden, check.points, False) for check in exercise.checks]
    asked = [(each.name, False, each.points, True) for each in exercise.questions if not isinstance(each, Short)]
    decided = [*checks, *asked]
    good = round(share * len(decided))
    outcomes = [
        Outcome(name, hidden, State.passed if n < good else State.failed, points if n < good else 0.0, points, "", question=asks)
        for n, (name, hidden, points, asks) in enumerate(decided)
    ]
    written = [each for each in exercise.questions if isinstance(each, Short)]
    outcomes += [Outcome(each.name, False, State.to_mark, 0.0, 0.0, "", question=True) for each in written]
    points, possible = sum(row.points for row in outcomes), sum(row.possible for row in outcomes)
    return Grade(tuple(outcomes), points, possible, (), (), 1.0, 0.5)
