"""What a candidate's code leaves in its home, read by the server: never led out, never kept waiting."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import files
from sandbox.kernels.kernel import Kernel
from tests.kernels import borrowed, ran

MAKE = """
import os
open("answer.csv", "w").write("a,b\\n1,2\\n")
os.makedirs("deep/er")
open("deep/er/x.txt", "w").write("deep")
for name, target in (("passwd", "/etc/passwd"), ("up", "../../../../../../etc/passwd"), ("folder", "/etc"),
                     ("me", "/proc/self/environ"),
                     ("loop", "loop"), ("zero", "/dev/zero"), ("inner", "answer.csv"), ("deeper", "deep")):
    os.symlink(target, name)
os.mkfifo("pipe")
os.truncate(os.open("sparse", os.O_CREAT | os.O_RDWR), 60 << 20)
open("new\\nline", "w").close()
open(b"\\xff\\xfe", "w").close()
open("n" * 255, "w").write("long")
"""


@pytest.fixture(scope="module")
def kernel() -> Iterator[Kernel]:
    with borrowed(files={"given.txt": b"given"}) as shared:
        assert ran(shared, MAKE).status == "ok"
        yield shared


@pytest.fixture
def home(kernel: Kernel) -> Iterator[int]:
    with kernel.child.open_home() as descriptor:
        yield descriptor


def test_ordinary_files_are_listed_under_their_names(home: int) -> None:
    found = {each.name: each.size for each in files.listed(home)}
    odd = {"new\nline": 0, os.fsdecode(b"\xff\xfe"): 0, "n" * 255: 4}
    assert found == {"answer.csv": 8, "deep/er/x.txt": 4, "given.txt": 5, "sparse": 60 << 20, **odd}


def test_no_more_are_listed_than_asked_for(home: int) -> None:
    assert len(files.listed(home, most=3)) == 3


def test_files_are_read_whole_or_not_at_all(home: int) -> None:
    assert files.read(home, "answer.csv", 100) == b"a,b\n1,2\n"
    assert files.read(home, "deep/er/x.txt", 4) == b"deep"
    assert files.read(home, os.fsdecode(b"\xff\xfe"), 4) == b""
    with pytest.raises(ValueError, match="8 bytes, 7 are allowed"):
        files.read(home, "answer.csv", 7)
    with pytest.raises(ValueError, match="are allowed"):
        files.read(home, "sparse", 1 << 20)


@pytest.mark.parametrize(
    "name",
    ["passwd", "up", "folder/passwd", "me", "loop", "zero", "inner", "deeper/er/x.txt", "pipe", "deep", ".", "..", "../x",
     "/etc/passwd",     "/proc/self/environ", "nothing", ""],
)  # fmt: skip
def test_nothing_else_is_read(home: int, name: str) -> None:
    with pytest.raises(OSError):
        files.read(home, name, 1 << 20)


def test_holes_take_no_room(home: int) -> None:
    assert files.bytes_in(home) < 1 << 20


def test_a_tree_of_folders_without_end_is_left(kernel: Kernel, home: int) -> None:
    below = "for _ in range(40):\n    path += '/c'; os.mkdir(path)\n"
    ran(kernel, f"import os\nos.mkdir('chain')\npath = 'chain'\n{below}open(path + '/end', 'w').close()")
    assert "chain" + "/c" * 40 + "/end" not in {each.name for each in files.listed(home)}
    ran(kernel, "import shutil; shutil.rmtree('chain')")


def test_what_is_read_is_still_there_when_the_kernel_is_gone(tmp_path: Path) -> None:
    with borrowed() as kernel:
        ran(kernel, "open('result.txt', 'w').write('kept')")
        kernel.child.kill()
        with kernel.child.open_home() as home:
            assert files.read(home, "result.txt", 10) == b"kept"
