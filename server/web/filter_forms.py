"""The filters of the bank as people see them: selects, chips for kinds, and what a row says of an exercise."""

from collections.abc import Sequence
from dataclasses import dataclass

from server.bank import labels
from server.bank.filters import WORDS, Filters
from server.bank.search import Found
from server.web.wording import join_words


@dataclass(frozen=True, slots=True)
class Select:
    name: str
    label: str
    anything: str
    groups: dict[str, list[tuple[str, str]]]  # group -> options (value, text); one group without a name for plain selects
    chosen: str


@dataclass(frozen=True, slots=True)
class Chip:
    text: str
    count: int
    filters: Filters
    current: bool


def selects(filters: Filters) -> list[Select]:
    """All but the state, which is a person's own."""
    areas = {area: [(topic, labels.TOPICS[topic]) for topic in topics] for area, topics in labels.topics_by_area().items()}
    return [
        Select("topic", "Topic", "Any topic", areas, filters.topic),
        plain_select("level", "Level", "Any level", filters),
        plain_select("minutes", "Time", "Any length", filters),
        plain_select("role", "Role", "Any role", filters),
    ]


def plain_select(name: str, label: str, anything: str, filters: Filters) -> Select:
    return Select(name, label, anything, {"": list(WORDS[name].items())}, str(getattr(filters, name)))


def chips(filters: Filters, found: Found) -> list[Chip]:
    everything = Chip("All kinds", sum(found.by_kind.values()), filters.without("kind"), not filters.kind)
    kinds = [
        Chip(text, found.by_kind.get(kind, 0), filters.asking("kind", kind), filters.kind == kind)
        for kind, text in labels.KINDS.items()
    ]
    return [everything, *kinds]


def topics_in_words(topics: Sequence[str]) -> str:
    """With a capital at the beginning; empty without topics."""
    words = [labels.TOPICS.get(topic, topic) for topic in topics]
    return join_words([*words[:1], *map(labels.inside_a_sentence, words[1:])])


def page_number(text: str) -> int:
    """From an address: 1 for what is no number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 1
