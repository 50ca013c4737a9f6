"""The YAML of the first cell: read without aliases, tags or surprises, then checked key by key."""

from datetime import date, timedelta
from typing import Any

import yaml

from server.exercise_format import words
from server.exercise_format.exercise import FrontMatter
from server.exercise_format.finding import Finding
from server.exercise_format.limits import FRONT_MATTER_CHARACTERS, FRONT_MATTER_DEPTH
from server.exercise_format.reading.front_matter_values import READERS

LONGEST_REVIEW = timedelta(days=366)
NEVER = date(2000, 1, 1)

FALLBACKS: dict[str, Any] = {
    "format": 1, "slug": "unnamed", "version": 1, "title": "Untitled", "summary": "", "kind": "coding", "form": "code",
    "topics": (), "roles": (), "level": 1, "minutes": 5, "objectives": (), "prerequisites": (), "needs": (), "licence": "",
    "authors": (), "reviewed": NEVER, "review_due": NEVER,
}  # fmt: skip


class Unreadable(ValueError):
    """The YAML cannot be read at all."""


def read_front_matter(source: str, cell: str) -> tuple[FrontMatter, tuple[Finding, ...]]:
    """The front matter with every wrong value replaced by a harmless one, and what was wrong."""
    try:
        values = _parse(source)
    except Unreadable as error:
        return _build({}), (Finding("front-matter", str(error), cell),)
    problems = list(_key_problems(values))
    good: dict[str, Any] = {}
    for key, value in values.items():
        if key in READERS:
            try:
                good[key] = READERS[key](value)
            except ValueError as error:
                problems.append(("front-matter-value", f"`{key}`: {error}."))
    problems += _date_problems(good)
    return _build(good), tuple(Finding(code, sentence, cell) for code, sentence in problems)


def _build(good: dict[str, Any]) -> FrontMatter:
    values = {**FALLBACKS, **good}
    values.pop("format")
    return FrontMatter(**values)


class _PlainLoader(yaml.SafeLoader):
    """No anchors or aliases (they are how small files grow huge), no deep nesting, no repeated keys."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Unreadable("The front matter uses an anchor or an alias; write the values out.")
        self.depth += 1
        if self.depth > FRONT_MATTER_DEPTH:
            raise Unreadable("The front matter is nested too deeply.")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        repeated = sorted({str(key) for key in keys if keys.count(key) > 1})
        if repeated:
            raise Unreadable(f"The front matter has the key {repeated[0]!r} twice.")
        return super().construct_mapping(node, deep)


def _parse(source: str) -> dict[str, Any]:
    if len(source) > FRONT_MATTER_CHARACTERS:
        raise Unreadable(f"The front matter is longer than {FRONT_MATTER_CHARACTERS:,} characters.")
    lines = source.strip().split("\n")
    if len(lines) < 2 or lines[0].strip() != "---" or lines[-1].strip() != "---":
        raise Unreadable("The first cell must hold YAML between two lines of `---`.")
    try:
        values = yaml.load("\n".join(lines[1:-1]), Loader=_PlainLoader)
    except Unreadable:
        raise
    except (yaml.YAMLError, ValueError, TypeError, RecursionError, OverflowError) as error:
        raise Unreadable(f"The front matter is not plain YAML: {' '.join(str(error).split())[:200]}.") from error
    if not isinstance(values, dict):
        raise Unreadable("The front matter must be a list of `key: value` lines.")
    return values


def _key_problems(values: dict[str, Any]) -> list[tuple[str, str]]:
    known = {key.name for key in words.FRONT_MATTER}
    unknown = [("front-matter-key", f"`{key}` is no key of the front matter.") for key in values if key not in known]
    missing = [("front-matter-missing", f"The front matter lacks `{key.name}`: {key.help}")
               for key in words.FRONT_MATTER if key.required and key.name not in values]  # fmt: skip
    return unknown + missing


def _date_problems(good: dict[str, Any]) -> list[tuple[str, str]]:
    if "reviewed" not in good or "review_due" not in good:
        return []
    if not good["reviewed"] < good["review_due"] <= good["reviewed"] + LONGEST_REVIEW:
        return [("front-matter-value", "`review_due` must lie after `reviewed`, by at most 12 months.")]
    return []
