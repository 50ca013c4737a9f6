"""The house: what a hole in the walls means for everybody's code, until the next test finds none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import probe as probing
from sandbox.errors import SandboxUnavailable
from sandbox.probe import Layer
from server.wiring import House, open_house
from tests.kernels import ran
from tests.people import settings_for


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(settings_for(tmp_path))
    yield house
    house.close()


def find(monkeypatch: pytest.MonkeyPatch, layer: Layer) -> None:
    """A self-test that tries the real walls and finds this, too."""
    monkeypatch.setattr(probing, "JUDGES", (*probing.JUDGES, lambda _found: layer))


def test_a_hole_stops_all_code_until_a_test_finds_none(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        find(patch, Layer("moat", False, "it is dry", "Fill it."))
        for _ in range(2):  # the second test can still try the walls
            house.test_sandbox()
            status, word, sentence = house.sandbox_condition()
            assert (status, word) == ("failed", "has a hole")
            assert "moat: it is dry" in sentence and "Fill it." in sentence
    with pytest.raises(SandboxUnavailable, match="moat: it is dry"), house.kernels.borrow():
        pass

    house.test_sandbox()
    assert house.sandbox_condition()[:2] == ("passed", "works")
    with house.kernels.borrow() as kernel:
        assert ran(kernel, "1").value == "1"


def test_a_second_lock_that_is_missing_stops_nothing(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    find(monkeypatch, Layer("drawbridge", False, "not on this machine", needed=False))
    house.test_sandbox()
    assert house.sandbox_condition()[:2] == ("passed", "works")
    with house.kernels.borrow() as kernel:
        assert ran(kernel, "1").value == "1"


def test_who_chose_to_have_no_walls_is_told_and_not_stopped(tmp_path: Path) -> None:
    house = open_house(settings_for(tmp_path, sandbox="open"))
    house.test_sandbox()
    assert house.sandbox_condition()[:2] == ("warn", "open")
    with house.kernels.borrow() as kernel:
        assert ran(kernel, "1").value == "1"
    house.close()
