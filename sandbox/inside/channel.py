"""Length-prefixed messages over a stream socket, with descriptors beside them. Used by all three sides."""

import os
import socket
import struct
from collections.abc import Sequence
from typing import Any

import msgspec

HEAD = struct.Struct("<I")
CHUNK = 1 << 16
MAX_DESCRIPTORS = 4


class Broken(Exception):
    """The other side is gone, or what it sends is not in the protocol."""


class Channel:
    def __init__(self, sock: socket.socket, expects: Any, longest: int) -> None:
        self.sock, self.longest = sock, longest
        self.decoder = msgspec.msgpack.Decoder(expects)
        self.buffer = bytearray()
        self.descriptors: list[int] = []

    def send(self, message: msgspec.Struct, descriptors: Sequence[int] = ()) -> None:
        body = msgspec.msgpack.encode(message)
        frame = HEAD.pack(len(body)) + body
        try:
            sent = socket.send_fds(self.sock, [frame], list(descriptors)) if descriptors else 0
            self.sock.sendall(memoryview(frame)[sent:])
        except OSError as error:
            raise Broken(f"cannot send: {error}") from error

    def receive(self) -> Any:
        """Blocks as long as the socket does; a socket's time-out passes through as TimeoutError."""
        while (message := self.next_message()) is None:
            self.read()
        return message

    def next_message(self) -> Any:
        """A message that has arrived in full, or None."""
        if len(self.buffer) < HEAD.size:
            return None
        (size,) = HEAD.unpack_from(self.buffer)
        if size > self.longest:
            raise Broken("a message is too long")
        if len(self.buffer) < HEAD.size + size:
            return None
        body = bytes(memoryview(self.buffer)[HEAD.size : HEAD.size + size])
        del self.buffer[: HEAD.size + size]
        try:
            return self.decoder.decode(body)
        except (msgspec.MsgspecError, ValueError, RecursionError, MemoryError) as error:
            raise Broken("a message is not in the protocol") from error

    def read(self) -> None:
        try:
            data = self.read_some()
        except TimeoutError:
            raise
        except OSError as error:
            raise Broken(f"cannot receive: {error}") from error
        if not data:
            raise Broken("the other side is gone")
        self.buffer += data

    def read_some(self) -> bytes:
        """No descriptor is taken from the other side: plain recv drops them."""
        return self.sock.recv(CHUNK)

    def take_descriptor(self) -> int:
        if not self.descriptors:
            raise Broken("a descriptor is missing")
        return self.descriptors.pop(0)

    def close(self) -> None:
        self.sock.close()
        while self.descriptors:
            os.close(self.descriptors.pop())


class TrustingChannel(Channel):
    """The far side's end: the referee may send it descriptors."""

    def read_some(self) -> bytes:
        data, descriptors, _, _ = socket.recv_fds(self.sock, CHUNK, MAX_DESCRIPTORS)
        self.descriptors += descriptors
        return data
