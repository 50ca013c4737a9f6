"""That the measuring works; the figures themselves are for `touchstone bench kernels`, on a quiet machine."""

from sandbox.bench import measure_kernels, spread


def test_all_figures_are_there_and_plausible() -> None:
    figures = measure_kernels(starts=3, alive=2, stock=1)
    for name in ("first_reply_ms", "stock_first_reply_ms", "memory_idle_mb", "memory_light_mb", "trivial_cell_ms", "kill_ms"):
        assert 0 < figures[name]["p50"] <= figures[name]["p95"], name
    assert figures["starts_per_second"] > 0
    assert figures["first_reply_ms"]["p50"] < figures["stock_first_reply_ms"]["p50"]


def test_a_spread_is_the_middle_and_the_upper_end() -> None:
    assert spread([float(figure) for figure in range(1, 101)]) == {"p50": 50.5, "p95": 95.0, "n": 100}
    assert spread([7.04]) == {"p50": 7.0, "p95": 7.0, "n": 1}
