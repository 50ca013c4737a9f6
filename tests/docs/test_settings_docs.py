"""docs/settings.md lists exactly the settings that are read."""

import re
from pathlib import Path

from server.settings import SETTINGS

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
ROW = re.compile(r"^\| `(TOUCHSTONE_\w+)` \| (.+?) \| (.+) \|$", re.M)


def test_the_page_lists_every_setting_with_its_default_and_help() -> None:
    expected = [(setting.variable, setting.default, setting.help) for setting in SETTINGS]
    assert ROW.findall(PAGE.read_text()) == expected


def test_the_data_folder_is_described_by_the_names_in_use() -> None:
    text = PAGE.read_text()
    assert all(f"`{name}`" in text for name in ("touchstone.sqlite3", "secret", "outbox/"))
