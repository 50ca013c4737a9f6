"""Notebooks that attack the machinery: the protocol, the processes, the sockets. `f` does it when a check calls it.

`outcomes` are those which the attacked check may have; the honest checks before and after must pass in every case."""

from dataclasses import dataclass

PRELUDE = """
import gc, os, signal, socket, struct, sys, threading, time
def agent():
    return next(o for o in gc.get_objects() if type(o).__name__ == "Agent")
def frame(tree, blobs=()):
    import msgspec
    body = msgspec.msgpack.encode(tree)
    return struct.pack("<II", len(body), len(blobs)) + struct.pack(f"<{len(blobs)}I", *map(len, blobs)) + body + b"".join(blobs)
"""


@dataclass(frozen=True)
class Sabotage:
    name: str
    source: str
    outcomes: tuple[str, ...] = ("crashed",)
    check: str = "assert f(3) == 9"


SABOTAGES = [
    Sabotage(
        "random_bytes",
        """
def f(x):
    agent().sock.sendall(os.urandom(4096))
    return 1
""",
    ),
    Sabotage(
        "endless_header",
        """
def f(x):
    agent().sock.sendall(struct.pack('<II', 2**32 - 1, 2**32 - 1))
    time.sleep(9)
""",
    ),
    Sabotage(
        "huge_blobs",
        """
def f(x):
    agent().sock.sendall(struct.pack('<III', 1, 1, 2**32 - 1) + b'\\xc0')
    time.sleep(9)
""",
    ),
    Sabotage(
        "array_of_four_billion",
        """
def f(x):
    b = b'\\xdd' + b'\\xff' * 4
    agent().sock.sendall(struct.pack('<II', len(b), 0) + b)
    time.sleep(9)
""",
    ),
    Sabotage(
        "nested_arrays_in_a_frame",
        """
def f(x):
    b = b'\\x91' * 100_000
    agent().sock.sendall(struct.pack('<II', len(b), 0) + b)
    time.sleep(9)
""",
    ),
    Sabotage(
        "answer_to_another_question",
        """
def f(x):
    agent().sock.sendall(frame([99, 'value', 9]))
    return 9
""",
    ),
    Sabotage(
        "verdict_instead_of_answer",
        """
def f(x):
    import msgspec
    verdict = {'type': 'Verdict', 'outcome': 'passed', 'fraction': 1.0, 'text': '', 'note': '', 'reported': False}
    b = msgspec.msgpack.encode(verdict)
    agent().sock.sendall(struct.pack('<I', len(b)) + b)
    agent().sock.sendall(frame(verdict))
    time.sleep(9)
""",
    ),
    Sabotage(
        "callback_that_was_never_lent",
        """
def f(x):
    a = agent()
    a.sock.sendall(frame([a.question, 'callback', 7, [], [], []]))
    time.sleep(9)
""",
    ),
    Sabotage(
        "writes_to_every_descriptor",
        """
def f(x):
    for fd in range(256):
        try: os.write(fd, b'passed' * 100)
        except OSError: pass
    return 1
""",
    ),
    Sabotage(
        "flood",
        """
def f(x):
    while True: agent().sock.sendall(bytes(1 << 20))
""",
    ),
    Sabotage(
        "raised_limits",
        """
for m in ('codec', 'parcels'):
    sys.modules['inside.codec.' + m].MAX_BYTES = sys.modules['inside.codec.' + m].MAX_TREE_BYTES = 1 << 40
import numpy as np
def f(x): return np.zeros(20_000_000)
""",
    ),
    Sabotage(
        "sends_descriptors",
        """
def f(x):
    for _ in range(50): socket.send_fds(agent().sock, [b''], [0, 1, 2])
    return 9
""",
        (
            "passed",
            "crashed",
        ),
        check="""
import os
before = len(os.listdir('/proc/self/fd'))
value = f(3)
assert len(os.listdir('/proc/self/fd')) == before
assert value == 9
""",
    ),
    Sabotage(
        "kills_its_parents",
        """
def f(x):
    for pid in (os.getppid(), 1):
        os.kill(pid, signal.SIGKILL)
        os.kill(pid, signal.SIGSTOP)
    return 1
""",
        (
            "failed",
            "crashed",
        ),
    ),
    Sabotage(
        "kills_everybody",
        """
def f(x):
    os.kill(-1, signal.SIGKILL)
    return 1
""",
        (
            "failed",
            "crashed",
        ),
    ),
    Sabotage(
        "stops_itself",
        """
def f(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    return 1
""",
        (
            "timed_out",
            "failed",
        ),
    ),
    Sabotage(
        "never_returns",
        """
def f(x):
    while True: pass
""",
        ("timed_out",),
    ),
    Sabotage(
        "ignores_signals",
        """
def f(x):
    for n in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
        try: signal.signal(n, signal.SIG_IGN)
        except OSError: pass
    while True: sum(range(10**7))
""",
        ("timed_out",),
    ),
    Sabotage(
        "iterates_without_end",
        """
def f(x):
    while True: yield 9
""",
        ("timed_out",),
        check="assert list(f(3)) == [9]",
    ),
    Sabotage(
        "fork_bomb",
        """
def f(x):
    while True:
        try: os.fork()
        except OSError: pass
""",
        (
            "timed_out",
            "crashed",
        ),
    ),
    Sabotage(
        "thread_bomb",
        """
def f(x):
    for _ in range(10_000): threading.Thread(target=time.sleep, args=(99,)).start()
""",
    ),
    Sabotage(
        "child_keeps_the_socket",
        """
def f(x):
    if os.fork() == 0:
        os.setsid()
        time.sleep(99)
    os._exit(0)
""",
        (
            "timed_out",
            "crashed",
        ),
    ),
    Sabotage(
        "daemon_answers_later",
        """
def f(x):
    if os.fork() == 0:
        os.setsid()
        while True:
            for fd in range(3, 64):
                try: os.write(fd, frame([1, 'value', 9]))
                except OSError: pass
    return 1
""",
        (
            "failed",
            "crashed",
        ),
    ),
    Sabotage(
        "closes_everything",
        "def f(x): os.closerange(3, 256)",
    ),
    Sabotage(
        "corrupts_memory",
        """
def f(x):
    import ctypes
    ctypes.memset(id(agent()), 255, 64)
    gc.collect()
""",
    ),
    Sabotage(
        "takes_all_memory",
        """
def f(x):
    kept = []
    while True: kept.append(bytearray(64 << 20))
""",
        ("out_of_memory",),
    ),
    Sabotage(
        "forges_the_length",
        """
sys.modules['inside.candidate.agent'].OPERATIONS['len'] = lambda *a: ['value', -5]
class L: __len__ = lambda s: 1
def f(x): return L()
""",
        ("failed",),
        check="assert len(f(3)) == -5",
    ),
    Sabotage(
        "claims_that_nothing_was_computed",
        """
time.process_time = time.thread_time = lambda: 0
def f(x):
    for _ in range(3):
        if os.fork() == 0:
            sum(range(10**7))
            os._exit(0)
        os.wait()
    return 9
""",
        ("failed",),
        check="""
seen = observe(f, 3)
assert seen.result == 9
assert seen.cpu_seconds < 0.1
""",
    ),
]


