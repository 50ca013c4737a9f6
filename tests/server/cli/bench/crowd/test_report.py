"""From acts to figures: what counts, when, and as what."""

from __future__ import annotations

from typing import Any

from server.cli.bench.crowd.people import Lived
from server.cli.bench.crowd.plan import Act
from server.cli.bench.crowd.report import costs, report

RAMP, SECONDS = 10.0, 60.0


def reported(*acts: Act) -> dict[str, Any]:
    return report(acts, RAMP, SECONDS)


def test_times_are_of_acts_after_the_ramp_up() -> None:
    acts = reported(Act("save", 9.9, 5.0), Act("save", 10.0, 0.1), Act("save", 69.9, 0.3), Act("save", 70.0, 5.0))["acts"]
    assert acts["save"] == {"count": 2, "p50_ms": 300.0, "p95_ms": 300.0, "max_ms": 300.0, "errors": 0}


def test_errors_count_from_the_first_arrival_and_are_no_times() -> None:
    found = reported(Act("save", 1.0, 0.1, "status 500"), Act("save", 20.0, 9.0, "status 500"), Act("save", 20.0, 0.1))
    assert found["errors"] == 2
    assert found["errors_seen"] == {"save: status 500": 2}
    assert found["acts"]["save"] == {"count": 1, "p50_ms": 100.0, "p95_ms": 100.0, "max_ms": 100.0, "errors": 2}
    assert found["goals"]["errors"] == {"goal": 0, "measured": 2, "met": False}


def test_an_act_that_never_worked_is_shown_too() -> None:
    assert reported(Act("check", 20.0, 1.0, "no result"))["acts"]["check"] == {"count": 0, "errors": 1}


def test_a_run_that_starts_a_kernel_counts_as_a_run() -> None:
    found = reported(
        Act("first run", 20.0, 0.6), Act("next run", 20.0, 0.02), Act("next run", 21.0, 0.02, "the stream broke off")
    )
    assert (found["acts"]["run"]["count"], found["acts"]["run"]["errors"]) == (2, 1)
    assert found["goals"]["run_p95_ms"] == {"goal": 500, "measured": 600.0, "met": False}


def test_looks_and_files_are_no_acts_of_a_person() -> None:
    acts = [Act(name, 20.0, 0.1) for name in ("check", "look", "look", "files")]
    assert reported(*acts)["acts_per_second"] == round(1 / SECONDS, 2)


def test_a_goal_without_a_measurement_is_neither_met_nor_missed() -> None:
    assert reported()["goals"]["check_p95_ms"] == {"goal": 1_000, "measured": None, "met": None}


def test_costs_are_told_for_each_act() -> None:
    lived = Lived(
        [Act("first run", 0, 1), Act("next run", 1, 1), Act("check", 2, 1), Act("look", 2, 1)], seconds=10, cpu_seconds=1
    )
    cpu = {"server": 0.3, "zygote": 0.1, "kernels": 0.5, "graders": 0.1}
    assert costs(lived, cpu, machine_cpu_seconds=12.0) == {
        "cores_busy": {
            "server": 0.03,
            "zygote": 0.01,
            "kernels": 0.05,
            "graders": 0.01,
            "all": 0.1,
            "people": 0.1,
            "others": 1.0,
        },
        "cpu_ms_each": {"act_in_server": 100.0, "run_in_kernel": 250.0, "grading_in_graders": 100.0},
    }
