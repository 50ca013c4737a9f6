"""Connections to a kernel. They exist before the kernel does: nothing has to be waited for, and no folder is shared with it."""

import socket
import struct
from pathlib import Path

from sandbox.kernels import zmtp

READ_BYTES = 1 << 18
SEND_SECONDS = 5


class Channel:
    """One connection; `receive` gives what has come and never blocks."""

    def __init__(self, connected: socket.socket, socket_type: str) -> None:
        self.socket = connected
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", SEND_SECONDS, 0))
        self.reader = zmtp.Reader()
        self._waiting = [[zmtp.SUBSCRIBE_TO_ALL]] if socket_type == "SUB" else []
        self.socket.sendall(zmtp.hello(socket_type))

    def fileno(self) -> int:
        return self.socket.fileno()

    def send(self, frames: list[bytes]) -> None:
        """Raises BrokenStream when the other side does not read."""
        self._waiting.append(frames)
        self._send_waiting()

    def receive(self) -> list[list[bytes]]:
        """Raises BrokenStream when the other side has ended the connection or speaks no ZMTP."""
        try:
            data = self.socket.recv(READ_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return []
        except OSError as error:  # also when it was closed by another thread
            raise zmtp.BrokenStream(str(error)) from error
        if not data:
            raise zmtp.BrokenStream("the connection was ended")
        messages = self.reader.feed(data)
        self._send_waiting()
        return messages

    def _send_waiting(self) -> None:
        while self._waiting and self.reader.ready:
            try:
                self.socket.sendall(zmtp.message(self._waiting.pop(0)))
            except OSError as error:
                raise zmtp.BrokenStream(str(error)) from error

    def close(self) -> None:
        self.socket.close()


def listen(folder: Path, name: str) -> socket.socket:
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    listener.bind(str(folder / name))
    listener.listen(8)
    return listener
