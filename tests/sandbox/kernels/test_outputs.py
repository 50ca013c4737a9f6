import base64
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels.messages import Message
from sandbox.kernels.outputs import IMAGE_BYTES, TRANSLATORS, CellOutputs, Event
from sandbox.limits import Limits

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(90)).decode()
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
NAMES = ["data", "metadata", "text", "name", "traceback", "ename", "evalue", "transient", "execution_count", "wait", "display_id"]


def accepted(kind: str, content: dict[str, Any], outputs: CellOutputs | None = None, now: float = 0) -> list[Event]:
    return (outputs or CellOutputs(Limits())).accept(Message(kind, "cell", content), now)


def printed(outputs: CellOutputs, text: str, now: float = 0) -> list[Event]:
    return accepted("stream", {"name": "stdout", "text": text}, outputs, now)


def shown(data: dict[str, Any], **more: Any) -> dict[str, Any]:
    (event,) = accepted("display_data", {"data": data, **more})
    return event.data


def test_only_known_kinds_of_data_are_kept() -> None:
    assert shown({"text/plain": "x", "application/vnd.jupyter.widget-view+json": {}, "text/javascript": "x"})["data"] == {
        "text/plain": "x"
    }


def test_an_image_must_begin_as_one() -> None:
    fake = base64.b64encode(b"<svg onload=alert(1)>").decode()
    assert shown({"image/png": PNG})["data"] == {"image/png": PNG}
    assert shown({"image/png": fake, "image/jpeg": PNG, "image/gif": "not base64"})["data"] == {}


def test_the_size_of_an_image_is_all_that_stays_of_its_metadata() -> None:
    metadata = {"image/png": {"width": 300, "height": 1e9, "onload": "x"}, "text/html": {"isolated": True}}
    assert shown({"image/png": PNG}, metadata=metadata)["metadata"] == {"image/png": {"width": 300}}


def test_json_is_kept_as_text() -> None:
    assert shown({"application/json": {"a": [1]}})["data"] == {"application/json": '{"a": [1]}'}


def test_an_update_without_a_name_updates_nothing() -> None:
    assert accepted("update_display_data", {"data": {"text/plain": "x"}}) == []


def test_messages_that_are_no_output_are_ignored() -> None:
    assert accepted("comm_open", {"data": {}}) == []


def test_text_beyond_the_budget_is_cut_with_one_notice() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    first, notice = printed(outputs, "x" * 2000)
    assert len(first.data["text"]) == 1024
    assert (notice.kind, notice.data["what"]) == ("limit", "output")
    assert printed(outputs, "more") == []


def test_a_character_is_never_cut_in_two() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    assert printed(outputs, "é" * 1000)[0].data["text"] == "é" * 512


def test_many_small_prints_count_more_than_their_letters() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    assert sum(event.kind == "stream" for _ in range(100) for event in printed(outputs, "x")) == 1024 // 64


def test_displays_beyond_their_number_are_left_out() -> None:
    outputs = CellOutputs(Limits(outputs=2))
    kinds = [event.kind for _ in range(4) for event in accepted("display_data", {"data": {"text/plain": "x"}}, outputs)]
    assert kinds == ["display", "display", "limit"]


def test_images_have_a_budget_of_their_own() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    large = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(IMAGE_BYTES // 2 - 100)).decode()
    kinds = [event.kind for _ in range(3) for event in accepted("display_data", {"data": {"image/png": large}}, outputs)]
    assert kinds == ["display", "display", "limit"]


def test_what_the_kernel_itself_left_out_is_told() -> None:
    assert [event.kind for event in accepted("display_data", {"data": {}, "metadata": {"left_out": 10**8}})] == ["limit"]


def test_the_error_that_ends_a_cell_is_shown_even_over_the_budget_once() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    printed(outputs, "x" * 2000)
    error = {"ename": "E", "evalue": "", "traceback": []}
    assert [event.kind for _ in range(2) for event in accepted("error", error, outputs)] == ["error"]


def test_going_on_after_the_limit_is_a_flood() -> None:
    outputs = CellOutputs(Limits(output_kb=1))
    printed(outputs, "x" * 2000, now=10)
    printed(outputs, "x", now=10.5)
    assert not outputs.floods()
    printed(outputs, "x", now=11.5)
    assert outputs.floods()


@settings(deadline=None)
@given(st.sampled_from(sorted(TRANSLATORS)), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=6))
def test_any_content_gives_storable_events(kind: str, content: dict[str, Any]) -> None:
    for event in accepted(kind, content):
        strings(event.data)


def strings(value: Any) -> None:
    """Fails for what is not plain, storable JSON."""
    if isinstance(value, dict):
        for key, inner in value.items():
            strings(key)
            strings(inner)
    elif isinstance(value, list):
        for inner in value:
            strings(inner)
    elif isinstance(value, str):
        value.encode()
    else:
        assert value is None or isinstance(value, bool | int)
