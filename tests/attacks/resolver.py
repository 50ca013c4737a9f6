"""A resolver of names that tests put up for themselves, so that asking for one can be seen to succeed without walls."""

import secrets
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

NAME = "secrets.touchstone-victim.test"  # a domain that belongs to nobody (RFC 6761)
ADDRESS = "192.0.2.7"  # for documents (RFC 5737)
PORT = 53
HEADER = struct.Struct("!HHHHHH")
ANSWERED, ONE_ADDRESS = 0x8180, 1
SECONDS = 60


def answer_to(query: bytes) -> bytes:
    """The address for whatever name is asked for; no answer for other kinds of records (RFC 1035, section 4)."""
    number = HEADER.unpack_from(query)[0]
    end = query.index(b"\0", HEADER.size) + 1
    question = query[HEADER.size : end + 4]
    kind = struct.unpack_from("!H", query, end)[0]
    answer = struct.pack("!HHHIH4s", 0xC000 | HEADER.size, ONE_ADDRESS, 1, SECONDS, 4, socket.inet_aton(ADDRESS))
    found = kind == ONE_ADDRESS
    return HEADER.pack(number, ANSWERED, 1, int(found), 0, 0) + question + (answer if found else b"")


def serve(listener: socket.socket) -> None:
    while True:
        query, sender = listener.recvfrom(512)
        if not query:
            return
        listener.sendto(answer_to(query), sender)


@contextmanager
def resolver(folder: Path) -> Iterator[dict[str, Path]]:
    """-> files that make a process use it, by the place where they are to be seen. Only root may."""
    host = "127.{}.{}.{}".format(*(1 + each % 250 for each in secrets.token_bytes(3)))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind((host, PORT))
        thread = threading.Thread(target=serve, args=(listener,), daemon=True)
        thread.start()
        texts = {
            "/etc/resolv.conf": f"nameserver {host}\n",
            "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
        }
        try:
            yield {place: written(folder / Path(place).name, text) for place, text in texts.items() if Path(place).exists()}
        finally:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
                last.sendto(b"", (host, PORT))
            thread.join()


def written(file: Path, text: str) -> Path:
    file.write_text(text)
    file.chmod(0o644)
    return file
