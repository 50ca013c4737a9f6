"""The same walls when the server was started by an ordinary user, without any right on the machine."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.environments import candidate_python
from sandbox.inside.confinement import linux

REPOSITORY = Path(__file__).resolve().parents[2]
NOBODY = 54_321
HOMES = Path("/root")  # closed to others; an interpreter may be below it
SCRIPT = """
import json, os, sys
from pathlib import Path
from sandbox.forkserver import ForkServer
from sandbox.pool import Kernels
from sandbox.probe import probe
secret = Path(sys.argv[2]) / "answers.json"
secret.write_text("TSCANARY-0011223344556677")
secret.chmod(0o600)
forkserver = ForkServer(Path(sys.argv[1]))
layers = [[layer.name, layer.works, layer.why] for layer in probe(forkserver)]
with Kernels(forkserver).borrow() as kernel:
    *_, done = events = list(kernel.run(f"import os; print(os.path.exists({str(secret)!r}), os.getuid(), os.getpid())"))
    kernel.child.kill()
    died = kernel.child.wait(1)
forkserver.close()
print(json.dumps({"uid": os.getuid(), "layers": layers, "facts": forkserver.facts, "died": died,
                  "text": "".join(event.data["text"] for event in events if event.kind == "stream")}))
"""


def become_nobody() -> None:
    """In the new process: an own picture of the machine, in which the interpreter can be reached, then no rights."""
    if HOMES.exists() and Path(sys.base_prefix).is_relative_to(HOMES):
        linux.unshare(linux.CLONE_NEWNS)
        linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
        python = os.open(sys.base_prefix, os.O_PATH)
        linux.mount("tmpfs", str(HOMES), "tmpfs", 0, "mode=755")
        Path(sys.base_prefix).mkdir(parents=True)
        linux.bind(f"/proc/self/fd/{python}", sys.base_prefix)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    place = tmp_path_factory.mktemp("of-nobody")
    for folder in (place, place.parent, place.parent.parent):
        folder.chmod(0o755)
    place.chmod(0o777)
    python = candidate_python()
    if os.geteuid() == 0 and (Path(sys.executable).is_relative_to(HOMES) or python.is_relative_to(HOMES)):
        pytest.skip(f"the environments are below {HOMES}, where an ordinary user cannot go")
    ran = subprocess.run(
        [sys.executable, "-B", "-c", SCRIPT, str(python), str(place)],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(place)},
        preexec_fn=become_nobody if os.geteuid() == 0 else None,
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    if "user namespaces" in ran.stdout and "false" in ran.stdout:
        pytest.skip(f"this machine gives ordinary users no namespaces: {ran.stdout[:300]}")
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout))


def test_the_server_is_nobody(told: dict[str, object]) -> None:
    assert told["uid"] == (NOBODY if os.geteuid() == 0 else os.getuid())
    assert told["facts"]["as_root"] is False  # type: ignore[index]


def test_every_layer_works(told: dict[str, object]) -> None:
    assert [layer for layer in told["layers"] if not layer[1] and layer[0] != "Landlock"] == []  # type: ignore[attr-defined]


def test_a_file_of_the_same_user_is_not_there(told: dict[str, object]) -> None:
    assert told["text"] == "False 1000 1\n"


def test_a_kernel_can_be_killed(told: dict[str, object]) -> None:
    assert told["died"] is True
