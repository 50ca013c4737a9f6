"""The near end of the output budget: what an honest kernel sends is cut here, before it fills sockets.

The server counts again, as everything in this process can be changed by the candidate's code. Also carries what forked processes
of a cell print, over a pipe."""

import os
import select
import struct
from typing import Any

from ipykernel.iostream import IOPubThread, OutStream
from jupyter_client.session import Session
from tornado.ioloop import IOLoop

PIECE_CHARACTERS = 65_536
PIECE_OF_A_FORKED_PROCESS = 500  # in four bytes each, they and the rest of the message fit into one write to a pipe
SLACK = 2  # times the budget: so the server sees that a cell goes over
CRUMB_CHARACTERS = 80  # of each later flush: so the server sees that it goes on
MESSAGE_CHARACTERS = 2_500_000  # one display; the server refuses messages above 3 MB
ERROR_CHARACTERS = 20_000
TRACEBACK_LINES = 50
LENGTH = struct.Struct("=I")
DISPLAYS = ("display_data", "execute_result", "update_display_data")


class GuardedSession(Session):
    def __init__(self, output_bytes: int, **more: Any) -> None:
        super().__init__(**more)
        self.most = output_bytes * SLACK
        self.cell, self.sent = "", 0
        self.own_pid = os.getpid()

    def send(self, stream: Any, msg_or_type: Any, content: Any = None, parent: Any = None, ident: Any = None, **more: Any) -> Any:
        sent = None
        if isinstance(msg_or_type, str):
            for piece in self.pieces(msg_or_type, content or {}, parent or {}):
                sent = super().send(stream, msg_or_type, piece, parent, ident, **more)
            return sent
        message = msg_or_type
        for piece in self.pieces(message["header"]["msg_type"], message["content"], message["parent_header"]):
            sent = super().send(stream, {**message, "content": piece}, None, None, ident, **more)
        return sent

    def pieces(self, kind: str, content: dict[str, Any], parent: dict[str, Any]) -> list[dict[str, Any]]:
        """What is really sent in place of this content."""
        if kind == "stream":
            return [{**content, "text": piece} for piece in self.cut_stream(whole(content["text"]), parent.get("msg_id", ""))]
        if kind in DISPLAYS:
            return [cut_display(content)]
        if kind == "error":
            return [cut_error(content)]
        return [] if kind.startswith("comm_") else [content]

    def cut_stream(self, text: str, cell: str) -> list[str]:
        if cell != self.cell:
            self.cell, self.sent = cell, 0
        room = max(self.most - self.sent, CRUMB_CHARACTERS)
        self.sent += len(text)
        size = PIECE_CHARACTERS if os.getpid() == self.own_pid else PIECE_OF_A_FORKED_PROCESS
        return [text[start : start + size] for start in range(0, min(len(text), room), size)]


def cut_display(content: dict[str, Any]) -> dict[str, Any]:
    data = {kind: whole(value) if isinstance(value, str) else value for kind, value in content["data"].items()}
    large = {kind: len(value) for kind, value in data.items() if isinstance(value, str) and len(value) > MESSAGE_CHARACTERS}
    if not large:
        return {**content, "data": data}
    kept = {kind: value for kind, value in data.items() if kind not in large}
    return {**content, "data": kept, "metadata": {"left_out": max(large.values())}}


def cut_error(content: dict[str, Any]) -> dict[str, Any]:
    lines = [whole(str(line)[:ERROR_CHARACTERS]) for line in content.get("traceback", [])][-TRACEBACK_LINES:]
    return {**content, "evalue": whole(str(content.get("evalue", ""))[:ERROR_CHARACTERS]), "traceback": lines}


def whole(text: str) -> str:
    """Half characters cannot be sent."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


class QuickOutStream(OutStream):
    """Flushing nothing does not wait for the other thread: four times in each cell."""

    def flush(self) -> None:
        if self._buffers or self._flush_pending:
            super().flush()


class PipedIOPubThread(IOPubThread):
    """What processes forked in a cell print comes through a pipe: the original listens on 127.0.0.1."""

    def _setup_pipe_in(self) -> None:
        self._inlet, self._outlet = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self._inlet, False)
        self._piped = b""
        self.io_loop.add_handler(self._inlet, self._take_piped, IOLoop.READ)

    def _take_piped(self, inlet: int, _: int) -> None:
        packets, self._piped = unpack(self._piped + os.read(inlet, 1 << 16))
        if self._is_master_process():
            for frames in packets:
                self.send_multipart(frames)

    def _really_send(self, msg: list[bytes], *more: Any, **named: Any) -> None:
        if self._is_master_process():
            super()._really_send(msg, *more, **named)
        elif len(packet := pack([bytes(part) for part in msg])) <= select.PIPE_BUF:  # written at once, among other writers
            os.write(self._outlet, packet)


def pack(frames: list[bytes]) -> bytes:
    body = b"".join(LENGTH.pack(len(frame)) + frame for frame in frames)
    return LENGTH.pack(len(body)) + body


def unpack(data: bytes) -> tuple[list[list[bytes]], bytes]:
    """-> (whole packets, the beginning of the next one)"""
    packets = []
    while len(data) >= LENGTH.size and len(data) >= LENGTH.size + LENGTH.unpack_from(data)[0]:
        end = LENGTH.size + LENGTH.unpack_from(data)[0]
        packets.append(split(data[LENGTH.size : end]))
        data = data[end:]
    return packets, data


def split(body: bytes) -> list[bytes]:
    frames = []
    while body:
        end = LENGTH.size + LENGTH.unpack_from(body)[0]
        frames.append(body[LENGTH.size : end])
        body = body[end:]
    return frames
