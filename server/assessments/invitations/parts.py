"""What an invitation must say before it may leave: how long, with which tools, what comes after."""

from __future__ import annotations

from dataclasses import dataclass

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.tables.blueprints import BlueprintRow
from server.errors import Conflict

PUBLISHED = "published"
NOT_PUBLISHED = "Publish this job's blueprint first: whoever is invited must know what it is they are invited to."


@dataclass(frozen=True, slots=True)
class Part:
    """`says` is empty where the blueprint says nothing about it."""

    title: str
    says: str
    needed: bool = True

    @property
    def missing(self) -> bool:
        return not self.says


def parts_of(blueprint: BlueprintRow) -> tuple[Part, ...]:
    rule, days = BY_KEY.get(blueprint.ai_policy), blueprint.answer_days
    return (
        Part("Time needed", f"{blueprint.stated_minutes} minutes" if blueprint.stated_minutes > 0 else ""),
        Part("Tools of AI", rule.title if rule else ""),
        Part("Next step", f"the team answers within {days} day{'' if days == 1 else 's'}" if days > 0 else ""),
        Part("Whom to ask", blueprint.contact.strip(), needed=False),
        Part("About the team and the work", blueprint.about.strip(), needed=False),
    )


def ready(blueprint: BlueprintRow | None) -> BlueprintRow:
    """A blueprint that people can be invited to. Raises Conflict, with what to do."""
    if blueprint is None or blueprint.state != PUBLISHED:
        raise Conflict(NOT_PUBLISHED, code="not_published")
    missing = [part.title.lower() for part in parts_of(blueprint) if part.needed and part.missing]
    if missing:
        sentence = f"The published blueprint does not say: {', '.join(missing)}. Publish a version that does; then invite."
        raise Conflict(sentence, code="incomplete")
    return blueprint
