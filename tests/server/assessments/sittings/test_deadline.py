"""The clock of a sitting: examples in words, then properties over thousands of made-up courses."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.assessments.invitations.wording import minutes
from server.assessments.sittings.deadline import Course, Phase, Standing, Still, Terms, credited, standing, whole_time

NOON = datetime(2026, 12, 4, 12, tzinfo=UTC)
MS, MINUTE, HOUR, DAY = timedelta(milliseconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TERMS = Terms(opens=NOON, closes=NOON + 7 * DAY, duration=3 * HOUR)
HARD = Terms(opens=NOON, closes=NOON + 2 * HOUR, duration=3 * HOUR, hard_window=True)
BEGUN = Course(started=NOON)


def at(moment: datetime, terms: Terms = TERMS, course: Course = BEGUN) -> Standing:
    return standing(terms, course, moment)


def still(since: timedelta, until: timedelta | None, ours: bool = True) -> Still:
    return Still(NOON + since, None if until is None else NOON + until, ours)


def with_still(*found: Still) -> Course:
    return Course(started=NOON, still=found)


@pytest.mark.parametrize(
    ("moment", "phase"),
    [
        (NOON - MS, Phase.early),
        (NOON, Phase.ready),
        (NOON + 7 * DAY, Phase.ready),
        (NOON + 7 * DAY + MS, Phase.missed),
    ],
)
def test_a_sitting_begins_within_its_window(moment: datetime, phase: Phase) -> None:
    assert at(moment, course=Course()).phase is phase


@pytest.mark.parametrize(("moment", "phase"), [(3 * HOUR - MS, "running"), (3 * HOUR, "running"), (3 * HOUR + MS, "over")])
def test_the_last_moment_belongs_to_the_candidate(moment: timedelta, phase: str) -> None:
    assert at(NOON + moment).phase == phase


@pytest.mark.parametrize(("moment", "why"), [(-MS, "within"), (MS * 0, "within"), (MS, "after the end")])
def test_a_millisecond_decides_whether_it_was_handed_in_in_time(moment: timedelta, why: str) -> None:
    found = at(NOON + DAY, course=Course(started=NOON, handed_in=NOON + 3 * HOUR + moment))
    assert found.phase is Phase.handed_in
    assert why in found.why


def test_who_begins_late_in_an_open_window_has_the_whole_time() -> None:
    late = Course(started=NOON + 7 * DAY)
    assert at(NOON + 7 * DAY + 2 * HOUR, course=late).left == HOUR


def test_a_hard_window_ends_what_runs() -> None:
    assert at(NOON + HOUR, HARD).left == HOUR
    assert at(NOON + HOUR, HARD).why == "The window ends before the full time."
    assert at(NOON + 2 * HOUR + MS, HARD).phase is Phase.over


def test_extra_time_is_a_share_of_the_duration_and_grants_come_on_top() -> None:
    terms = Terms(opens=NOON, closes=NOON + DAY, duration=3 * HOUR, extra_percent=25)
    assert whole_time(terms, Course(granted=10 * MINUTE)) == timedelta(hours=3, minutes=55)
    assert at(NOON + 3 * HOUR, terms).left == 45 * MINUTE


def test_while_we_are_down_the_clock_stands_still() -> None:
    down = with_still(still(HOUR, None))
    found = at(NOON + 2 * HOUR, course=down)
    assert (found.phase, found.ends, found.left) == (Phase.paused, None, 2 * HOUR)
    up = with_still(still(HOUR, 2 * HOUR))
    found = at(NOON + 2 * HOUR, course=up)
    assert (found.phase, found.left, found.why) == (
        Phase.running,
        2 * HOUR,
        "The end was moved by 60 minutes for pauses and failures of ours.",
    )


def test_a_server_that_was_down_at_the_deadline_gives_the_time_back() -> None:
    down = with_still(still(3 * HOUR - 5 * MINUTE, 5 * HOUR))
    assert at(NOON + 5 * HOUR, course=down).left == 5 * MINUTE
    assert at(NOON + 5 * HOUR + 5 * MINUTE + MS, course=down).phase is Phase.over


def test_what_happens_after_the_end_moves_nothing() -> None:
    assert at(NOON + 5 * HOUR, course=with_still(still(3 * HOUR, 4 * HOUR))).phase is Phase.over


def test_times_that_overlap_count_once_and_what_was_before_the_start_not_at_all() -> None:
    overlapping = with_still(still(-HOUR, HOUR), still(30 * MINUTE, 90 * MINUTE, ours=False))
    assert credited(TERMS, overlapping, NOON + 2 * HOUR) == 90 * MINUTE


def test_a_pause_moves_no_hard_window_but_our_failure_does() -> None:
    assert at(NOON + HOUR, HARD, with_still(still(0 * HOUR, HOUR, ours=False))).ends == NOON + 2 * HOUR
    assert at(NOON + HOUR, HARD, with_still(still(0 * HOUR, HOUR))).ends == NOON + 3 * HOUR


def test_a_reopened_sitting_runs_until_the_given_moment() -> None:
    again = Course(started=NOON, reopened_until=NOON + 2 * DAY)
    assert (at(NOON + DAY, course=again).phase, at(NOON + DAY, course=again).why) == (Phase.running, "Reopened by the team.")
    assert at(NOON + 2 * DAY + MS, course=again).phase is Phase.over
    assert at(NOON + 8 * DAY, course=Course(reopened_until=NOON + 9 * DAY)).phase is Phase.ready


def test_an_invitation_that_was_taken_back_ends_everything_but_what_was_handed_in() -> None:
    assert at(NOON + HOUR, course=Course(started=NOON, withdrawn=NOON)).phase is Phase.withdrawn
    kept = Course(started=NOON, handed_in=NOON + HOUR, withdrawn=NOON + 2 * HOUR)
    assert at(NOON + 3 * HOUR, course=kept).phase is Phase.handed_in


def test_a_clock_that_was_set_back_gives_no_more_than_the_whole_time() -> None:
    found = at(NOON - HOUR)
    assert (found.phase, found.left) == (Phase.running, 3 * HOUR)


def test_daylight_saving_changes_nothing() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    start = datetime(2026, 10, 25, 1, 30, tzinfo=berlin)  # the hour from two to three comes twice that night
    terms = Terms(opens=start.astimezone(UTC), closes=start.astimezone(UTC) + DAY, duration=3 * HOUR)
    course = Course(started=start.astimezone(UTC))
    assert standing(terms, course, datetime(2026, 10, 25, 3, 30, tzinfo=berlin)).left == timedelta(0)
    assert standing(terms, course, datetime(2026, 10, 25, 3, 31, tzinfo=berlin)).phase is Phase.over


def test_the_same_moment_on_two_tabs_says_the_same() -> None:
    assert at(NOON + HOUR) == at(NOON + HOUR)


@pytest.mark.parametrize(
    "terms",
    [
        Terms(opens=NOON, closes=NOON, duration=HOUR),
        Terms(opens=NOON, closes=NOON + DAY, duration=0 * HOUR),
        Terms(opens=NOON, closes=NOON + DAY, duration=HOUR, extra_percent=-1),
        Terms(opens=NOON.replace(tzinfo=None), closes=NOON + DAY, duration=HOUR),
    ],
)
def test_terms_that_no_sitting_can_have_are_refused(terms: Terms) -> None:
    with pytest.raises(ValueError, match=r"needs a duration|need a time zone"):
        standing(terms, Course(), NOON)


def test_a_minute_that_has_begun_is_told() -> None:
    assert [minutes(each) for each in (0 * MS, MS, MINUTE, MINUTE + MS)] == ["0 minutes", "1 minute", "1 minute", "2 minutes"]


# Properties. Times are whole minutes, so that a clock that ticks minute by minute can be the second opinion.

MINUTES = st.integers(0, 600)
SPANS = st.tuples(MINUTES, st.integers(0, 120), st.booleans())


@st.composite
def courses(draw: st.DrawFn) -> tuple[Terms, Course]:
    opens = NOON - draw(MINUTES) * MINUTE
    terms = Terms(
        opens=opens,
        closes=NOON + (1 + draw(MINUTES)) * MINUTE,
        duration=draw(st.integers(1, 300)) * MINUTE,
        extra_percent=draw(st.sampled_from([0, 25, 50, 100])),
        hard_window=draw(st.booleans()),
    )
    spans = draw(st.lists(SPANS, max_size=5))
    found = tuple(Still(NOON + s * MINUTE, NOON + (s + length) * MINUTE, ours) for s, length, ours in spans)
    return terms, Course(started=NOON, granted=draw(st.integers(0, 30)) * MINUTE, still=found)


def ticking(terms: Terms, course: Course, now: datetime) -> timedelta:
    """How much time is left by a clock that is looked at every quarter of a minute; the rule again, in another way."""
    step, moment = MINUTE / 4, NOON
    own, window = whole_time(terms, course), terms.closes - NOON
    while moment < now and own > 0 * MS and (window > 0 * MS or not terms.hard_window):
        standing_still = [
            each for each in course.still if each.since <= moment and each.until is not None and moment < each.until
        ]
        if not standing_still:
            own -= step
        if not any(each.ours for each in standing_still):
            window -= step
        moment += step
    left = min(own, window) if terms.hard_window else own
    return max(0 * MS, left)


@given(courses(), MINUTES)
@settings(max_examples=1_500, deadline=None)
def test_it_agrees_with_a_clock_that_ticks(made: tuple[Terms, Course], minute: int) -> None:
    terms, course = made
    found = standing(terms, course, NOON + minute * MINUTE)
    assert found.left == ticking(terms, course, NOON + minute * MINUTE)


@given(courses(), MINUTES, MINUTES)
@settings(max_examples=1_000, deadline=None)
def test_once_time_is_up_it_stays_up(made: tuple[Terms, Course], first: int, later: int) -> None:
    terms, course = made
    before, after = sorted((first, later))
    if standing(terms, course, NOON + before * MINUTE).phase is Phase.over:
        assert standing(terms, course, NOON + after * MINUTE).phase is Phase.over


@given(courses(), SPANS, MINUTES)
@settings(max_examples=1_000, deadline=None)
def test_a_failure_of_ours_takes_nothing_and_gives_at_most_its_length(
    made: tuple[Terms, Course], span: tuple[int, int, bool], minute: int
) -> None:
    terms, course = made
    since, length, _ = span
    more = Course(
        started=NOON,
        granted=course.granted,
        still=(*course.still, Still(NOON + since * MINUTE, NOON + (since + length) * MINUTE, ours=True)),
    )
    now = NOON + minute * MINUTE
    gained = standing(terms, more, now).left - standing(terms, course, now).left
    assert timedelta(0) <= gained <= length * MINUTE


@given(courses(), st.integers(0, 100), MINUTES)
@settings(max_examples=1_000, deadline=None)
def test_extra_time_never_makes_it_shorter(made: tuple[Terms, Course], percent: int, minute: int) -> None:
    terms, course = made
    more = Terms(
        opens=terms.opens,
        closes=terms.closes,
        duration=terms.duration,
        extra_percent=terms.extra_percent + percent,
        hard_window=terms.hard_window,
    )
    now = NOON + minute * MINUTE
    assert standing(more, course, now).left >= standing(terms, course, now).left
