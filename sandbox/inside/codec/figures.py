"""Figures and axes of matplotlib, from the notebook to the judge only: what they show, as plain data.

A figure becomes {"axes": [...]}, an Axes one dict of that list; the keys are listed in checks/plots.py. What a figure says
comes from the learner's process, as every value does: a check compares it with what should be drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .codec import PACKERS, Packer, Tree

MOST_DRAWN = 1_000  # of lines, bars, points or images on one pair of axes


def describe_figure(figure: Any) -> dict[str, Any]:
    return {"axes": [describe_axes(axes) for axes in figure.axes]}


def describe_axes(axes: Any) -> dict[str, Any]:
    legend = axes.get_legend()
    return {
        **{key: str(getattr(axes, f"get_{key}")()) for key in ("title", "xlabel", "ylabel", "xscale", "yscale")},
        **{key: tuple(map(float, getattr(axes, f"get_{key}")())) for key in ("xlim", "ylim")},
        "legend": [text.get_text() for text in legend.get_texts()] if legend is not None else [],
        "lines": [drawn(line, *line.get_data()) for line in axes.lines[:MOST_DRAWN]],
        "bars": [drawn(bars, *bar_places(bars)) for bars in axes.containers[:MOST_DRAWN] if hasattr(bars, "patches")],
        "points": [drawn(points, *np.asarray(points.get_offsets(), float).T) for points in scattered(axes)],
        "images": [tuple(np.shape(image.get_array())) for image in axes.images[:MOST_DRAWN]],
    }


def drawn(artist: Any, x: Any, y: Any) -> dict[str, Any]:
    label = str(artist.get_label())
    return {"label": "" if label.startswith("_") else label, "x": plain(x), "y": plain(y)}


def bar_places(bars: Any) -> tuple[list[float], list[float]]:
    return [bar.get_x() + bar.get_width() / 2 for bar in bars.patches], [bar.get_height() for bar in bars.patches]


def scattered(axes: Any) -> list[Any]:
    return [each for each in axes.collections[:MOST_DRAWN] if type(each).__name__ == "PathCollection"]


def plain(values: Any) -> Any:
    """Texts and dates of an axis stay what they are; masked values become nan."""
    array = np.ma.asarray(values)
    return array.filled(np.nan) if array.dtype.kind == "f" else np.asarray(array)


def packed_by(describe: Callable[[Any], dict[str, Any]]) -> Callable[[Packer, Any, int], Tree]:
    def pack(packer: Packer, value: Any, depth: int) -> Tree:
        return packer.pack(describe(value), depth)

    return pack


def send_figures() -> None:
    """In the suspect only."""
    from matplotlib.axes import Axes  # loaded with the stack, and not in the judge's way otherwise
    from matplotlib.figure import Figure

    PACKERS[Figure] = packed_by(describe_figure)
    PACKERS[Axes] = packed_by(describe_axes)


def open_figures() -> list[Any]:
    """What `pyplot` has open, in the order of making; looking makes none of them the current one."""
    from matplotlib._pylab_helpers import Gcf

    return [Gcf.figs[number].canvas.figure for number in sorted(Gcf.figs)]