# Answered in place of a value by an agent that the notebook patched; none of them may become one.
HOSTILE_TREES = {
    "no list": "{}",
    "no tag": "[]",
    "unknown tag": "['zz', 1]",
    "a subclass by name": "['N', 'memmap']",
    "unhashable key": "['d', [['l', []]], [1]]",
    "keys without values": "['d', [1, 2], [1]]",
    "not only scalars": "['L', [[1]]]",
    "blob that is not there": "['b', 3]",
    "objects in an array": "['a', '|O8', [1], b'12345678']",
    "structured array": "['a', '|V8', [1], b'12345678']",
    "axis without items": "['a', '<f8', [2**40, 0], b'']",
    "axes without objects": "['O', [10**4, 0, 10**4], []]",
    "shape without data": "['a', '<f8', [10**9], b'12345678']",
    "negative shape": "['a', '<f8', [-1], b'']",
    "letters that do not exist": "['a', '<U1', [1], b'\\xff\\xff\\xff\\x7f']",
    "date of a wrong unit": "['a', '<M8[zz]', [1], b'12345678']",
    "generator": "['R', 'PCG64', ['d', [], []]]",
    "endless range": "['r', 0, 2**62, 1]",
    "range without step": "['r', 0, 1, 0]",
    "number of 10 MB": "['I', b'1' * (10 << 20)]",
    "date that does not exist": "['M', 'date', '2026-02-31']",
    "decimal bomb": "['M', 'decimal', '1e' + '9' * 5000]",
    "columns of different length": "['pD', ['pR', None, 0, 2, 1], ['pR', None, 0, 1, 1], [['a', '<f8', [1], b'12345678']]]",
    "endless index": "['pS', ['pR', None, 0, 2**62, 1], None, ['a', '<f8', [1], b'12345678']]",
    "time zone that is a path": "['pt', 0, 's', '../../etc/passwd']",
    "codes outside the categories": (
        "['pS', ['pR', None, 0, 1, 1], None, ['category', ['a', '|i1', [1], b'\\x05'], ['pR', None, 0, 1, 1], False]]"
    ),
}

TREE_NOTEBOOK = """
import sys
class Forged:
    def __init__(self, tree): self.tree = tree
agent = sys.modules["inside.candidate.agent"]
honest_refer = agent.Agent.refer
agent.Agent.refer = lambda self, value: value.tree if type(value) is Forged else honest_refer(self, value)
def f(source): return Forged(eval(source))
"""
