import socket
from contextlib import suppress
from pathlib import Path

import pytest
import zmq
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import zmtp
from sandbox.kernels.channels import Channel, listen
from sandbox.kernels.zmtp import BrokenStream, Reader, frame, hello, message

FRAMES = st.lists(st.binary(max_size=300), min_size=1, max_size=5)


def fed(reader: Reader, data: bytes, size: int = 1 << 16) -> list[list[bytes]]:
    return [whole for start in range(0, len(data), size) for whole in reader.feed(data[start : start + size])]


@settings(deadline=None)  # a busy machine is no fault of ours
@given(st.lists(FRAMES, max_size=4), st.integers(1, 400))
def test_messages_come_out_as_they_went_in_however_they_are_cut(sent: list[list[bytes]], size: int) -> None:
    data = hello("XPUB") + b"".join(map(message, sent))
    assert fed(Reader(), data, size) == sent


@settings(deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_give_messages_or_a_broken_stream(data: bytes) -> None:
    with suppress(BrokenStream):
        fed(Reader(), hello("XPUB") + data, 7)


def test_another_protocol_is_a_broken_stream() -> None:
    with pytest.raises(BrokenStream):
        Reader().feed(b"HTTP/1.1 200 OK" + bytes(60))


def test_a_large_message_is_read_past_and_the_next_one_arrives() -> None:
    reader = Reader(most_bytes=1000)
    data = hello("XPUB") + message([b"a", b"x" * 2000, b"end of it"]) + message([b"next"])
    assert fed(reader, data, 100) == [[b"next"]]
    assert reader.skipped_bytes == 2000 + len(b"end of it")


def test_a_message_of_endless_frames_holds_no_memory() -> None:
    reader = Reader(most_bytes=1000)
    reader.feed(hello("XPUB"))
    for _ in range(500):
        assert reader.feed(frame(b"x" * 900, zmtp.MORE)) == []
    assert len(reader._buffer) + reader._held < 2000
    assert reader.feed(frame(b"last")) == []
    assert reader.feed(message([b"next"])) == [[b"next"]]


def test_a_frame_of_an_absurd_size_is_a_broken_stream() -> None:
    with pytest.raises(BrokenStream):
        Reader().feed(hello("XPUB") + bytes([zmtp.LARGE]) + b"\xff" * 8)


def test_many_small_frames_are_too_many() -> None:
    reader = Reader(most_frames=3)
    assert fed(reader, hello("XPUB") + message([b"1", b"2", b"3", b"4"]) + message([b"next"])) == [[b"next"]]


def test_commands_are_no_messages() -> None:
    reader = Reader()
    assert reader.feed(hello("XPUB") + frame(b"\x04PING", zmtp.COMMAND)) == []
    assert reader.ready


def test_a_real_publisher_understands_us(tmp_path: Path) -> None:
    listener, end = listen(tmp_path, "iopub"), socket.socket(socket.AF_UNIX)
    end.connect(str(tmp_path / "iopub"))
    channel = Channel(end, "SUB")
    context = zmq.Context()
    publisher = context.socket(zmq.XPUB)
    publisher.setsockopt(zmq.USE_FD, listener.detach())
    publisher.bind("ipc://handed-over")
    try:
        while not publisher.poll(10):  # the subscription
            channel.receive()
        publisher.send_multipart([b"topic", b"x" * 1000])
        got: list[list[bytes]] = []
        while not got:
            got = channel.receive()
        assert got == [[b"topic", b"x" * 1000]]
    finally:
        channel.close()
        context.destroy(linger=0)
