"""From the events of a run to the outputs that a cell keeps."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.kernels.kernel import Event

Output = dict[str, object]
SHOWN = frozenset({"stream", "display", "result", "error", "limit", "died"})


def fold(events: Iterable[Event]) -> list[Output]:
    """What a cell shows after these events: streams joined, updated displays replaced, cleared outputs gone."""
    outputs: list[Output] = []
    clear_at_next = False
    for event in events:
        if event.kind == "clear":
            clear_at_next = bool(event.data.get("wait"))
            if not clear_at_next:
                outputs.clear()
        elif event.kind == "update_display":
            _update(outputs, event)
        elif event.kind in SHOWN:
            if clear_at_next:
                outputs.clear()
                clear_at_next = False
            _append(outputs, event)
    return outputs


def _append(outputs: list[Output], event: Event) -> None:
    last = outputs[-1] if outputs else None
    if event.kind == "stream" and last is not None and last["t"] == "stream" and last["name"] == event.data["name"]:
        last["text"] = f"{last['text']}{event.data['text']}"
    else:
        outputs.append({"t": event.kind, **event.data})


def _update(outputs: list[Output], event: Event) -> None:
    for output in outputs:
        if output.get("display_id") and output.get("display_id") == event.data.get("display_id"):
            output["data"] = event.data.get("data", {})
            output["metadata"] = event.data.get("metadata", {})
