"""The time of a take-home as people are told of it: stated, used, given back. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from server.assessments.invitations.wording import rounded_up
from server.assessments.sittings.courses import Seated
from server.assessments.sittings.deadline import NOTHING, Still, credited


@dataclass(frozen=True, slots=True)
class Times:
    """In whole minutes. `given_back`: for pauses and outages of ours; `granted`: on top, by a person of the team."""

    stated: int
    used: int
    given_back: int
    granted: int
    extra_percent: int


def times_of(seated: Seated) -> Times | None:
    """None before it was handed in."""
    sitting = seated.sitting
    if sitting is None or sitting.handed_in_at is None:
        return None
    return Times(
        stated=sitting.stated_minutes,
        used=minutes_used(sitting.started_at, sitting.handed_in_at, seated.course.still),
        given_back=rounded_up(credited(seated.terms, seated.course, sitting.handed_in_at)),
        granted=sitting.granted_minutes,
        extra_percent=seated.candidate.extra_percent,
    )


def minutes_used(started: datetime, handed_in: datetime, still: Iterable[Still] = ()) -> int:
    """From the start to the hand-in, without the times in which the clock stood still; times that overlap count once."""
    stood, counted = NOTHING, started
    for each in sorted(still, key=lambda one: one.since):
        since, until = max(each.since, counted), min(each.until or handed_in, handed_in)
        if until > since:
            stood, counted = stood + (until - since), until
    return max(0, rounded_up(handed_in - started - stood))
