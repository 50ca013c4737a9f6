"""What another machine holds follows from what was measured, by the formulas that the page states."""

from server.cli.bench.scale.next_machine import Rates, next_machine

MEASURED = Rates(kernel_mb=40, base_mb=1_024, run_ms=20, grading_ms=200, act_ms=20, cores_each=0.01, server_cores_each=0.004)


def test_memory_holds_kernels_and_cores_hold_work() -> None:
    found = next_machine(4, 17, MEASURED)
    assert found.kernels == 16 * 1024 // 40
    assert found.people_by_memory == int(found.kernels / 1.25)
    assert (found.runs_per_second, found.gradings_per_second, found.people_by_cores) == (200, 20, 400)


def test_the_server_is_one_process_on_any_machine() -> None:
    assert next_machine(2, 8, MEASURED).people_by_server == next_machine(16, 64, MEASURED).people_by_server == 250
