"""The same walls when the server was started by an ordinary user, without any right on the machine."""

import json
import os

import pytest

from sandbox.environments import candidate_python
from tests.attacks.nobody import NOBODY, run_or_skip

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
layers = [[layer.name, layer.works or not layer.needed, layer.why] for layer in probe(forkserver)]
with Kernels(forkserver).borrow() as kernel:
    *_, done = events = list(kernel.run(f"import os; print(os.path.exists({str(secret)!r}), os.getuid(), os.getpid())"))
    kernel.child.kill()
    died = kernel.child.wait(1)
facts = forkserver.facts
forkserver.close()
print(json.dumps({"uid": os.getuid(), "layers": layers, "facts": facts, "died": died,
                  "text": "".join(event.data["text"] for event in events if event.kind == "stream")}))
"""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    place = tmp_path_factory.mktemp("of-nobody")
    ran = run_or_skip(["-c", SCRIPT, str(candidate_python()), str(place)], place)
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
