"""The evidence of many take-homes at once, with a handful of queries.

What was judged once is kept in memory, with the state of the rows that it was judged from. Whether that state is still the same
is asked of the database each time, by counts, ids and moments that indexes answer, so nobody has to say when something changed;
what a transaction has judged that is rolled back then is never taken for what another one stores.

1. Ask for the state of every sitting (`_states`): results of its submissions, markings, agreements, the team's members and
   quarantines.
2. Those with the state that was seen before are taken from memory.
3. The rest is read and judged (`_judge`). While a result is missing nothing is kept: a submission's own state may change.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from threading import Lock
from typing import Any

from sqlalchemy import ColumnElement, Select, func, type_coerce
from sqlalchemy import select as select_columns
from sqlalchemy.orm import Mapped
from sqlalchemy.types import NullType
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from server.assessments.blueprints.blueprint import Task
from server.assessments.blueprints.versions import needs_of
from server.assessments.decisions.evidence import Missing, Seen, Work, asked, decided_by_machine, see
from server.assessments.decisions.rubric_evidence import RubricEvidence, rubric_evidence_of
from server.assessments.decisions.verdicts import Evidence
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.incidents import Quarantine
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Agreement, Marking
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.tables.teams import Member
from server.bank.versions import exercise_version
from server.grading.handed_in.submissions import counts
from server.grading.tables import Result, Submission

MOST_KEPT = 5_000  # some kilobytes each
AT_ONCE = 500

State = tuple[object, ...]

_kept: OrderedDict[str, tuple[State, Seen]] = OrderedDict()
_lock = Lock()


def seen_of(session: Session, sitting: Sitting) -> Seen:
    """One sitting against the blueprint that its candidate was invited to."""
    blueprint = session.get_one(BlueprintRow, session.get_one(Candidate, sitting.candidate_id).blueprint_id)
    return seen_by_sitting(session, blueprint, {sitting.id: sitting.handed_in_at})[sitting.id]


def seen_by_sitting(session: Session, blueprint: BlueprintRow, sittings: Mapping[str, datetime | None]) -> dict[str, Seen]:
    """`sittings`: of this blueprint, with the moment at which they were handed in."""
    states = _states(session, blueprint, sittings)
    found = {sitting_id: _recall(sitting_id, state) for sitting_id, state in states.items()}
    stale = [sitting_id for sitting_id, seen in found.items() if seen is None]
    judged: dict[str, Seen] = {}
    for first in range(0, len(stale), AT_ONCE):
        judged |= _judge(session, blueprint, {one: sittings[one] for one in stale[first : first + AT_ONCE]})
    for sitting_id, seen in judged.items():
        if seen.missing in (None, Missing.marking):
            _remember(sitting_id, states[sitting_id], seen)
    return {sitting_id: seen or judged[sitting_id] for sitting_id, seen in found.items()}


def _states(session: Session, blueprint: BlueprintRow, sittings: Mapping[str, datetime | None]) -> dict[str, State]:
    here = select(Sitting.id).join(Candidate, col(Candidate.id) == col(Sitting.candidate_id))
    ids = here.where(Candidate.blueprint_id == blueprint.id)
    if len(sittings) == 1:
        ids = ids.where(col(Sitting.id).in_(sittings))
    of_task = col(Result.submission_id) == col(SittingTask.submission_id)
    task_of = col(SittingTask.sitting_id)
    regrades = func.aggregate_strings(col(Result.regrade_id), ",")  # as many as results; empty for those of the first grading
    by_result = _grouped(session, select_columns(task_of, regrades).join(Result, of_task), task_of, ids)
    by_marking, by_agreement = (
        _grouped(session, select_columns(sitting, func.count(), func.count(moment), _as_stored(func.max(moment))), sitting, ids)
        for sitting, moment in (
            (col(Marking.sitting_id), col(Marking.done_at)),
            (col(Agreement.sitting_id), col(Agreement.at)),
        )
    )
    members = session.exec(select(Member.person_id).where(Member.team_id == blueprint.team_id)).all()
    shared = (blueprint.changed_at, frozenset(members), frozenset(quarantined(session, blueprint.team_id)))
    return {
        sitting_id: (handed_in, by_result.get(sitting_id), by_marking.get(sitting_id), by_agreement.get(sitting_id), *shared)
        for sitting_id, handed_in in sittings.items()
    }


def _as_stored(moment: ColumnElement[Any]) -> ColumnElement[Any]:
    """It is only compared with what it was: making a moment of each takes longer than the query."""
    return type_coerce(moment, NullType())


def _grouped(
    session: Session, wanted: Select[*tuple[Any, ...]], sitting: Mapped[Any], ids: SelectOfScalar[str]
) -> dict[str, tuple[object, ...]]:
    """By sitting, what is counted of its rows; its id comes first in `wanted`."""
    return {row[0]: tuple(row[1:]) for row in session.execute(wanted.where(sitting.in_(ids)).group_by(sitting))}


def quarantined(session: Session, team_id: str) -> dict[str, str]:
    """Exercises that the team took out of use, with the reason."""
    wanted = select(Quarantine).where(Quarantine.team_id == team_id, col(Quarantine.lifted_at).is_(None))
    return {row.exercise_slug: row.reason for row in session.exec(wanted.order_by(col(Quarantine.at)))}


def _judge(session: Session, blueprint: BlueprintRow, sittings: Mapping[str, datetime | None]) -> dict[str, Seen]:
    strengths, floors = map(asked, needs_of(session, blueprint))
    works = _works(session, blueprint.team_id, sittings)
    return {
        sitting_id: see(strengths, floors, works[sitting_id], running=handed_in is None)
        for sitting_id, handed_in in sittings.items()
    }


def _works(session: Session, team_id: str, sittings: Collection[str]) -> dict[str, list[Work]]:
    """The tasks of each sitting in their order."""
    columns = (SittingTask.sitting_id, SittingTask.exercise_slug, SittingTask.exercise_digest, SittingTask.submission_id)
    wanted = select_columns(*map(col, columns)).where(col(SittingTask.sitting_id).in_(sittings))
    rows = session.execute(wanted.order_by(col(SittingTask.position))).all()
    decided = _decided(session, sittings)
    faults = _faults(session, [submission for *_, submission in rows if submission is not None and submission not in decided])
    marked: dict[tuple[str, str], list[RubricEvidence]] = defaultdict(list)
    for sitting_id, found in rubric_evidence_of(session, sittings).items():
        for row in found:
            marked[sitting_id, row.exercise_slug].append(row)
    out_of_use = quarantined(session, team_id)
    tasks = {version: _task(session, *version) for version in {(slug, digest) for _, slug, digest, _ in rows}}
    works: dict[str, list[Work]] = {sitting_id: [] for sitting_id in sittings}
    for sitting_id, slug, digest, submission in rows:
        task, title = tasks[slug, digest]
        rubric = marked[sitting_id, slug]
        missing = _missing(submission, submission in decided, submission in faults, rubric)
        work = Work(task, title, decided.get(submission or ""), _marked(rubric), missing, slug in out_of_use)
        works[sitting_id].append(work)
    return works


def _decided(session: Session, sittings: Collection[str]) -> dict[str, Evidence]:
    """By submission, from the result that counts."""
    of_task = col(Result.submission_id) == col(SittingTask.submission_id)
    wanted = select(Result.submission_id, Result.outcomes).join(SittingTask, of_task)
    found = session.exec(wanted.where(col(SittingTask.sitting_id).in_(sittings), counts()))
    return {submission: decided_by_machine(outcomes) for submission, outcomes in found}


def _faults(session: Session, submissions: Collection[str]) -> set[str]:
    """Those that we could not grade."""
    if not submissions:
        return set()
    wanted = select(Submission.id).where(col(Submission.id).in_(submissions), Submission.state == "our_fault")
    return set(session.exec(wanted))


def _missing(submission: str | None, graded: bool, fault: bool, rubric: Collection[RubricEvidence]) -> Missing | None:
    if submission is None or not graded:
        return Missing.fault if fault else Missing.grading
    return None if all(row.settled for row in rubric) else Missing.marking


def _marked(rubric: Collection[RubricEvidence]) -> Evidence | None:
    """Of what is settled; a question that nobody could judge is evidence for nothing."""
    judged = [row for row in rubric if row.settled and row.pieces]
    if not judged:
        return None
    return Evidence(*(sum(getattr(row, name) for row in judged) for name in ("earned", "possible", "pieces")))


def _task(session: Session, slug: str, digest: str) -> tuple[Task, str]:
    """As it was sat, whatever version it was graded with."""
    front = exercise_version(session, slug, digest).front
    return Task(slug, front.kind, tuple(front.topics), front.level, front.minutes), front.title


def _recall(sitting_id: str, state: State) -> Seen | None:
    with _lock:
        kept = _kept.get(sitting_id)
        if kept is None or kept[0] != state:
            return None
        _kept.move_to_end(sitting_id)
        return kept[1]


def _remember(sitting_id: str, state: State, seen: Seen) -> None:
    with _lock:
        _kept[sitting_id] = (state, seen)
        _kept.move_to_end(sitting_id)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
