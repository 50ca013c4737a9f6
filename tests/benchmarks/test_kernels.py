"""That the measuring works; the figures themselves are for `touchstone bench kernels`, on a quiet machine."""

import json

import pytest
from click.testing import CliRunner

from sandbox.benches.kernels import measure_kernels, spread
from server.cli.main import commands


def test_all_figures_are_there_and_plausible() -> None:
    figures = measure_kernels(starts=3, alive=2, stock=1)
    spreads = {name for name in figures if name.endswith(("_ms", "_mb"))}
    assert spreads == {
        "first_reply_ms",
        "start_beside_them_ms",
        "memory_idle_mb",
        "memory_light_mb",
        "trivial_cell_ms",
        "kill_ms",
        "stock_first_reply_ms",
        "stock_memory_light_mb",
        "stock_trivial_cell_ms",
        "stock_kill_ms",
    }
    for name in spreads:
        assert 0 < figures[name]["p50"] <= figures[name]["p95"], name
    assert figures["goals"].keys() <= figures.keys()
    assert figures["kernels_alive"] == 2
    assert figures["starts_per_second"] > 0
    assert figures["first_reply_ms"]["p50"] < figures["stock_first_reply_ms"]["p50"]


def test_growing_gives_all_of_it_at_each_size() -> None:
    result = CliRunner().invoke(commands, ["bench", "kernels", "--starts", "5", "--stock", "1", "--grow", "1,2"])
    assert result.exit_code == 0, result.output
    assert [figures["kernels_alive"] for figures in json.loads(result.stdout)] == [1, 2]


@pytest.mark.parametrize("wrong", ["", "5,", "5,x", "0", "-1", "1001", "5 6"])
def test_sizes_that_are_none_are_refused_with_a_sentence(wrong: str) -> None:
    result = CliRunner().invoke(commands, ["bench", "kernels", "--grow", wrong])
    assert result.exit_code == 2
    assert "must be whole numbers from 1 to 1000, with commas between them" in result.stderr


def test_a_spread_is_the_middle_and_the_upper_end() -> None:
    assert spread([float(figure) for figure in range(1, 101)]) == {"p50": 50.5, "p95": 95.0, "n": 100}
    assert spread([7.04]) == {"p50": 7.0, "p95": 7.0, "n": 1}
