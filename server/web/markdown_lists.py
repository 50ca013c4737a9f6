"""Lists as Jupyter reads them, rewritten into what Python-Markdown expects.

Jupyter (CommonMark): what belongs to an item is indented by the width of its marker, and a list needs no empty line before it.
Python-Markdown: four spaces for each level, and an empty line before a list.
"""

import re
from dataclasses import dataclass

from markdown.preprocessors import Preprocessor

ITEM = re.compile(r"(?P<sign>[-*+]|\d{1,3}\.) +(?=\S)")
DEEPEST = 8


@dataclass(slots=True)
class _Open:
    """An item that later lines may belong to."""

    text_at: int
    numbered: bool
    loose: bool = False  # an empty line came after it began


class Lists(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        made: list[str] = []
        inside: list[_Open] = []
        for line in lines:
            if line.strip():
                self._line(line, made, inside)
            else:
                made.append("")
                for item in inside:
                    item.loose = True
        return made

    def _line(self, line: str, made: list[str], inside: list[_Open]) -> None:
        indent = len(line) - len(line.lstrip(" "))
        closed = None
        while inside and indent < inside[-1].text_at:
            closed = inside.pop()
        rest = line[inside[-1].text_at :] if inside else line
        marker = ITEM.match(rest.lstrip(" ")) if len(rest) - len(rest.lstrip(" ")) < 4 else None
        if marker is None:
            made.append("    " * len(inside) + rest)
            return
        numbered = marker["sign"][-1] == "."
        if made and made[-1] and self._needs_gap(closed, inside, numbered):
            made.append("")
        made.append("    " * len(inside) + rest.lstrip(" "))
        if len(inside) < DEEPEST:
            inside.append(_Open(indent + marker.end(), numbered))

    def _needs_gap(self, closed: _Open | None, inside: list[_Open], numbered: bool) -> bool:
        """Before the first item after a paragraph, after an item of several paragraphs, and between lists of two kinds."""
        if closed is None:
            return not inside or inside[-1].loose
        return closed.loose or closed.numbered != numbered
