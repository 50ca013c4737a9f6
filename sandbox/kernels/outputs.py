"""What a kernel says, turned into events that may be stored and shown: known kinds of data, checked, within a budget.

All of it is hostile: a candidate's code can send any message in its cell's name."""

import binascii
import json
from dataclasses import dataclass, field
from typing import Any

from sandbox.kernels.messages import Message
from sandbox.limits import Limits

TEXT_KINDS = ("text/plain", "text/html", "text/markdown", "text/latex", "image/svg+xml", "application/json")
IMAGE_STARTS = {
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/gif": (b"GIF87a", b"GIF89a"),
}
IMAGE_BYTES = 4 << 20  # of one cell
NAME_CHARACTERS = 200
TRACEBACK_LINES = 60
SMALLEST_PRINT = 64  # bytes that each message of printed text counts at least
FLOOD_SECONDS = 1.0  # output that goes on so long after the limit is a flood


@dataclass(frozen=True, slots=True)
class Event:
    """kind: started, stream, display, update_display, result, error, clear, limit, died or done; data is plain JSON."""

    kind: str
    data: dict[str, Any]


@dataclass
class CellOutputs:
    """Counts and translates the messages of one cell."""

    limits: Limits
    text_left: int = field(init=False)
    images_left: int = IMAGE_BYTES
    messages_left: int = field(init=False)
    over_since: float | None = None
    last_excess: float = 0.0

    def __post_init__(self) -> None:
        self.text_left = self.limits.output_kb * 1024
        self.messages_left = self.limits.outputs

    def accept(self, message: Message, now: float) -> list[Event]:
        translate = TRANSLATORS.get(message.kind)
        if translate is None:
            return []
        event = translate(message.content)
        if event is None:
            return []
        if event.kind == "started":
            return [event]
        return self.within_budget(event, bool(left_out(message.content)), now)

    def within_budget(self, event: Event, was_cut: bool, now: float) -> list[Event]:
        if self.over_since is not None:
            self.last_excess = now
            return [event] if event.kind == "error" and self.messages_left > -1 and self.take_error() else []
        text, images = weigh(event)
        if was_cut or self.messages_left < 1 or images > self.images_left:
            return self.exceed(now)
        self.messages_left -= event.kind != "stream"  # printed text is counted by its bytes
        self.images_left -= images
        if text > self.text_left:
            return [*self.as_much_as_fits(event), *self.exceed(now)]
        self.text_left -= text
        return [event]

    def take_error(self) -> bool:
        """How the cell ended is shown even over the budget, once."""
        self.messages_left = -1
        return True

    def as_much_as_fits(self, event: Event) -> list[Event]:
        if event.kind != "stream" or self.text_left == 0:
            return []
        return [Event("stream", {**event.data, "text": cut(event.data["text"], self.text_left)})]

    def exceed(self, now: float) -> list[Event]:
        if self.over_since is not None:
            self.last_excess = now
            return []
        self.over_since = self.last_excess = now
        most = f"{self.limits.output_kb} KB of text, {IMAGE_BYTES >> 20} MB of images, {self.limits.outputs} outputs"
        return [Event("limit", {"what": "output", "sentence": f"The rest of this cell's output was left out ({most} at most)."})]

    def floods(self) -> bool:
        return self.over_since is not None and self.last_excess > self.over_since + FLOOD_SECONDS


def clean(value: Any) -> str:
    """Text that can be stored: no half characters."""
    text = value if isinstance(value, str) else ""
    return text.encode("utf-8", "replace").decode()


def cut(text: str, most_bytes: int) -> str:
    """No character is cut in two."""
    return text.encode()[:most_bytes].decode(errors="ignore")


def left_out(content: dict[str, Any]) -> int:
    """The kernel's own guard says so when it cut a display that was too large to send."""
    metadata = content.get("metadata")
    value = metadata.get("left_out") if isinstance(metadata, dict) else None
    return value if isinstance(value, int) else 0


