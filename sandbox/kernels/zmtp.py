"""The wire protocol of ZeroMQ (ZMTP 3.0, no security), as much as a client of a kernel needs.

Why not libzmq: whatever a candidate's process sends ends here, and it may send anything. libzmq bounds the size of a frame and
the number of messages, but not the number of frames of one message, and it parses with native code inside the server. This reader
holds at most one message of bounded size; what is larger is read past and counted."""

from dataclasses import dataclass, field

MESSAGE_BYTES = 3 << 20
FRAMES = 32
ABSURD_BYTES = 1 << 31  # a frame that says it is so large is no frame
GREETING = b"\xff" + bytes(8) + b"\x7f" + b"\x03\x00" + b"NULL".ljust(20, b"\0") + b"\0" + bytes(31)
MORE, LARGE, COMMAND = 1, 2, 4
SUBSCRIBE_TO_ALL = b"\x01"


class BrokenStream(Exception):
    """The bytes follow no protocol: the connection is of no use any more."""


def hello(socket_type: str) -> bytes:
    """Greeting and handshake, without waiting for the other side's. All else has to wait until that has come: libzmq ends a
    connection on which a message arrives earlier."""
    name, value = b"Socket-Type", socket_type.encode()
    ready = b"\x05READY" + bytes([len(name)]) + name + len(value).to_bytes(4, "big") + value
    return GREETING + frame(ready, COMMAND)


def frame(body: bytes, flags: int = 0) -> bytes:
    if len(body) < 256:
        return bytes([flags, len(body)]) + body
    return bytes([flags | LARGE]) + len(body).to_bytes(8, "big") + body


def message(frames: list[bytes]) -> bytes:
    return b"".join(frame(body, MORE if index < len(frames) - 1 else 0) for index, body in enumerate(frames))


@dataclass
class Reader:
    """Fed with bytes as they come; gives whole messages."""

    most_bytes: int = MESSAGE_BYTES
    most_frames: int = FRAMES
    ready: bool = False  # the other side's handshake has come
    skipped_bytes: int = 0  # of messages that were too large, in total
    _buffer: bytearray = field(default_factory=bytearray)
    _greeted: bool = False
    _frames: list[bytes] = field(default_factory=list)
    _held: int = 0  # bytes in `_frames`
    _skip: int = 0  # bytes of a frame that are still to be read past
    _dropping: bool = False  # the rest of this message

    def feed(self, data: bytes) -> list[list[bytes]]:
        if self._skip:
            data = self._read_past(data)
        self._buffer += data
        messages: list[list[bytes]] = []
        if self._greeted or self._take_greeting():
            while (whole := self._take_frame()) is not None:
                if whole:
                    messages.append(whole)
        return messages

    def _read_past(self, data: bytes) -> bytes:
        passed = min(self._skip, len(data))
        self._skip -= passed
        self.skipped_bytes += passed
        return data[passed:]

    def _take_greeting(self) -> bool:
        if len(self._buffer) < len(GREETING):
            return False
        if self._buffer[0] != 0xFF or self._buffer[9] != 0x7F or self._buffer[10] < 3:
            raise BrokenStream("not ZMTP 3")
        del self._buffer[: len(GREETING)]
        self._greeted = True
        return True

    def _take_frame(self) -> list[bytes] | None:
        """None: more bytes are needed. Empty: a frame was read, the message is not whole."""
        head = self._read_head()
        if head is None:
            return None
        flags, start, size = head
        if self._dropping or self._held + size > self.most_bytes or len(self._frames) >= self.most_frames:
            return self._drop_frame(flags, start, size)
        if len(self._buffer) < start + size:
            return None
        body = bytes(self._buffer[start : start + size])
        del self._buffer[: start + size]
        if flags & COMMAND:
            self.ready = self.ready or body.startswith(b"\x05READY")
            return []
        return self._add(body, flags)

    def _read_head(self) -> tuple[int, int, int] | None:
        """-> flags, where the body begins, its size."""
        if len(self._buffer) < 2:
            return None
        flags = self._buffer[0]
        if flags & ~(MORE | LARGE | COMMAND):
            raise BrokenStream(f"flags {flags:#x}")
        if not flags & LARGE:
            return flags, 2, self._buffer[1]
        if len(self._buffer) < 9:
            return None
        size = int.from_bytes(self._buffer[1:9], "big")
        if size > ABSURD_BYTES:
            raise BrokenStream(f"a frame of {size} bytes")
        return flags, 9, size

    def _drop_frame(self, flags: int, start: int, size: int) -> list[bytes]:
        self._frames, self._held = [], 0
        self._dropping = bool(flags & MORE)
        rest = bytes(self._buffer[start:])
        self._buffer.clear()
        self._skip = size
        self._buffer += self._read_past(rest)
        return []

    def _add(self, body: bytes, flags: int) -> list[bytes]:
        self._frames.append(body)
        self._held += len(body)
        if flags & MORE:
            return []
        whole, self._frames, self._held = self._frames, [], 0
        return whole
