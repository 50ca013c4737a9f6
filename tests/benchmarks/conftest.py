"""Benchmarks are tried, not measured: nobody waits half a minute until a site has settled."""

import pytest

from server.cli import bench_load


@pytest.fixture(autouse=True)
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench_load, "SETTLING_SECONDS", 2.0)
