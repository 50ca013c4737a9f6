"""Who may do what in a team: one table, least rights. Nothing else in the product decides it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from server.errors import NotAllowed


class Role(StrEnum):
    owner = "owner"
    manager = "hiring manager"
    reviewer = "reviewer"
    author = "author"
    auditor = "auditor"


class Right(StrEnum):
    """Worded so that "may ..." can stand before it."""

    see_team = "see who is in the team"
    manage_members = "invite people and change what they may do"
    edit_team = "change the team's name and profile"
    hire = "set up jobs and invite candidates"
    review = "mark candidates' work"
    see_results = "see results"
    write_exercises = "write exercises of the team"
    see_log = "read the log"


R = Right
RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.owner: frozenset(Right),
    Role.manager: frozenset({R.see_team, R.edit_team, R.hire, R.review, R.see_results}),
    Role.reviewer: frozenset({R.see_team, R.review}),
    Role.author: frozenset({R.see_team, R.write_exercises}),
    Role.auditor: frozenset({R.see_team, R.see_results, R.see_log}),
}


def may(role: str, right: Right) -> bool:
    return right in RIGHTS[Role(role)]


def require(role: str, right: Right) -> None:
    """Raises NotAllowed, with the roles that may."""
    if not may(role, right):
        roles = " or ".join(f"{'an' if each.value[0] in 'aeiou' else 'a'} {each.value}" for each in Role if right in RIGHTS[each])
        raise NotAllowed(f"In this team you are {role}. To {right.value} takes {roles}.")
