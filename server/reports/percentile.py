"""Where one person's estimate lies among those of others; told only when there are enough of them. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from server.assessments.decisions.evidence import Seen
from server.assessments.decisions.verdicts import Finding

FEWEST = 30  # people, the person included


def percentiles(own: Seen, others: Sequence[Seen]) -> dict[str, tuple[int, int]]:
    """By the id of a need: the share of the others below, half of those level with it included, in percent; and of how many
    people. Left out where fewer than 30 have a range."""
    found: dict[str, tuple[int, int]] = {}
    by_need = {each.asked.id: _estimate(each.finding) for each in own.needs}
    for need_id, mine in by_need.items():
        theirs = [_estimate(each.finding) for seen in others for each in seen.needs if each.asked.id == need_id]
        known = [estimate for estimate in theirs if estimate is not None]
        if mine is not None and len(known) + 1 >= FEWEST:
            below, level = sum(each < mine for each in known), sum(each == mine for each in known)
            found[need_id] = round(100 * (below + level / 2) / len(known)), len(known) + 1
    return found


def _estimate(finding: Finding | None) -> float | None:
    return finding.range.estimate if finding is not None and finding.range is not None else None
