"""The steps of a round, which its funnel counts."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """In their order: whoever has come to one has come to all before it."""

    invited = "invited"
    opened = "opened"
    started = "started"
    handed_in = "handed_in"
    marked = "marked"
    decided = "decided"

    def has_come_to(self, step: Step) -> bool:
        order = list(Step)
        return order.index(self) >= order.index(step)
