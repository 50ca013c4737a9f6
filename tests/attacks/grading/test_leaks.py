"""What is hidden from a notebook stays hidden: it is not in its processes, and its own words do not carry it out (C017, C018)."""

import socket
from pathlib import Path

import pytest

from sandbox.trials.trial import Check, TrialReport
from tests.trials import NUMPY, grade, outcomes

# The searching code must not hold the words it searches for.
SEARCH = """
import gc, os, sys
word = b"-".join([b"CANARY", b"IN"])
def in_memory():
    found = []
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("r") or "[v" in line: continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                data = memory.read(end - start)
            except (OSError, ValueError, OverflowError): continue
            place = data.find(word)
            while place >= 0:
                after = data[place + len(word): place + len(word) + 10]
                if after.startswith(b"-") and after[1:3].isupper(): found.append(after.decode("ascii", "replace"))
                place = data.find(word, place + 1)
    return found
def in_objects():
    pattern = word.decode() + "-"
    boxes = [box for box in gc.get_objects() if type(box) in (dict, list, tuple, set)]
    held = [item for box in boxes for item in (list(box.values()) if type(box) is dict else list(box))]
    return sum(type(item) in (str, bytes) and pattern in str(item) for item in held)
def in_files():
    found = []
    for folder in ("/home", "/tmp", "/dev/shm", "/proc/self/fd", "."):
        for place, _, names in os.walk(folder):
            for name in names:
                try:
                    with open(os.path.join(place, name), "rb") as stream:
                        if word in stream.read(1 << 20): found.append(name)
                except OSError: pass
    return found
in_cells = in_memory()
def f(): return [in_cells, in_memory(), in_objects(), in_files(), sorted(os.environ)]
"""
HIDDEN_SETUP = "truth = 'CANARY-IN-SETUP'"
HIDDEN_CHECK = "secret = 'CANARY-IN-CHECK'\nfound = f()\nassert found[:4] == [[], [], 0, []], str(found)[:300]"


def test_no_hidden_text_is_in_the_suspects_memory_objects_files_or_environment() -> None:
    checks = [
        Check("first", HIDDEN_CHECK, True, seconds=60),
        Check("second", HIDDEN_CHECK.replace("CHECK", "OTHER"), True, seconds=60),
    ]
    report = grade(
        [SEARCH],
        checks,
        setup=(NUMPY, HIDDEN_SETUP),
        private_files={"truth.csv": b"CANARY-IN-FILES"},
        sources={"f": "CANARY-IN-SOURCE"},
    )
    assert [(run.outcome, run.text) for run in report.checks] == [("passed", "")] * 2


def test_the_search_finds_what_is_there() -> None:
    """Otherwise the test above would prove nothing."""
    planting = "def plant():\n    global planted\n    planted = {'key': [word.decode() + '-PLANTED']}"
    report = grade(
        [SEARCH, planting],
        [Check("c", "plant()\nfound = f()\nassert found[1] and found[2], str(found[:4])", False, seconds=60)],
        remote="f plant",
    )
    assert (report.checks[0].outcome, report.checks[0].text) == ("passed", "")


def test_a_check_is_confined_as_well() -> None:
    """An exercise by a stranger: its checks find neither the server's files nor its network (C022)."""
    server = Path(__file__).parents[3] / "server"
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        checks = {
            "files": f"import os\nassert not os.path.exists({str(server)!r})\nassert not os.path.exists('/etc/shadow')",
            "network": f"import socket\nsocket.create_connection(('127.0.0.1', {port}), 5)",
            "processes": "import os\nassert len([name for name in os.listdir('/proc') if name.isdigit()]) == 1",
            "environment": "import os\nassert not [name for name in os.environ if 'TOUCHSTONE' in name]",
        }
        report = grade(["f = 1"], checks)
    assert server.exists()
    assert outcomes(report) == {**dict.fromkeys(checks, "passed"), "network": "our_fault"}


ANSWERS = {
    "message": "def f(x): raise ValueError(repr(x))",
    "class name": "def f(x): raise type(x, (ValueError,), {})()",
    "own str": "class E(Exception):\n    def __str__(self): return self.args[0]\ndef f(x): raise E(x)",
    "assertion": "def f(x): assert False, x",
    "type name": "def f(x): return type(x, (), {})()",
    "printed": """
import logging, sys, warnings
def f(x):
    print(x)
    warnings.warn(x)
    logging.error(x)
    sys.stderr.write(x)
""",
    "attribute": """
class A:
    def __init__(self, x): self.__dict__["x"] = x
    def __getattr__(self, name): raise AttributeError(self.__dict__["x"])
f = A
""",
    "length": """
class A:
    def __init__(self, x): self.x = x
    def __len__(self): raise TypeError(self.x)
f = A
""",
    "key": "def f(x): return {x: 1}",
    "text": "def f(x): return x",
    "sizes": "def f(x): return x * 6_000_000",
    "exit": "import sys\ndef f(x): sys.exit(x)",
    "keyboard": "def f(x): raise KeyboardInterrupt(x)",
    "memory": "def f(x): raise MemoryError(x)",
}
USES = {
    "number": "assert f('SECRET-INPUT') + 1 == 2",
    "attribute": "assert f('SECRET-INPUT').size == 2",
    "length": "assert len(f('SECRET-INPUT')) == 99",
    "item": "assert f('SECRET-INPUT')['a'] == 2",
    "testing": "np.testing.assert_equal(f('SECRET-INPUT'), 'SECRET-EXPECTED')",
    "integer": "int(f('SECRET-INPUT'))",
}


def told(report: TrialReport) -> str:
    return repr(report)


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_no_hidden_input_is_in_what_is_told_of_a_hidden_check(answer: str) -> None:
    report = grade([NUMPY, answer], [Check(name, source, True) for name, source in USES.items()])
    assert "SECRET" not in told(report)
    assert {run.outcome for run in report.checks} <= {"failed", "crashed", "out_of_memory"}


def test_a_visible_check_tells_the_learners_own_words() -> None:
    report = grade([NUMPY, ANSWERS["message"]], {"c": USES["number"]})
    assert "SECRET-INPUT" in told(report)
