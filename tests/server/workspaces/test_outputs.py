"""What a cell keeps of a run."""

from sandbox.kernels.kernel import Event
from server.workspaces.outputs import fold


def stream(text: str, name: str = "stdout") -> Event:
    return Event("stream", {"name": name, "text": text})


def test_text_of_one_stream_is_joined_and_streams_stay_apart() -> None:
    assert fold([stream("a"), stream("b"), stream("c", "stderr"), stream("d")]) == [
        {"t": "stream", "name": "stdout", "text": "ab"},
        {"t": "stream", "name": "stderr", "text": "c"},
        {"t": "stream", "name": "stdout", "text": "d"},
    ]


def test_clear_empties_at_once_or_at_the_next_output() -> None:
    assert fold([stream("a"), Event("clear", {"wait": False})]) == []
    waiting = [stream("a"), Event("clear", {"wait": True})]
    assert fold(waiting) == [{"t": "stream", "name": "stdout", "text": "a"}]
    assert fold([*waiting, stream("b")]) == [{"t": "stream", "name": "stdout", "text": "b"}]


def test_an_updated_display_replaces_the_shown_one() -> None:
    shown = Event("display", {"display_id": "x", "data": {"text/plain": "1"}, "metadata": {}})
    updated = Event("update_display", {"display_id": "x", "data": {"text/plain": "2"}, "metadata": {}})
    stranger = Event("update_display", {"display_id": "y", "data": {"text/plain": "3"}, "metadata": {}})
    assert fold([shown, updated, stranger]) == [{"t": "display", "display_id": "x", "data": {"text/plain": "2"}, "metadata": {}}]


def test_marks_of_the_run_itself_are_not_output() -> None:
    assert fold([Event("started", {"count": 1}), Event("done", {"status": "ok"})]) == []
