"""Other graders are measured where they are, and their times count only when they graded rightly."""

from pathlib import Path

import pytest

from server.cli.bench.grading import compared
from server.cli.bench.others import NotGraded, Task, measure_others, run

TASK = Task(["x = 1"], "assert x == 1", 2)


def test_a_tool_that_is_not_there_is_left_out(tmp_path: Path) -> None:
    assert measure_others(TASK, tmp_path) == {}


def test_a_tool_that_fails_has_no_time(tmp_path: Path) -> None:
    command = tmp_path / "nbgrader"
    command.write_text("#!/bin/sh\necho 'no such course' >&2\nexit 3\n")
    command.chmod(0o755)
    with pytest.raises(NotGraded, match="ended with 3: no such course"):
        measure_others(TASK, tmp_path)
    assert run(["/bin/true"], tmp_path) > 0


def test_the_ratios_say_how_many_times_faster_ours_are() -> None:
    found = compared({"nbgrader": {"one_seconds": 5.0, "many_a_second": 0.5}}, whole=0.1, a_second=20.0)
    assert found["nbgrader"]["times_faster_for_one"] == 50.0
    assert found["nbgrader"]["times_as_many_a_second"] == 40.0
