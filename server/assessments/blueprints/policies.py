"""What a team promises to its candidates and asks of its markers, beside the work itself."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.change import Change
from server.errors import Invalid

LONGEST_ABOUT, LONGEST_CONTACT = 3_000, 200
LONGEST_TOLD = 200
MOST_MINUTES = 24 * 60  # that can be written down; publishing asks for far less
MOST_DAYS = 90
MARKERS = (1, 2)


@dataclass(frozen=True, slots=True)
class Policies:
    """As a person typed them. `hard_window`: the end of the window ends what runs, too."""

    stated_minutes: int
    ai_policy: str
    answer_days: int
    appeal_days: int
    markers: int
    hard_window: bool
    about: str
    contact: str


def merge_policies(mine: Policies, shown: Policies, stored: Policies) -> Policies:
    """What two people changed, each on a page of their own: `mine` was typed where `shown` stood. Raises Invalid for a field that
    both changed to different things."""
    taken: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for name in (field.name for field in fields(Policies)):
        change, now = Change(getattr(shown, name), getattr(mine, name)), getattr(stored, name)
        taken[name] = change.over(now)
        if change.collides(now):
            told = f"{now[:LONGEST_TOLD]}…" if len(str(now)) > LONGEST_TOLD else now
            errors[name] = f"The team changed this while your page was open, to “{told}”. To have yours instead, save again"
    if errors:
        raise Invalid.fields(errors)
    return Policies(**taken)


def refuse_policies(policies: Policies, retention_days: int) -> None:
    """`retention_days`: how long the team keeps candidates. Raises Invalid."""
    errors: dict[str, str] = {}
    if not 1 <= policies.stated_minutes <= MOST_MINUTES:
        errors["stated_minutes"] = "Say how long candidates have, in minutes: a whole number above 0"
    if policies.ai_policy not in BY_KEY:
        errors["ai_policy"] = "Choose one of the four rules"
    if policies.markers not in MARKERS:
        errors["markers"] = "One or two people mark each sitting"
    if not 1 <= policies.answer_days <= MOST_DAYS:
        errors["answer_days"] = f"Say within how many days you answer: from 1 to {MOST_DAYS}"
    if not 1 <= policies.appeal_days <= MOST_DAYS:
        errors["appeal_days"] = f"Say for how many days candidates can ask for a second look: from 1 to {MOST_DAYS}"
    if policies.answer_days + policies.appeal_days > retention_days:
        kept = f"the team keeps candidates for {retention_days} days after they hand in"
        errors.setdefault("appeal_days", f"Answer and second look have to fit into the time of keeping: {kept}")
    if len(policies.about.strip()) > LONGEST_ABOUT:
        errors["about"] = f"{len(policies.about.strip()):,} characters; at most {LONGEST_ABOUT:,}"
    if len(policies.contact.strip()) > LONGEST_CONTACT:
        errors["contact"] = f"At most {LONGEST_CONTACT} characters"
    if errors:
        raise Invalid.fields(errors)
