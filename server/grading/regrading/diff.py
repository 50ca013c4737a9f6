"""What a regrade would change, submission by submission. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from server.grading.outcome import Outcome


class Effect(StrEnum):
    """What happens to one submission's score."""

    raised = "raised"
    lowered = "lowered"
    changed = "changed"  # the same score, for other reasons
    unchanged = "unchanged"
    fault = "fault"  # it could not be graded; its result stays
    untried = "untried"


IN_WORDS: Mapping[Effect, str] = {
    Effect.raised: "higher",
    Effect.lowered: "lower",
    Effect.changed: "same score, other outcomes",
    Effect.unchanged: "unchanged",
    Effect.fault: "could not be graded",
    Effect.untried: "not tried yet",
}


@dataclass(frozen=True, slots=True)
class CheckChange:
    """One row that differs. An outcome is empty where the version has no check of this name."""

    check: str
    before: str
    after: str
    points_before: float
    points_after: float


@dataclass(frozen=True, slots=True)
class Score:
    points: float
    possible: float
    outcomes: tuple[Outcome, ...]

    @property
    def share(self) -> float:
        return self.points / self.possible if self.possible else 0.0

    def __str__(self) -> str:
        return f"{self.points:g} of {self.possible:g}"


@dataclass(frozen=True, slots=True)
class Change:
    """`after` is None where there is none."""

    submission_id: str
    before: Score
    after: Score | None
    fault: str = ""

    @property
    def effect(self) -> Effect:
        if self.fault:
            return Effect.fault
        if self.after is None:
            return Effect.untried
        if self.after.share != self.before.share:
            return Effect.raised if self.after.share > self.before.share else Effect.lowered
        same_points = (self.after.points, self.after.possible) == (self.before.points, self.before.possible)
        return Effect.unchanged if same_points and not self.checks else Effect.changed

    @property
    def checks(self) -> tuple[CheckChange, ...]:
        return compare(self.before.outcomes, self.after.outcomes) if self.after else ()


def compare(before: Sequence[Outcome], after: Sequence[Outcome]) -> tuple[CheckChange, ...]:
    """The checks whose outcome or points differ, in the order of the new version; those that are gone come last."""
    old, new = {row.check: row for row in before}, {row.check: row for row in after}
    changes = [_change(name, old.get(name), new.get(name)) for name in [*new, *(name for name in old if name not in new)]]
    return tuple(each for each in changes if (each.before, each.points_before) != (each.after, each.points_after))


def _change(name: str, old: Outcome | None, new: Outcome | None) -> CheckChange:
    return CheckChange(
        name,
        before=old.outcome if old else "",
        after=new.outcome if new else "",
        points_before=old.points if old else 0.0,
        points_after=new.points if new else 0.0,
    )


def count_effects(changes: Iterable[Change]) -> dict[str, int]:
    """How many submissions each effect has; effects that have none are left out."""
    found = [change.effect for change in changes]
    return {effect.value: found.count(effect) for effect in Effect if effect in found}
