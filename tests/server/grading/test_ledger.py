"""What a batch has written is found again; what was cut is thrown away."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from server.grading.ledger import Key, Ledger, digest_of

KEY = Key("a.ipynb", "1" * 64, "exercise", "environment", None, False)
ROW = {"status": "graded", "points": 2.5}


def kept(path: Path, key: Key) -> object:
    ledger = Ledger(path)
    ledger.close()
    return ledger.get(key)


def test_a_row_is_found_again_by_another_process(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "rows")
    ledger.add(KEY, ROW)
    assert kept(tmp_path / "rows", KEY) == ROW
    ledger.close()


@pytest.mark.parametrize(
    "change",
    [
        {"notebook": "b.ipynb"}, {"sha256": "2" * 64}, {"exercise": "mended"}, {"environment": "newer"}, {"seed": 0},
        {"visible_only": True},
    ],
)  # fmt: skip
def test_whatever_the_row_depends_on_asks_for_a_new_one(tmp_path: Path, change: dict[str, object]) -> None:
    ledger = Ledger(tmp_path / "rows")
    ledger.add(KEY, ROW)
    assert ledger.get(replace(KEY, **change)) is None  # type: ignore[arg-type]
    ledger.close()


def test_our_own_fault_is_tried_again_and_the_later_row_counts(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "rows")
    ledger.add(KEY, {"status": "our_fault"})
    assert ledger.get(KEY) is None
    ledger.add(KEY, ROW)
    ledger.close()
    assert kept(tmp_path / "rows", KEY) == ROW


@pytest.mark.parametrize("cut", ['{"key": {"notebook": "b.ip', "\x00\x00", '{"key": 3, "row": {}}\n', "[1]\n", '{"row": 1}\n'])
def test_a_cut_or_foreign_line_costs_only_itself(tmp_path: Path, cut: str) -> None:
    path = tmp_path / "rows"
    ledger = Ledger(path)
    ledger.add(KEY, ROW)
    ledger.close()
    with path.open("a") as stream:
        stream.write(cut)
    later = replace(KEY, notebook="c.ipynb")
    ledger = Ledger(path)
    ledger.add(later, ROW)
    ledger.close()
    assert (kept(path, KEY), kept(path, later)) == (ROW, ROW)


def test_the_digest_is_of_plain_files_alone(tmp_path: Path) -> None:
    plain, link = tmp_path / "a", tmp_path / "b"
    plain.write_text("x")
    link.symlink_to(plain)
    assert digest_of(plain) == "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
    assert digest_of(link) == digest_of(tmp_path / "missing") == ""
