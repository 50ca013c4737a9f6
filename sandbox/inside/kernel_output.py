"""The near end of the output budget: what an honest kernel sends is cut here, before it fills sockets.

The server counts again, as everything in this process can be changed by the candidate's code. Also carries what forked processes of
a cell print, over a socket that needs no network."""

import os
from typing import Any

import zmq
from ipykernel.iostream import IOPubThread
from jupyter_client.session import Session
from zmq.eventloop.zmqstream import ZMQStream

PIECE_CHARACTERS = 65_536
SLACK = 2  # times the budget: so the server sees that a cell goes over
CRUMB_CHARACTERS = 80  # of each later flush: so the server sees that it goes on
MESSAGE_CHARACTERS = 2_500_000  # one display; the server refuses messages above 3 MB
ERROR_CHARACTERS = 20_000
DISPLAYS = ("display_data", "execute_result", "update_display_data")


class GuardedSession(Session):
    def __init__(self, output_bytes: int, **more: Any) -> None:
        super().__init__(**more)
        self.most = output_bytes * SLACK
        self.cell, self.sent = "", 0

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
            return [{**content, "text": piece} for piece in self.cut_stream(content["text"], parent.get("msg_id", ""))]
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
        return [text[start : start + PIECE_CHARACTERS] for start in range(0, min(len(text), room), PIECE_CHARACTERS)]


def cut_display(content: dict[str, Any]) -> dict[str, Any]:
    data = content["data"]
    large = {kind: len(value) for kind, value in data.items() if isinstance(value, str) and len(value) > MESSAGE_CHARACTERS}
    if not large:
        return content
    kept = {kind: value for kind, value in data.items() if kind not in large}
    return {**content, "data": kept, "metadata": {"left_out": max(large.values())}}


def cut_error(content: dict[str, Any]) -> dict[str, Any]:
    lines = [str(line)[:ERROR_CHARACTERS] for line in content.get("traceback", [])][-50:]
    return {**content, "evalue": str(content.get("evalue", ""))[:ERROR_CHARACTERS], "traceback": lines}


class PipedIOPubThread(IOPubThread):
    """The original listens on 127.0.0.1, and there is no network here."""

    def _setup_pipe_in(self) -> None:
        self._pipe_uuid = os.urandom(16)
        self._pipe_address = f"ipc://@touchstone-{self._pipe_uuid.hex()}"
        inlet = self.socket.context.socket(zmq.PULL)
        inlet.linger = 0
        inlet.bind(self._pipe_address)
        self._pipe_in = ZMQStream(inlet, self.io_loop)
        self._pipe_in.on_recv(self._handle_pipe_msg)

    def _setup_pipe_out(self) -> tuple[zmq.Context, zmq.Socket]:
        context = zmq.Context()
        outlet = context.socket(zmq.PUSH)
        outlet.linger = 3000
        outlet.connect(self._pipe_address)
        return context, outlet
