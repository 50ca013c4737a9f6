"""Figures, as the plain data in which they arrive: `labelled_axes`.

A figure is a dict {"axes": [...]} with one dict for each pair of axes, in the order of drawing:

    title, xlabel, ylabel    texts, empty when not set
    xscale, yscale           "linear", "log", ...
    xlim, ylim               pairs of numbers
    legend                   a list of its labels, empty without a legend
    lines                    a list of {"label": text, "x": array, "y": array}
    bars, points             lists of the same kind: heights of bars, and positions of scattered points
    images                   a list of the shapes of images

Any key may be missing; a missing one counts as empty."""

from collections.abc import Mapping
from typing import Any

from .failing import about, fail, require
from .plain import plain
from .showing import kind_of

DRAWN = ("lines", "bars", "points", "images")


def labelled_axes(
    figure: Any, *, count: int | None = None, title: bool = False, legend: bool = False, name: str = "", message: str = ""
) -> None:
    """A figure has axes, something is drawn on each, and each says what its x and y are.

    `figure` is the plain dict {"axes": [...]} in which figures arrive (see docs/checks.md). `count` is the wanted number of
    axes, any from 1 on when left out; `title` and `legend` want these too. A label of blanks is none. Images need no labels.
    Fails with the first thing that is missing, the axes counted from 1."""
    require(count is None or count > 0, "labelled_axes(): count is above 0")
    axes = plain(figure).get("axes") if isinstance(figure, Mapping) else None
    if not isinstance(axes, list) or not all(isinstance(each, Mapping) for each in axes):
        fail(message, about(name, "", f"expected a figure, got {kind_of(plain(figure))}"))
    if not axes or (count is not None and len(axes) != count):
        fail(message, about(name, "", f"expected {count or 'at least 1'} pair(s) of axes, got {len(axes)}"))
    for number, each in enumerate(axes, 1):
        missing = first_missing(each, title, legend)
        if missing:
            fail(message, about(name, "", f"axes {number} of {len(axes)} have no {missing}"))


def first_missing(axes: Mapping[str, Any], title: bool, legend: bool) -> str:
    drawn = [kind for kind in DRAWN if axes.get(kind)]
    wanted = {"data on them": bool(drawn)}
    if drawn != ["images"]:
        wanted |= {"label for x": has_text(axes.get("xlabel")), "label for y": has_text(axes.get("ylabel"))}
    if title:
        wanted["title"] = has_text(axes.get("title"))
    if legend:
        wanted["legend"] = any(map(has_text, axes.get("legend") or []))
    return next((what for what, there in wanted.items() if not there), "")


def has_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
