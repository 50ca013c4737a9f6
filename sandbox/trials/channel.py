"""The referee's end of a control socket: nothing that the other side does or leaves undone can hold it longer than it says."""

import select
import socket
import time
from collections.abc import Sequence
from typing import Any

import msgspec

from sandbox.inside.channel import Broken, Channel

SEND_SECONDS = 20.0


class RefereeChannel(Channel):
    def send(self, message: msgspec.Struct, descriptors: Sequence[int] = ()) -> None:
        self.sock.settimeout(SEND_SECONDS)
        super().send(message, descriptors)

    def receive_within(self, seconds: float) -> Any:
        """The next message, or None when none came in time."""
        ends = time.monotonic() + seconds
        while (message := self.next_message()) is None:
            if not is_readable(self.sock, ends - time.monotonic()):
                return None
            self.read()
        return message


def is_readable(source: socket.socket | int, seconds: float) -> bool:
    """A socket that has something or is closed; a pidfd whose process is gone."""
    poll = select.poll()
    poll.register(source, select.POLLIN)
    return bool(poll.poll(max(0.0, seconds) * 1000))


__all__ = ["Broken", "RefereeChannel", "is_readable"]
