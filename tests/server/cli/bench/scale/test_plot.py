"""The plot is a well-formed picture whose ticks are round and whose names do not lie on each other."""

from xml.etree import ElementTree

import pytest

from server.cli.bench.scale.plot import TICKS, Line, Panel, apart, draw, tick_step

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(("most", "step"), [(1, 0.25), (100, 25), (101, 50), (390, 100), (0.9, 0.25), (17, 5), (1_000, 250)])
def test_ticks_are_round_and_reach_the_largest_value(most: float, step: float) -> None:
    assert tick_step(most) == step
    assert tick_step(most) * TICKS >= most


def test_names_keep_their_order_and_their_distance() -> None:
    assert apart([100, 50, 52, 51], gap=14) == [100, 50, 78, 64]


def test_what_was_not_measured_is_left_out_and_names_are_escaped() -> None:
    panel = Panel("times < goals", "people", [25, 50, 100], [Line("a & b", [1, None, 3], goal=2), Line("nothing", [None] * 3)])
    picture = ElementTree.fromstring(draw([panel, panel]))
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert texts.count("a & b") == texts.count("goal") == texts.count("times < goals") == 2
    assert "nothing" not in texts
    assert len(list(picture.iter(f"{SVG}circle"))) == 4
