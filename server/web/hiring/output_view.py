"""Outputs of a candidate's cells, as text and pictures. Nothing that a kernel made is HTML here, or runs."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PICTURES = {"image/png": b"\x89PNG\r\n\x1a\n", "image/jpeg": b"\xff\xd8\xff", "image/gif": b"GIF8"}
TEXTS = ("text/plain", "text/markdown", "text/latex", "text/html", "application/json", "image/svg+xml")
LONGEST_TEXT = 20_000  # characters of one output
ESCAPES = re.compile(r"\x1b(?:\[[0-9;:]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-Z\\^_])")


@dataclass(frozen=True, slots=True)
class Shown:
    """`kind`: text, trace, picture or notice. `cut`: there was more. `source`: of a picture, as a data address."""

    kind: str
    text: str = ""
    cut: bool = False
    source: str = ""


def output_view(outputs: Iterable[Mapping[str, object]]) -> list[Shown]:
    """In their order; what cannot be shown safely is left out."""
    shown = (_shown(output) for output in outputs)
    return [each for each in shown if each is not None]


def _shown(output: Mapping[str, object]) -> Shown | None:
    match output.get("t"):
        case "stream":
            return _text("text", output.get("text"))
        case "error":
            traceback = output.get("traceback")
            lines = traceback if isinstance(traceback, list) and traceback else [f"{output.get('ename')}: {output.get('evalue')}"]
            return _text("trace", "\n".join(str(line) for line in lines))
        case "limit" | "died":
            return _text("notice", output.get("sentence"))
    data = output.get("data")
    return _bundle(data) if isinstance(data, dict) else None


def _bundle(data: Mapping[str, object]) -> Shown | None:
    """The first form that is safe: a picture of a known kind, else text. HTML is shown as it was written."""
    for kind, start in PICTURES.items():
        source = _picture(kind, start, data.get(kind))
        if source:
            return Shown("picture", source=source, text=_joined(data.get("text/plain", ""))[:200])
    found = next((data[kind] for kind in TEXTS if data.get(kind)), None)
    return None if found is None else _text("text", found)


def _picture(kind: str, start: bytes, coded: object) -> str:
    try:
        plain = "".join(_joined(coded or "").split())
        return f"data:{kind};base64,{plain}" if b64decode(plain, validate=True).startswith(start) else ""
    except (binascii.Error, ValueError):
        return ""


def _text(kind: str, text: object) -> Shown:
    plain = ESCAPES.sub("", _joined(text or ""))
    return Shown(kind, plain[:LONGEST_TEXT], cut=len(plain) > LONGEST_TEXT)


def _joined(text: object) -> str:
    return "".join(str(part) for part in text) if isinstance(text, list) else str(text)
