"""Option lines at the top of a cell: `#| key: value`, in Markdown also `<!-- key: value -->`."""

import re
from dataclasses import dataclass

from server.exercise_format.limits import OPTION_CHARACTERS

HASH_OPTION = re.compile(r"#\|\s*([a-z][a-z_-]*)\s*:(?:\s(.*)|\s*)$")
COMMENT_OPTION = re.compile(r"<!--\s*([a-z][a-z_-]*)\s*:\s*(.*?)\s*-->\s*$")
HASH_START = re.compile(r"#\|")


@dataclass(frozen=True, slots=True)
class Split:
    options: dict[str, str]
    body: str
    problems: tuple[tuple[str, str], ...]  # (linter code, sentence)


def split_options(source: str, markdown: bool) -> Split:
    """Takes the option lines off the top; the body starts at the first other line."""
    options: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    lines = source.split("\n")
    taken = 0
    for line in lines:
        found = HASH_OPTION.match(line) or (COMMENT_OPTION.match(line) if markdown else None)
        if found:
            problems += _keep(options, found[1], (found[2] or "").strip())
        elif HASH_START.match(line):
            problems.append(("option-shape", f"An option line reads `#| key: value`, this one reads {line[:60]!r}."))
        else:
            break
        taken += 1
    body = "\n".join(lines[taken:])
    problems += [("option-place", f"The option line {line[:60]!r} does not stand at the top of its cell.")
                 for line in lines[taken:] if HASH_OPTION.match(line)]  # fmt: skip
    return Split(options, body.strip("\n") if markdown else body.rstrip("\n"), tuple(problems))


def _keep(options: dict[str, str], key: str, value: str) -> list[tuple[str, str]]:
    if key in options:
        return [("option-repeated", f"The option `{key}` stands there twice.")]
    if len(value) > OPTION_CHARACTERS:
        return [("option-value", f"The value of `{key}` is longer than {OPTION_CHARACTERS} characters.")]
    options[key] = value
    return []


def names(value: str) -> tuple[str, ...]:
    """`a, b` as a tuple; empty parts are dropped."""
    return tuple(part.strip() for part in value.split(",") if part.strip())


def with_line_breaks(value: str) -> str:
    r"""`\n` is a line break and `\\n` a backslash before an n."""
    return re.sub(r"(\\?)\\n", lambda found: r"\n" if found[1] else "\n", value)
