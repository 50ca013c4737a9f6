"""One message between judge and suspect: a small tree (msgpack) and the blobs that belong to it.

Head: length of the tree, number of blobs; the blobs' lengths; the tree; the blobs. A size is checked before memory is taken."""

import socket
import struct
from typing import Any

import msgspec

from .codec import INLINE_BYTES, MAX_BYTES, MAX_TREE_BYTES, Malformed, Packer, Unsendable

HEAD = struct.Struct("<II")
MAX_BLOBS = MAX_BYTES // INLINE_BYTES
CHUNK = 1 << 16

encoder = msgspec.msgpack.Encoder()
decoder = msgspec.msgpack.Decoder()


class Gone(BaseException):
    """The other side is gone. Not an Exception: `except Exception` in a check or an answer must not hide it."""


def send(sock: socket.socket, tree: Any, packer: Packer | None = None) -> None:
    body = encoder.encode(tree)
    if len(body) > MAX_TREE_BYTES:
        raise Unsendable(f"is larger than {MAX_TREE_BYTES >> 20} MB (numbers in arrays may take {MAX_BYTES >> 20} MB)")
    blobs = packer.blobs if packer else []
    head = HEAD.pack(len(body), len(blobs)) + struct.pack(f"<{len(blobs)}I", *map(len, blobs))
    try:
        sock.sendall(head + body)
        for blob in blobs:
            sock.sendall(blob)
    except OSError as error:
        raise Gone from error


class Reader:
    """Takes parcels off a socket; what does not fit the limits is Malformed, and the reader is of no use after that."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = bytearray()

    def receive(self) -> tuple[Any, list[bytearray]]:
        tree_bytes, blob_count = HEAD.unpack(self.take(HEAD.size))
        if tree_bytes > MAX_TREE_BYTES or blob_count > MAX_BLOBS:
            raise Malformed("a message is too large")
        sizes = struct.unpack(f"<{blob_count}I", self.take(4 * blob_count))
        if sum(sizes) > MAX_BYTES:
            raise Malformed("a message is too large")
        try:
            tree = decoder.decode(self.take(tree_bytes))
            return tree, [self.take(size) for size in sizes]
        except (msgspec.MsgspecError, ValueError, RecursionError, MemoryError) as error:
            raise Malformed("a message is not readable") from error

    def take(self, size: int) -> bytearray:
        while len(self.buffer) < size <= CHUNK:
            self.buffer += self.recv(CHUNK)
        if size <= len(self.buffer):
            taken = self.buffer[:size]
            del self.buffer[:size]
            return taken
        return self.take_long(size)

    def take_long(self, size: int) -> bytearray:
        taken = bytearray(size)
        filled = len(self.buffer)
        taken[:filled] = self.buffer
        self.buffer.clear()
        view = memoryview(taken)
        while filled < size:
            try:
                count = self.sock.recv_into(view[filled:])
            except OSError as error:
                raise Gone from error
            if not count:
                raise Gone
            filled += count
        return taken

    def recv(self, size: int) -> bytes:
        try:
            data = self.sock.recv(size)
        except OSError as error:
            raise Gone from error
        if not data:
            raise Gone
        return data
