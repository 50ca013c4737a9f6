"""Front matter for an imported exercise: what the source tells, honest defaults for the rest, and a row for each default."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import yaml

from server.exercise_format.foreign.account import Row
from server.exercise_format.words import FORMAT_VERSION

HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
MARKUP = re.compile(r"[*_`#]+|<[^>]*>|!\[[^\]]*\]\([^)]*\)")
REVIEW = timedelta(days=30)
NOT_STATED = "Not stated"
LONGEST_TITLE, LONGEST_SUMMARY = 60, 140
SHORTEST_SLUG, LONGEST_SLUG = 4, 60

DEFAULTS: dict[str, tuple[Any, str]] = {
    "topics": (["python"], "1 to 3 of the topics"),
    "roles": (["data_scientist"], "1 to 6 of the roles"),
    "level": (1, "1, 2 or 3"),
    "minutes": (30, "the time that it takes"),
    "objectives": (["do what the task asks"], "1 to 4 verb phrases"),
    "licence": (NOT_STATED, "the licence of the texts; ask the author before passing them on"),
    "authors": ([NOT_STATED], "who wrote it"),
}


def slug_of(stem: str, system: str) -> str:
    """A slug from the name of a file."""
    found = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")
    return (found if len(found) >= SHORTEST_SLUG else f"{system}-{found or 'notebook'}")[:LONGEST_SLUG].strip("-")


def front_matter(
    slug: str,
    title: str,
    system: str,
    needs: Sequence[str],
    has_checks: bool,
    files: Mapping[str, bytes],
    environment: str,
    today: date,
) -> tuple[str, list[Row]]:
    """The text of the first cell, and what its author has yet to fill in."""
    values: dict[str, Any] = {
        "format": FORMAT_VERSION,
        "slug": slug,
        "version": 1,
        "title": title[:LONGEST_TITLE].strip(),
        "summary": f"Imported from {system}: {title}"[:LONGEST_SUMMARY].strip(),
        "kind": "coding" if has_checks else "theory",
        "form": "code" if has_checks else "short",
        **{key: value for key, (value, _) in DEFAULTS.items()},
        "prerequisites": [],
        "needs": list(needs),
        "reviewed": today,
        "review_due": today + REVIEW,
        "use": "practice",
        "exposure": "private",
        "hidden_policy": "message",
        "data": [_data_file(name, files[name], system) for name in sorted(files)] or "generated",
    }
    values |= {"environment": environment} if environment else {}
    text = yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120)
    return f"---\n{text}---", _rows(values, bool(files))


def _data_file(name: str, content: bytes, system: str) -> dict[str, str]:
    source = f"beside the imported {system} notebook"
    return {"name": name, "sha256": sha256(content).hexdigest(), "source": source, "licence": NOT_STATED}


def _rows(values: Mapping[str, Any], has_files: bool) -> list[Row]:
    rows = [Row(0, key, "to fill in", f"The source does not say it; {value!r} stands for {what}.")
            for key, (value, what) in DEFAULTS.items()]  # fmt: skip
    rows.append(Row(0, "kind", "to fill in", f"{values['kind']!r} was assumed; it is also the folder of the file."))
    rows.append(Row(0, "summary", "to fill in", "One sentence on what is asked."))
    rows.append(Row(0, "reviewed", "to fill in", "The day of the import; nobody has reviewed the exercise yet."))
    if has_files:
        rows.append(Row(0, "data", "to fill in", "Source and licence of each data file."))
    return rows


def title_of(texts: Sequence[str], fallback: str) -> str:
    """The first heading of the task, else the name of the file."""
    for text in texts:
        for found in HEADING.findall(text):
            plain = " ".join(MARKUP.sub(" ", found).split())
            if plain:
                return plain
    return fallback
