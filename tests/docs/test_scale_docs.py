"""docs/scale.md is written by `touchstone bench grow`: its words are those of the template, its plot is there."""

import re
from pathlib import Path

from server.cli.bench.scale.page import WORDS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_has_the_words_of_the_template() -> None:
    parts = re.split(r"\$\w+", WORDS.read_text())
    pattern = ".*?".join(re.escape(part) for part in parts)
    assert re.fullmatch(pattern, (DOCS / "scale.md").read_text(), re.DOTALL)


def test_the_plot_is_beside_it() -> None:
    assert "](images/scale.svg)" in (DOCS / "scale.md").read_text()
    assert (DOCS / "images" / "scale.svg").read_text().startswith("<svg ")
