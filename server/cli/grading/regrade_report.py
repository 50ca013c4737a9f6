"""How a regrade is shown at a terminal. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from server.grading.regrading.diff import IN_WORDS, Change, Effect, count_effects
from server.grading.tables import Regrade

NEXT = {
    "trying": "Not all were tried yet: `touchstone regrade resume {id}` goes on.",
    "proposed": "Nothing counts yet: `touchstone regrade apply {id}` makes it count, `... withdraw {id}` drops it.",
    "applied": "Applied by {by} on {at}. The results before it are kept.",
    "withdrawn": "Withdrawn by {by} on {at}. No score was changed.",
}


def in_words(regrade: Regrade, diff: Sequence[Change]) -> str:
    return "\n".join([*_head(regrade, diff), *(line for change in diff for line in _lines(change)), _next(regrade)])


def _head(regrade: Regrade, diff: Sequence[Change]) -> list[str]:
    effects = ", ".join(f"{number} {IN_WORDS[Effect(name)]}" for name, number in count_effects(diff).items())
    version = f"version {regrade.exercise_digest[:12]}"
    return [
        f"Regrade {regrade.id[:8]} of {regrade.exercise_slug}, {version}, by {regrade.proposed_by}: {regrade.reason}",
        f"{len(diff)} submissions: {effects or 'all deleted since'}.",
    ]


def _lines(change: Change) -> list[str]:
    """Nothing about what did not change."""
    if change.effect is Effect.unchanged:
        return []
    after = change.fault or str(change.after or IN_WORDS[Effect.untried])
    lines = [f"  {change.submission_id}  {change.before} -> {after}"]
    for check in change.checks:
        points = f"{check.points_before:g} -> {check.points_after:g} points"
        lines.append(f"      {check.check}: {check.before or 'new'} -> {check.after or 'gone'}, {points}")
    return lines


def _next(regrade: Regrade) -> str:
    at = f"{regrade.settled_at:%Y-%m-%d %H:%M} UTC" if regrade.settled_at else ""
    return NEXT[regrade.state].format(id=regrade.id[:8], by=regrade.settled_by, at=at)


def as_json(regrade: Regrade, diff: Sequence[Change]) -> dict[str, Any]:
    return {
        **regrade.model_dump(mode="json"),
        "effects": count_effects(diff),
        "submissions": [_change_as_json(change) for change in diff],
    }


def _change_as_json(change: Change) -> dict[str, Any]:
    return {
        "submission": change.submission_id,
        "effect": change.effect,
        "before": {"points": change.before.points, "possible": change.before.possible},
        "after": {"points": change.after.points, "possible": change.after.possible} if change.after else None,
        "fault": change.fault,
        "checks": [asdict(check) for check in change.checks],
    }


def one_line(regrade: Regrade) -> str:
    return f"{regrade.id[:8]}  {regrade.created_at:%Y-%m-%d}  {regrade.state:9}  {regrade.exercise_slug}: {regrade.reason}"
