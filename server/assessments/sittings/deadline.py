"""Until when a sitting runs: one pure function of moments, the only place that knows the rule. The server's clock alone counts.

1. A sitting may begin from the moment its window opens until it closes.
2. Its time is the stated duration, longer by the candidate's extra time, plus what a person granted on top.
3. The clock stands still during pauses and while we were down: such a time moves the end by as much of it as lies before the end.
4. A hard window ends every sitting when it closes, later only by the time that we were down.
5. A person of the team may reopen a sitting until a moment; it then runs at least until then.
6. What was handed in at the last moment itself, or before it, is in time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from server.assessments.invitations.wording import minutes

NOTHING = timedelta()


class Phase(StrEnum):
    """What the candidate can do at this moment."""

    early = "early"  # the window has not opened
    ready = "ready"  # may begin
    missed = "missed"  # the window closed before they began
    running = "running"
    paused = "paused"  # the clock stands still: a pause, or we are down
    over = "over"  # time is up and nothing was handed in; the last saved state is what counts
    handed_in = "handed_in"
    withdrawn = "withdrawn"  # the invitation was taken back


@dataclass(frozen=True, slots=True)
class Still:
    """A time in which the clock stands still. `until` is None while it lasts."""

    since: datetime
    until: datetime | None
    ours: bool  # we were down; else a pause that was granted


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What was promised to the candidate before they began."""

    opens: datetime
    closes: datetime
    duration: timedelta
    extra_percent: int = 0  # extra time of this candidate, in percent of the duration
    hard_window: bool = False  # the end of the window ends what runs, too


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What has happened."""

    started: datetime | None = None
    handed_in: datetime | None = None
    withdrawn: datetime | None = None
    granted: timedelta = NOTHING  # on top, by a person of the team
    reopened_until: datetime | None = None
    still: tuple[Still, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Standing:
    """`ends` is None before a sitting began and while its clock stands still. `left` is never negative."""

    phase: Phase
    why: str
    ends: datetime | None = None
    left: timedelta = NOTHING


def standing(terms: Terms, course: Course, now: datetime) -> Standing:
    """Phase at this moment, and why. Raises ValueError for terms that no sitting can have."""
    check_terms(terms)
    if course.withdrawn is not None and course.handed_in is None and course.withdrawn <= now:
        return Standing(Phase.withdrawn, "The invitation was taken back.")
    if course.started is None:
        return _before(terms, course, now)
    if course.handed_in is not None:
        return _handed_in(terms, course, course.started, course.handed_in)
    return _during(terms, course, course.started, now)


def check_terms(terms: Terms) -> None:
    moments = (terms.opens, terms.closes)
    if any(moment.utcoffset() is None for moment in moments):
        raise ValueError("moments need a time zone")
    if terms.duration <= NOTHING or terms.extra_percent < 0 or terms.closes <= terms.opens:
        raise ValueError("a sitting needs a duration above 0, no negative extra time, and a window that closes after it opens")


def whole_time(terms: Terms, course: Course) -> timedelta:
    """What the candidate has in all, without the times in which the clock stands still."""
    return terms.duration + terms.duration * terms.extra_percent / 100 + course.granted


def credited(terms: Terms, course: Course, now: datetime) -> timedelta:
    """By how much pauses and our own failures have moved the end until now."""
    if course.started is None:
        return NOTHING
    end = course.started + whole_time(terms, course)
    moved, _ = _moved(end, course.started, course.still, now)
    return moved - end


def _before(terms: Terms, course: Course, now: datetime) -> Standing:
    closes = max(filter(None, (terms.closes, course.reopened_until)))
    if now < terms.opens:
        return Standing(Phase.early, "The window has not opened.")
    if now > closes:
        return Standing(Phase.missed, "The window closed before the sitting began.")
    return Standing(Phase.ready, "May begin.", None, whole_time(terms, course))


def _handed_in(terms: Terms, course: Course, started: datetime, handed_in: datetime) -> Standing:
    ends, _ = _end(terms, course, started, handed_in)
    if handed_in <= ends:
        return Standing(Phase.handed_in, "Handed in within the time.", ends)
    return Standing(Phase.handed_in, "Handed in after the end; the state that was saved last within the time counts.", ends)


def _during(terms: Terms, course: Course, started: datetime, now: datetime) -> Standing:
    whole = whole_time(terms, course)
    if now < started:
        return Standing(Phase.running, "The clock was set back after the start; no time is lost by it.", started + whole, whole)
    ends, stands = _end(terms, course, started, now)
    if stands is not None:
        why = "We are down; the clock stands still." if stands.ours else "Paused; the clock stands still."
        return Standing(Phase.paused, why, None, max(NOTHING, ends - now))
    if now > ends:
        return Standing(Phase.over, "Time is up.", ends)
    return Standing(Phase.running, _reason(terms, course, started, ends), ends, ends - now)


def _reason(terms: Terms, course: Course, started: datetime, ends: datetime) -> str:
    if course.reopened_until is not None and ends == course.reopened_until:
        return "Reopened by the team."
    moved = ends - started - whole_time(terms, course)
    if terms.hard_window and moved < NOTHING:
        return "The window ends before the full time."
    return f"The end was moved by {minutes(moved)} for pauses and failures of ours." if moved > NOTHING else "Within the time."


def _end(terms: Terms, course: Course, started: datetime, now: datetime) -> tuple[datetime, Still | None]:
    """The end as it stands at this moment, and what keeps the clock still right now."""
    ends, stands = _moved(started + whole_time(terms, course), started, course.still, now)
    if terms.hard_window:
        closes, _ = _moved(terms.closes, started, [each for each in course.still if each.ours], now)
        ends = min(ends, closes)
    if course.reopened_until is not None:
        ends = max(ends, course.reopened_until)
    return ends, stands if stands is not None and stands.since < ends else None


def _moved(end: datetime, started: datetime, still: Iterable[Still], now: datetime) -> tuple[datetime, Still | None]:
    """The end, later by each time in which the clock stood still before it. Times that overlap count once."""
    counted, lasting = started, None
    for each in sorted(still, key=lambda one: one.since):
        begins, until = max(each.since, counted), now if each.until is None else min(each.until, now)
        if begins >= end or each.since > now:
            break
        if until > begins:
            end += until - begins
            counted = until
        if each.until is None or each.until > now:
            lasting = lasting or each
    return end, lasting