def started(content: dict[str, Any]) -> Event:
    return Event("started", {"count": whole(content.get("execution_count"))})


def stream(content: dict[str, Any]) -> Event | None:
    text = clean(content.get("text"))
    name = "stderr" if content.get("name") == "stderr" else "stdout"
    return Event("stream", {"name": name, "text": text}) if text else None


def display(content: dict[str, Any]) -> Event:
    event = {"data": kept_data(content.get("data")), "metadata": kept_metadata(content.get("metadata"))}
    identity = display_id(content)
    return Event("display", {**event, "display_id": identity} if identity else event)


def update_display(content: dict[str, Any]) -> Event | None:
    event = display(content)
    return Event("update_display", event.data) if "display_id" in event.data else None


def result(content: dict[str, Any]) -> Event:
    return Event("result", {**display(content).data, "count": whole(content.get("execution_count"))})


def error(content: dict[str, Any]) -> Event:
    lines = content.get("traceback")
    return Event("error", {
        "ename": clean(content.get("ename"))[:NAME_CHARACTERS],
        "evalue": clean(content.get("evalue"))[:20_000],
        "traceback": [clean(line)[:20_000] for line in (lines if isinstance(lines, list) else [])[-TRACEBACK_LINES:]],
    })  # fmt: skip


def clear(content: dict[str, Any]) -> Event:
    return Event("clear", {"wait": content.get("wait") is True})


TRANSLATORS = {
    "execute_input": started,
    "stream": stream,
    "display_data": display,
    "update_display_data": update_display,
    "execute_result": result,
    "error": error,
    "clear_output": clear,
}


def whole(value: Any) -> int | None:
    return value if type(value) is int and 0 <= value < 1 << 31 else None


def display_id(content: dict[str, Any]) -> str:
    transient = content.get("transient")
    return clean(transient.get("display_id"))[:NAME_CHARACTERS] if isinstance(transient, dict) else ""


def kept_data(data: Any) -> dict[str, str]:
    kept: dict[str, str] = {}
    for kind, value in data.items() if isinstance(data, dict) else ():
        if kind in TEXT_KINDS:
            text = as_text(kind, value)
        elif kind in IMAGE_STARTS:
            text = as_image(kind, value)
        else:
            continue
        if text:
            kept[kind] = text
    return kept


def as_text(kind: str, value: Any) -> str:
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        value = "".join(value)
    if kind == "application/json" and not isinstance(value, str):
        try:
            return clean(json.dumps(value))
        except (ValueError, RecursionError):
            return ""
    return clean(value)


def as_image(kind: str, value: Any) -> str:
    """Base64 of what begins as this kind of image does, or nothing."""
    encoded = "".join(value.split()) if isinstance(value, str) else ""
    try:
        image = binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError:
        return ""
    return encoded if image.startswith(IMAGE_STARTS[kind]) else ""


def kept_metadata(metadata: Any) -> dict[str, dict[str, int]]:
    """The size at which an image is to be shown, and nothing else."""
    if not isinstance(metadata, dict):
        return {}
    return {kind: kept_size(shown) for kind, shown in metadata.items() if kind in IMAGE_STARTS and isinstance(shown, dict)}


def kept_size(shown: dict[str, Any]) -> dict[str, int]:
    sizes = {name: shown.get(name) for name in ("width", "height")}
    return {name: int(size) for name, size in sizes.items() if isinstance(size, int | float) and 0 < size < 20_000}


def weigh(event: Event) -> tuple[int, int]:
    """-> (bytes of text, bytes of images)"""
    data = event.data.get("data", {})
    images = sum(len(value) * 3 // 4 for kind, value in data.items() if kind in IMAGE_STARTS)
    texts = [value for kind, value in data.items() if kind not in IMAGE_STARTS]
    texts += [event.data.get("text", ""), event.data.get("evalue", ""), *event.data.get("traceback", [])]
    size = sum(len(text.encode()) for text in texts)
    return max(size, SMALLEST_PRINT), images
