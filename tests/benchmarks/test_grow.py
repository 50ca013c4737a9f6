"""One small step of `bench grow`, to a page; and the same page again from its figures."""

import json
from pathlib import Path

from click.testing import CliRunner

from server.cli.main import commands

TINY = ["--sizes", "2", "--seconds", "4", "--think", "0.2", "--json"]


def test_a_page_and_its_plot_are_written_from_what_was_measured(tmp_path: Path) -> None:
    page, again = tmp_path / "scale.md", tmp_path / "again.md"
    measured = CliRunner().invoke(commands, ["bench", "grow", "--into", str(page), *TINY])
    assert measured.exit_code == 0, measured.output
    figures = json.loads(measured.stdout)
    assert [step["size"] for step in figures["steps"]] == [2]
    assert figures["saves_per_second"] > 0
    assert (tmp_path / "images" / "scale.svg").read_text().startswith("<svg ")
    assert f"| 2 | 0 | {figures['steps'][0]['load']['acts_per_second']:g} |" in page.read_text()

    (tmp_path / "figures.json").write_text(measured.stdout)
    told = CliRunner().invoke(commands, ["bench", "grow", "--from", str(tmp_path / "figures.json"), "--into", str(again)])
    assert told.exit_code == 0
    assert again.read_text() == page.read_text().replace("images/scale.svg", "images/again.svg")
