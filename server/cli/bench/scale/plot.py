"""A few line plots as one SVG text, readable on light and on dark pages. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 400, 250  # of one panel
LEFT, RIGHT, TOP, BOTTOM = 52, 112, 38, 40
LABEL_GAP = 14
TICKS = 4
STYLE = """
.paper{fill:#fff}.text{fill:#222;font:12px system-ui,sans-serif}.title{font-weight:600;font-size:13px}.quiet{fill:#5a5a5a}
.grid{stroke:#ddd;stroke-width:1}.line{fill:none;stroke-width:2}.goal{stroke-dasharray:5 4;stroke-width:1.5;opacity:.8}
.c0{stroke:#1f5fa8}.c1{stroke:#b4490f}.c2{stroke:#2d7a3d}.c3{stroke:#7a3d91}
.t0{fill:#1f5fa8}.t1{fill:#b4490f}.t2{fill:#2d7a3d}.t3{fill:#7a3d91}
@media (prefers-color-scheme:dark){.paper{fill:#15171a}.text{fill:#e6e6e6}.quiet{fill:#a8a8a8}.grid{stroke:#3a3d42}
.c0{stroke:#7db4f0}.c1{stroke:#f0a070}.c2{stroke:#7fce8f}.c3{stroke:#cf9be0}
.t0{fill:#7db4f0}.t1{fill:#f0a070}.t2{fill:#7fce8f}.t3{fill:#cf9be0}}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """`values` go with the panel's sizes; None where nothing was measured. `goal` is drawn dashed."""

    name: str
    values: Sequence[float | None]
    goal: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    across: str  # what the sizes are
    sizes: Sequence[int]
    lines: Sequence[Line]


def draw(panels: Sequence[Panel], columns: int = 2) -> str:
    """The whole picture: panels side by side, in rows."""
    rows = math.ceil(len(panels) / columns)
    width, height = WIDTH * columns, HEIGHT * rows
    told = "; ".join(panel.title for panel in panels)
    placed = (_placed(panel, index % columns * WIDTH, index // columns * HEIGHT) for index, panel in enumerate(panels))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{escape(told)}">',
            f"<style>{STYLE}</style>",
            f'<rect class="paper" width="{width}" height="{height}"/>',
            *placed,
            "</svg>\n",
        ]
    )


def _placed(panel: Panel, x: int, y: int) -> str:
    return f'<g transform="translate({x} {y})">\n' + "\n".join(_panel(panel)) + "\n</g>"


def _panel(panel: Panel) -> list[str]:
    step = tick_step(max(_all_values(panel), default=1.0))
    scale = Scale(len(panel.sizes), step * TICKS)
    parts = [_text(LEFT - 40, 20, panel.title, "text title")]
    for tick in range(TICKS + 1):
        y = scale.y(step * tick)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{step * tick:g}", "text quiet", "end"))
    for index, size in enumerate(panel.sizes):
        parts.append(_text(scale.x(index), HEIGHT - BOTTOM + 18, str(size), "text quiet", "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, panel.across, "text quiet", "middle"))
    for number, line in enumerate(panel.lines):
        parts += _line(line, number, scale)
    return parts + _labels(panel, scale)


@dataclass(frozen=True, slots=True)
class Scale:
    """From a panel's figures to its points. Sizes have the same distance from each other."""

    count: int
    most: float

    def x(self, index: int) -> float:
        return LEFT + (WIDTH - RIGHT - LEFT) * (index / (self.count - 1) if self.count > 1 else 0.5)

    def y(self, value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / self.most


def tick_step(most: float) -> float:
    """A round number of which `TICKS` reach the largest value."""
    raw = max(most, 1e-9) / TICKS
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.999999)


def apart(places: Sequence[float], gap: float) -> list[float]:
    """The places moved down as little as is needed for `gap` between neighbours; in the order given."""
    moved = dict.fromkeys(range(len(places)), 0.0)
    last = -math.inf
    for index in sorted(moved, key=lambda each: places[each]):
        last = moved[index] = max(places[index], last + gap)
    return list(moved.values())


def _all_values(panel: Panel) -> list[float]:
    drawn = [value for line in panel.lines for value in line.values if value is not None]
    return drawn + [line.goal for line in panel.lines if line.goal is not None]


def _line(line: Line, number: int, scale: Scale) -> list[str]:
    points = [(scale.x(index), scale.y(value)) for index, value in enumerate(line.values) if value is not None]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts = [f'<polyline class="line c{number}" points="{path}"/>']
    parts += [f'<circle class="t{number}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>' for x, y in points]
    if line.goal is not None:
        y = scale.y(line.goal)
        parts.append(f'<line class="goal c{number}" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
    return parts


def _labels(panel: Panel, scale: Scale) -> list[str]:
    """Each line's name beside its last point, and each goal's beside its own line; none above another."""
    wanted: list[tuple[float, str, int]] = []
    for number, line in enumerate(panel.lines):
        last = next((value for value in reversed(line.values) if value is not None), None)
        wanted += [(scale.y(last), line.name, number)] if last is not None else []
        wanted += [(scale.y(line.goal), "goal", number)] if line.goal is not None else []
    places = apart([place for place, _, _ in wanted], LABEL_GAP)
    return [
        _text(WIDTH - RIGHT + 8, place + 4, name, f"text t{number}")
        for place, (_, name, number) in zip(places, wanted, strict=True)
    ]


def _text(x: float, y: float, words: str, classes: str, anchor: str = "start") -> str:
    return f'<text class="{classes}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
