"""Benchmarks are tried, not measured: nobody waits half a minute until a site has settled."""

import pytest

from server.cli.bench import load


@pytest.fixture(autouse=True)
def settled_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "SETTLING_SECONDS", 2.0)
