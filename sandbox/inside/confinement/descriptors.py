"""Open files: a candidate's process keeps its own sockets and nothing else."""

import os


def close_all_but(keep: list[int]) -> None:
    """Also points the three standard streams at nothing."""
    null = os.open("/dev/null", os.O_RDWR | os.O_CLOEXEC)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    below = 3
    for descriptor in sorted(keep):
        os.closerange(below, descriptor)
        os.set_inheritable(descriptor, False)
        below = descriptor + 1
    os.closerange(below, 1 << 20)
