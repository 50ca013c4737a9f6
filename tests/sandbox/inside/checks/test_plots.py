"""Figures as plain data: what they must show."""

from typing import Any

import pytest

from sandbox.inside.checks.plots import labelled_axes

LINE = {"label": "loss", "x": [0, 1], "y": [2.0, 1.0]}
GOOD = {"title": "Training", "xlabel": "epoch", "ylabel": "loss", "legend": ["loss"], "lines": [LINE]}


def test_a_labelled_figure_passes() -> None:
    labelled_axes({"axes": [GOOD]}, count=1, title=True, legend=True)
    labelled_axes({"axes": [GOOD, {"xlabel": "a", "ylabel": "b", "points": [LINE]}]})
    labelled_axes({"axes": [{"images": [(28, 28)]}]})


@pytest.mark.parametrize(
    ("figure", "more", "says"),
    [
        ({"axes": [{**GOOD, "ylabel": "  "}]}, {}, "axes 1 of 1 have no label for y"),
        ({"axes": [GOOD, {**GOOD, "xlabel": ""}]}, {}, "axes 2 of 2 have no label for x"),
        ({"axes": [{**GOOD, "lines": []}]}, {}, "axes 1 of 1 have no data on them"),
        ({"axes": [{**GOOD, "title": ""}]}, {"title": True}, "axes 1 of 1 have no title"),
        ({"axes": [{**GOOD, "legend": []}]}, {"legend": True}, "axes 1 of 1 have no legend"),
        ({"axes": [GOOD]}, {"count": 2}, "expected 2 pair(s) of axes, got 1"),
        ({"axes": []}, {}, "expected at least 1 pair(s) of axes, got 0"),
        (None, {}, "expected a figure, got None"),
        ([1], {}, "expected a figure, got a list"),
        ({"axes": [1]}, {}, "expected a figure, got a dict"),
    ],
)
def test_the_first_thing_that_is_missing_is_told(figure: Any, more: dict[str, Any], says: str) -> None:
    with pytest.raises(AssertionError) as failed:
        labelled_axes(figure, **more)
    assert str(failed.value) == says
