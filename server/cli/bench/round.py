"""A round of hiring for a benchmark: a team and a job with a published blueprint, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from server.accounts.tables import Person
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.rights import Role
from server.bank.versions import newest_digest


def published_blueprint(
    session: Session, owner: Person, slugs: Sequence[str], minutes: int, markers: int, now: datetime
) -> BlueprintRow:
    """Of exercises that are in the bank."""
    team = Team(name="Bench", created_at=now)
    session.add_all((owner, team))
    session.flush()
    session.add(Member(team_id=team.id, person_id=owner.id, role=Role.owner, joined_at=now))
    job = HiringJob(team_id=team.id, title="ML engineer", advert="", role="ml_engineer", created_at=now, changed_at=now)
    session.add(job)
    session.flush()
    blueprint = BlueprintRow(
        team_id=team.id,
        job_id=job.id,
        version=1,
        state="published",
        stated_minutes=minutes,
        markers=markers,
        tasks=[{"slug": slug, "digest": newest_digest(session, slug)} for slug in slugs],
        created_by=owner.id,
        created_at=now,
        changed_at=now,
        previewed_at=now,
        published_at=now,
    )
    session.add(blueprint)
    session.flush()
    return blueprint
