"""The minutes of a sitting as a strip: what was stored of it, drawn by the server."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from server.web.wording import plural
from server.workspaces.activity import Slice

MOST_SLICES, WIDTH = 120, 1_000
DRAWN = {  # kinds of events -> how they are shown
    "edit": "edit",
    "reset": "edit",
    "reset-all": "edit",
    "add": "edit",
    "remove": "edit",
    "move": "edit",
    "run": "run",
    "error": "error",
    "check": "check",
    "output": "output",
}
LABELS = {"edit": "edit", "run": "run", "output": "output", "error": "error", "check": "check"}
HIGH = {"run": (2, 20), "error": (2, 20), "check": (2, 20), "output": (20, 3)}  # others lie low, in the middle


@dataclass(frozen=True, slots=True)
class Strip:
    """`paths`: kind, its label, and the outline of its marks in a picture that is 1,000 wide and 24 high. `sentence` says the
    same in words."""

    minutes: int
    events: int
    paths: tuple[tuple[str, str, str], ...]
    sentence: str


def slice_seconds(seconds: int) -> int:
    """How long a slice is, so that there are at most 120 of them and none is shorter than half a minute."""
    return max(30, -(-seconds // MOST_SLICES))


def strip(slices: Sequence[Slice], seconds: int) -> Strip:
    """`seconds`: from the start to the hand-in."""
    each_takes = slice_seconds(seconds)
    width = WIDTH * each_takes / max(seconds, each_takes)
    places: dict[str, set[int]] = {kind: set() for kind in LABELS}
    counts: Counter[str] = Counter()
    for each in slices:
        kind = DRAWN.get(each.kind)
        if kind is not None and each.number * each_takes < max(seconds, each_takes):
            places[kind].add(each.number)
            counts[kind] += each.count
    paths = tuple((kind, label, _path(kind, places[kind], width)) for kind, label in LABELS.items() if counts[kind])
    words = [plural(counts[kind], kind) for kind in ("edit", "run", "error", "check") if counts[kind]]
    minutes = max(1, round(seconds / 60))
    sentence = f"{plural(minutes, 'minute')} from start to hand-in: {', '.join(words) or 'nothing was changed or run'}"
    return Strip(minutes, sum(each.count for each in slices), paths, sentence)


def _runs(numbers: set[int], joined: bool) -> list[tuple[int, int]]:
    """First and last slice of each stretch; single slices where they are not joined."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if joined and found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def _path(kind: str, numbers: set[int], width: float) -> str:
    """One rectangle for each stretch."""
    y, height = HIGH.get(kind, (8, 8))
    drawn = []
    for first, last in _runs(numbers, kind == "edit"):
        x = first * width
        across = min((last + 1 - first) * width, WIDTH - x)
        drawn.append(f"M{x:.5g} {y}h{across:.4g}v{height}h-{across:.4g}z")
    return "".join(drawn)
