"""The zygote's protocol: every message between the server's side and the far side, in one file. Standard library only.

Control socket (SEQPACKET, one for the zygote's life)
    server -> zygote   `{"mode", "hide", "serial", "server", "counted", "groups"}` + descriptors [folders in which our control
                       groups are], once; the zygote prepares itself and answers `{"ready": ...}` or `{"failed": ...}`
    server -> zygote   `{"role", "limits", "groups", "channels"}` + descriptors [report, payload, entrances of its control
                       groups..., sockets...]: fork one process
Report socket (SEQPACKET, one for each forked process)
    zygote -> server   `{"forked": true}` + its pidfd + a connected socket for each channel
    child  -> server   `{"home": true}` + its home folder; `{"confined": true}`; then, if the role cannot begin, `{"failed": ...}`
    zygote -> server   `{"exited": {"code" or "signal", "cpu_seconds"}}` after it is gone
Payload (a memory file): one line of JSON `{"request", "files": [[name, size], ...]}`, then the files' bytes.
"""

import json
import os
import socket
from collections.abc import Mapping, Sequence
from typing import Any

MESSAGE_BYTES = 65_536
DESCRIPTORS = 64


def send(sock: socket.socket, message: Mapping[str, Any], descriptors: Sequence[int] = ()) -> None:
    socket.send_fds(sock, [json.dumps(message).encode()], list(descriptors))


def receive(sock: socket.socket) -> tuple[dict[str, Any] | None, list[int]]:
    """-> (message, descriptors); message is None when the other side is gone."""
    data, descriptors, _, _ = socket.recv_fds(sock, MESSAGE_BYTES, DESCRIPTORS)
    return (json.loads(data) if data else None), list(descriptors)


def write_payload(request: Mapping[str, object], files: Mapping[str, bytes]) -> int:
    """-> descriptor of a memory file, ready to be read."""
    head = json.dumps({"request": request, "files": [[name, len(data)] for name, data in files.items()]})
    descriptor = os.memfd_create("payload", os.MFD_CLOEXEC)
    with os.fdopen(os.dup(descriptor), "wb") as stream:
        stream.write(head.encode() + b"\n")
        for data in files.values():
            stream.write(data)
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def read_payload(descriptor: int) -> tuple[dict[str, Any], dict[str, bytes]]:
    """-> (request, files); closes the descriptor."""
    with os.fdopen(descriptor, "rb") as stream:
        head = json.loads(stream.readline())
        files = {name: stream.read(size) for name, size in head["files"]}
    return head["request"], files
