import json

from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import messages
from sandbox.kernels.messages import DELIMITER, read, request, sign

KEY = b"secret"


def framed(*parts: bytes, key: bytes = KEY) -> list[bytes]:
    return [DELIMITER, sign(list(parts), key), *parts]


def test_a_request_can_be_read_back() -> None:
    _, frames = request("execute_request", {"code": "1"}, KEY, "session")
    message = read([b"routing id", *frames], KEY)
    assert message is not None
    assert (message.kind, message.content, message.parent) == ("execute_request", {"code": "1"}, "")


def test_a_wrong_signature_is_no_message() -> None:
    _, frames = request("stream", {"text": "x"}, b"another key", "session")
    assert read(frames, KEY) is None


def test_a_changed_message_is_no_message() -> None:
    _, frames = request("stream", {"text": "x"}, KEY, "session")
    assert read([*frames[:-1], json.dumps({"text": "y"}).encode()], KEY) is None


def test_what_is_not_whole_is_no_message() -> None:
    _, frames = request("stream", {"text": "x"}, KEY, "session")
    for count in range(len(frames)):
        assert read(frames[:count], KEY) is None


def test_content_that_is_no_json_object_is_no_message() -> None:
    for content in (b"[]", b"\xff\xfe", b'"text"', b"[" * 100_000, b"9" * 10_000, b""):
        assert read(framed(b'{"msg_type": "stream"}', b"{}", b"{}", content), KEY) is None


@settings(deadline=None)
@given(st.lists(st.binary(max_size=50), max_size=8))
def test_any_frames_are_read_without_harm(frames: list[bytes]) -> None:
    messages.read([DELIMITER, *frames], KEY)
    messages.read(frames, KEY)
    messages.read(framed(*frames), KEY)
