"""That people are acted, counted and weighed; the figures themselves are for `touchstone bench load`, on a quiet machine."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from server.cli.main import commands

SHORT = ["bench", "load", "--people", "3", "--seconds", "5", "--think", "0.2", "--kernels", "20", "--json"]


def load(exit_code: int) -> dict[str, Any]:
    result = CliRunner().invoke(commands, SHORT)
    assert result.exit_code == exit_code, result.output
    found = json.loads(result.stdout)
    assert isinstance(found, dict)
    return found


def test_people_at_work_get_answers_and_the_machine_is_weighed() -> None:
    found = load(exit_code=0)
    assert (found["people"], found["errors"], found["errors_seen"]) == (3, 0, {})
    acts = found["acts"]
    assert acts.keys() >= {
        "bank",
        "exercise",
        "files",
        "start",
        "save",
        "first run",
        "next run",
        "run",
        "check",
        "submit",
        "look",
    }
    assert acts["run"]["count"] == acts["first run"]["count"] + acts["next run"]["count"] > 0
    assert 0 < acts["run"]["p50_ms"] <= acts["run"]["p95_ms"] <= acts["run"]["max_ms"]
    assert found["acts_per_second"] > 0
    assert found["kernels_alive_peak"] >= found["kernels_alive_at_end"] > 0
    assert all(found["memory_mb_at_end"][part] > 0 for part in ("server", "zygote", "kernels"))
    assert all(found["cpu_seconds"][part] > 0 for part in ("server", "kernels", "graders"))
    assert found["goals"].keys() == {"errors", "run_p95_ms", "check_p95_ms"}
    assert found["goals"]["errors"]["met"]


def test_a_server_whose_kernels_cannot_start_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHSTONE_CANDIDATE_PYTHON", "/bin/false")
    found = load(exit_code=1)
    assert found["acts"]["first run"]["errors"] > 0
    assert found["errors"] >= found["acts"]["run"]["errors"] >= found["acts"]["first run"]["errors"]
    assert any(seen.startswith("first run: the run ended as died") for seen in found["errors_seen"])
    assert not found["goals"]["errors"]["met"]
    assert "fork-server" in found["server_log"]
