"""The list at the end of a question: items, each with a reason in the quoted lines under it."""

import re
from dataclasses import dataclass

ITEM = re.compile(r"(?:[-*]|(\d{1,2})[.)])\s+(.*)")
QUOTE = re.compile(r"\s+>\s?(.*)")


@dataclass(slots=True)
class Entry:
    number: int | None
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    prompt: str
    entries: tuple[Entry, ...]


def split_listing(body: str, item: re.Pattern[str]) -> Listing:
    """The prompt, and the last run of items of which each first line matches `item`.

    Nothing but items, their indented continuations and blank lines may follow the first item of that run, so a prompt
    may hold lists of its own.
    """
    lines = body.split("\n")
    start = len(lines)
    fences = _fenced(lines)
    for number in range(len(lines) - 1, -1, -1):
        line = lines[number]
        if not line.strip() or line[0].isspace():
            continue
        if fences[number] or not item.match(line):
            break
        start = number
    return Listing("\n".join(lines[:start]).strip(), _entries(lines[start:]))


def _fenced(lines: list[str]) -> list[bool]:
    """Which lines lie inside a fenced block of code."""
    inside, found = False, []
    for line in lines:
        fence = line.lstrip().startswith("```")
        found.append(inside or fence)
        inside = inside != fence
    return found


def _entries(lines: list[str]) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    for line in lines:
        found = None if not line or line[0].isspace() else ITEM.match(line)
        if found:
            entries.append(Entry(int(found[1]) if found[1] else None, found[2].strip()))
        elif entries and line.strip():
            _continue(entries[-1], line)
    return tuple(entries)


def _continue(entry: Entry, line: str) -> None:
    quoted = QUOTE.match(line)
    if quoted:
        entry.reason = f"{entry.reason}\n{quoted[1].strip()}".strip()
    elif entry.reason:
        entry.reason = f"{entry.reason}\n{line.strip()}"
    else:
        entry.text = f"{entry.text}\n{line.strip()}"
