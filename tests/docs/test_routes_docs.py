"""docs/http.md lists every route with who may use it, as the table in server/web/access.py has it."""

import re
from pathlib import Path

from server.web.access import ACCESS

PAGE = Path(__file__).parents[2] / "docs" / "http.md"


def test_the_page_and_the_table_of_routes_are_equal() -> None:
    rows = re.findall(r"^\| (GET|POST) \| `([^`]+)` \| ([a-z]+) \|", PAGE.read_text(), re.MULTILINE)
    assert {(method, address): who for method, address, who in rows} == {route: who.name.lower() for route, who in ACCESS.items()}
