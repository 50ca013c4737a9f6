"""A person of the team decides about a candidate, on evidence, in words. Nothing is decided by a number."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col, select

from server.assessments.decisions.board import OUTCOMES
from server.assessments.decisions.evidence import MISSING_WORDS, NeedSeen, Seen, snapshot
from server.assessments.decisions.verdicts import Verdict
from server.assessments.invitations.mail import put_mail
from server.assessments.tables.decisions import Decision
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.teams.rights import Right
from server.assessments.teams.seats import Seat
from server.audit.log import record
from server.database.changed import changed_rows
from server.errors import Conflict, Invalid
from server.grading.tables import Result

LONGEST_NOTES, LONGEST_FEEDBACK, LONGEST_REASON = 8_000, 8_000, 500


@dataclass(frozen=True, slots=True)
class Wording:
    """What a person typed. `without`: why they decide while results or marks are missing. `looked_at`: the mark of the evidence
    that was on their page (see `mark_of`). `decided`: when the decision on their page was made, nothing where there was none."""

    outcome: str
    notes: str
    feedback: str
    looked_at: str
    without: str = ""
    decided: str = ""


def decision_of(session: Session, sitting: Sitting) -> Decision | None:
    return session.get(Decision, sitting.id, populate_existing=True)


def decide(session: Session, seat: Seat, sitting: Sitting, wording: Wording, seen: Seen, now: datetime) -> Decision:
    """Write the decision down with the evidence as it stands, and have the candidate told; an earlier one goes into the log.
    Raises NotAllowed, Invalid, and Conflict before the take-home is handed in."""
    seat.require(Right.hire)
    if sitting.handed_in_at is None:
        raise Conflict("This take-home is still being worked on. Decide when it is handed in.")
    hold(session, sitting)
    earlier = decision_of(session, sitting)
    _refuse(wording, seen, earlier)
    made = earlier or Decision(sitting_id=sitting.id, outcome="", by="", at=now)
    details: dict[str, object] = {"sitting": sitting.id, "outcome": wording.outcome}
    if earlier is not None:
        details |= {"before": {"outcome": earlier.outcome, "by": earlier.by, "at": earlier.at.isoformat()}}
    if seen.missing is not None:
        details |= {"without": seen.missing.value}
    made.outcome, made.feedback, made.notes = wording.outcome, wording.feedback.strip(), _notes(wording, seen)
    made.evidence, made.by, made.at = snapshot(seen), seat.member.person_id, now
    session.add(made)
    put_mail(session, session.get_one(Candidate, sitting.candidate_id), now)
    record(session, seat.member.person_id, "decision.record", f"team:{seat.team.id}", details, now)
    return made


def hold(session: Session, sitting: Sitting) -> None:
    """Two people decide or answer one after the other, and the second sees what the first wrote."""
    changed_rows(session, update(Sitting).where(col(Sitting.id) == sitting.id).values(stated_minutes=Sitting.stated_minutes))


def when(moment: datetime | None) -> str:
    """As a form carries it; nothing for what has not happened."""
    return moment.isoformat() if moment else ""


def _refuse(wording: Wording, seen: Seen, earlier: Decision | None) -> None:
    errors: dict[str, str] = {}
    if wording.outcome not in OUTCOMES:
        errors["outcome"] = "Choose one"
    elif wording.looked_at != mark_of(seen):
        errors["outcome"] = "The evidence changed while this page was open. Look at it again, then decide"
    elif earlier is not None and wording.decided != when(earlier.at):
        so = OUTCOMES[earlier.outcome]
        errors["outcome"] = f"The team decided while this page was open: {so}. Read it above; to change it, record yours again"
    if not wording.feedback.strip():
        errors["feedback"] = "Write what the candidate will read; the draft can be kept as it is"
    for name, most in (("feedback", LONGEST_FEEDBACK), ("notes", LONGEST_NOTES), ("without", LONGEST_REASON)):
        if len(getattr(wording, name)) > most:
            errors[name] = f"At most {most:,} characters, please"
    if seen.missing is not None and not wording.without.strip():
        missing = MISSING_WORDS[seen.missing].lower()
        errors.setdefault("without", f"Something is missing ({missing}). Wait for it, or say why you decide without it")
    if errors:
        raise Invalid.fields(errors)


def mark_of(seen: Seen) -> str:
    """Changes whenever the evidence does: nobody decides on what they have not seen."""
    return hashlib.sha256(json.dumps(snapshot(seen), sort_keys=True).encode()).hexdigest()[:16]


def _notes(wording: Wording, seen: Seen) -> str:
    """The reason for deciding early stands in the notes, where nobody can overlook it."""
    notes = wording.notes.strip()
    if seen.missing is None:
        return notes
    missing = MISSING_WORDS[seen.missing].lower()
    return f"Decided without what is missing ({missing}): {wording.without.strip()}\n\n{notes}".strip()


def first_result_at(session: Session, sitting: Sitting) -> datetime | None:
    """Hypotheses that were written before this moment were written without knowing any result of this take-home."""
    of_task = col(SittingTask.submission_id) == col(Result.submission_id)
    wanted = select(Result.created_at).join(SittingTask, of_task).where(SittingTask.sitting_id == sitting.id)
    return session.exec(wanted.order_by(col(Result.created_at)).limit(1)).first()


def draft_feedback(seen: Seen, behaviours: list[tuple[str, str]]) -> str:
    """A text to begin with, from the needs and the lines of rubrics (a line, and what was seen of it). It is to be edited."""
    lines = ["Thank you for your work. This is what we saw in it."]
    lines += [_need_sentence(each) for each in seen.needs if each.finding is not None]
    if behaviours:
        lines += ["", "What the people who marked it read in your answers:"]
        lines += [f"- {line}: {words}" for line, words in behaviours]
    return "\n".join(lines)


def _need_sentence(seen: NeedSeen) -> str:
    assert seen.finding is not None
    what = f"{seen.name[:1].upper()}{seen.name[1:]}"
    if seen.percents is None:
        return f"- {what}: there was too little work to tell."
    _, estimate, _ = seen.percents
    wanted = seen.asked.percent
    told = {
        Verdict.meets: f"you clearly reached the {wanted} % that the job asks for",
        Verdict.below: f"the job asks for {wanted} %, and your work came to about {estimate} %",
        Verdict.not_shown: f"we hoped to see {wanted} %, and your work came to about {estimate} %",
        Verdict.too_little: f"your work came to about {estimate} %; that is too close to the {wanted} % asked for to be sure",
    }
    return f"- {what}: {told[seen.finding.verdict]}."
