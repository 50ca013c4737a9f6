"""docs/hiring.md gives each role the rights that server/assessments/teams/rights.py gives it."""

import re
from pathlib import Path

from server.assessments.sittings.outages import LONGEST_SILENCE
from server.assessments.tables.teams import Team
from server.assessments.teams.rights import RIGHTS, Right, Role
from server.worker.clockwork import EVERY

PAGE = (Path(__file__).parents[2] / "docs" / "hiring.md").read_text()


def test_the_table_of_roles_is_the_one_of_the_code() -> None:
    rows = dict(re.findall(r"^\| ([a-z ]+) \| ([^|]+) \|$", PAGE, re.MULTILINE))
    rows.pop("role")
    assert rows == {role.value: ", ".join(right.value for right in Right if right in RIGHTS[role]) for role in Role}


def test_the_figures_of_the_page_are_those_of_the_code() -> None:
    assert (EVERY, LONGEST_SILENCE.total_seconds()) == (5.0, 30.0)
    assert Team.model_fields["retention_days"].default == 180
    for said in ("every five seconds", "more than half a\n  minute", "(180\ndays"):
        assert said in PAGE
