"""Which limit an error comes from: made-up errors here, the real ones of a kernel below."""

from collections.abc import Iterator

import pytest

from sandbox.kernels.kernel import Kernel
from sandbox.limits import Limits
from sandbox.limits_met import limit_behind, limit_met
from tests.kernels import borrowed, ran

NO_FORK = "Cell In[1], line 1\n----> 1 pipe.read()"


def error(name: str, text: str = "", traceback: str = NO_FORK) -> dict[str, object]:
    return {"ename": name, "evalue": text, "traceback": [traceback]}


@pytest.mark.parametrize(
    ("name", "text", "what"),
    [
        ("MemoryError", "", "memory"),
        ("_ArrayMemoryError", "Unable to allocate 745. GiB for an array with shape (100000000000,)", "memory"),
        ("ArrowMemoryError", "malloc of size 128 failed", "memory"),
        ("OSError", "[Errno 12] Cannot allocate memory", "memory"),
        ("OSError", "[Errno 28] No space left on device: 'model.bin'", "disk"),
        ("OperationalError", "database or disk is full", "disk"),
        ("OSError", "[Errno 27] File too large", "file"),
        ("OSError", "[Errno 24] Too many open files: 'a.csv'", "open files"),
        ("RuntimeError", "can't start new thread", "processes"),
        ("URLError", "<urlopen error [Errno -2] Name or service not known>", "network"),
        ("gaierror", "[Errno -3] Temporary failure in name resolution", "network"),
        ("OSError", "[Errno 101] Network is unreachable", "network"),
        ("StdinNotImplementedError", "raw_input was called", "input"),
        ("ValueError", "Unable to allocate seats", None),
        ("FileNotFoundError", "[Errno 2] No such file or directory: 'data.csv'", None),
        ("RuntimeError", "mat1 and mat2 shapes cannot be multiplied", None),
    ],
)
def test_an_error_tells_its_limit(name: str, text: str, what: str | None) -> None:
    assert limit_met(error(name, text)) == what


def test_a_pipe_without_data_is_no_lack_of_processes() -> None:
    nothing_there = ("BlockingIOError", "[Errno 11] Resource temporarily unavailable")
    assert limit_met(error(*nothing_there)) is None
    assert limit_met(error(*nothing_there, traceback="self.pid = os.fork()")) == "processes"


def test_the_numbers_are_those_of_the_kernel() -> None:
    noted = limit_behind(error("MemoryError"), Limits(memory_mb=512))
    assert noted is not None
    assert "512 MB of memory" in noted["sentence"]


def test_without_walls_there_is_a_network() -> None:
    unknown = error("gaierror", "[Errno -2] Name or service not known")
    assert limit_behind(unknown, Limits(), confined=False) is None
    assert limit_behind(error("MemoryError"), Limits(), confined=False) is not None


@pytest.fixture(scope="module")
def small() -> Iterator[Kernel]:
    with borrowed(memory_mb=512, disk_mb=8, file_mb=4, open_files=128, processes=24, cell_seconds=30) as kernel:
        yield kernel


@pytest.mark.parametrize(
    ("source", "what", "said"),
    [
        ("bytearray(10**11)", "memory", "more than the 512 MB of memory"),
        ("import numpy as np\nnp.ones(10**11)", "memory", "your variables are still there"),
        ("for i in range(4):\n    with open(f'part{i}', 'wb') as part: part.write(bytes(3 << 20))", "disk", "8 MB of files"),
        (
            "!rm part*\nwith open('one', 'wb', 0) as one:\n    for _ in range(9): one.write(bytes(1 << 20))",
            "file",
            "4 MB at most",
        ),
        ("!rm one\nkept = []\nwhile True: kept.append(open('/dev/null'))", "open files", "128 files open"),
        (
            "kept.clear()\nimport subprocess\nwhile True: kept.append(subprocess.Popen(['sleep', '1']))",
            "processes",
            "24 processes",
        ),
        ("import time, threading\nwhile True: threading.Thread(target=time.sleep, args=(1,)).start()", "processes", "n_jobs=2"),
        ("import pandas as pd\npd.read_csv('https://example.org/x.csv')", "network", "no network here"),
        ("import socket\nsocket.create_connection(('192.0.2.1', 80))", "network", "in the folder of the notebook"),
        ("input('name? ')", "input", "write the value into the code"),
    ],
)
def test_a_kernel_says_which_limit_its_code_met(small: Kernel, source: str, what: str, said: str) -> None:
    cell = ran(small, source)
    assert cell.kinds[-3:] == ["error", "limit", "done"]
    assert cell.one("limit")["what"] == what
    assert said in cell.one("limit")["sentence"]
    assert cell.status == "error"


def test_an_ordinary_error_has_no_note(small: Kernel) -> None:
    assert ran(small, "1 / 0").all("limit") == []
