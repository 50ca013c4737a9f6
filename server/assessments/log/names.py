"""What stands in the log for the ids of its rows: names of members, codes of candidates, titles."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from server.accounts.tables import Person
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.audit.tables import AuditRow
from server.bank.tables import Exercise as Listed

ANY_CANDIDATE = "candidate:"  # how a candidate stands there as an actor


@dataclass(frozen=True, slots=True)
class Names:
    """What stands for the ids of some rows."""

    persons: Mapping[str, str]
    candidates: Mapping[str, str]
    sittings: Mapping[str, str]
    jobs: Mapping[str, str]
    blueprints: Mapping[str, str]
    exercises: Mapping[str, str]


def names_of(session: Session, team_id: str, rows: Sequence[AuditRow]) -> Names:
    def ids(name: str) -> set[str]:
        return {str(row.details[name]) for row in rows if name in row.details}

    acted = {row.actor.removeprefix(ANY_CANDIDATE) for row in rows}
    sittings = _sittings(session, team_id, ids("sitting"))
    candidates = _pairs(session, Candidate.id, Candidate.code, acted | ids("candidate") | set(sittings.values()))
    jobs = _pairs(session, HiringJob.id, HiringJob.title, ids("job"))
    titles = _pairs(session, Listed.slug, Listed.title, ids("exercise"))
    return Names(
        persons=_pairs(session, Person.id, Person.name, acted | ids("person")),
        candidates=candidates,
        sittings={sitting: candidates[one] for sitting, one in sittings.items() if one in candidates},
        jobs={job_id: f"the job {title}" for job_id, title in jobs.items()},
        blueprints=_blueprints(session, ids("blueprint")),
        exercises={slug: titles.get(slug, slug) for slug in ids("exercise")},
    )


def _pairs(session: Session, key: Any, value: Any, ids: Collection[str]) -> dict[str, str]:
    return dict(session.exec(select(key, value).where(col(key).in_(ids))).all()) if ids else {}


def _sittings(session: Session, team_id: str, ids: Collection[str]) -> dict[str, str]:
    """-> the candidate of each sitting; of those that were erased the log itself knows it."""
    found = _pairs(session, Sitting.id, Sitting.candidate_id, ids)
    if len(found) < len(ids):
        erased = select(AuditRow.details).where(AuditRow.subject == f"team:{team_id}", AuditRow.act == "candidate.erase")
        for details in session.exec(erased):
            found.setdefault(str(details.get("sitting", "")), str(details.get("candidate", "")))
    return found


def _blueprints(session: Session, ids: Collection[str]) -> dict[str, str]:
    wanted = select(BlueprintRow.id, BlueprintRow.version, HiringJob.title).join(
        HiringJob, col(HiringJob.id) == col(BlueprintRow.job_id)
    )
    rows = session.exec(wanted.where(col(BlueprintRow.id).in_(ids))).all() if ids else []
    return {one: f"version {version} of the blueprint of {title}" for one, version, title in rows}
