"""The same walls when the server was started by an ordinary user, without any right on the machine."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandbox.environments import candidate_python
from tests.attacks.nobody import LENT, NOBODY, needs_lending, run_or_skip

SCRIPT = """
import json, os, sys
from pathlib import Path
from sandbox import files
from sandbox.processes.forkserver import ForkServer
from sandbox.kernels.pool import Kernels
from sandbox.probe import probe
secret = Path(sys.argv[2]) / "answers.json"
secret.write_text("TSCANARY-0011223344556677")
secret.chmod(0o600)
forkserver = ForkServer(Path(sys.argv[1]))
layers = [[layer.name, layer.works, layer.needed, layer.why] for layer in probe(forkserver)]
kernels = Kernels(forkserver)
source = f"import os; print(os.path.exists({str(secret)!r}), os.getuid(), os.getpid()); _ = open('x', 'w').write('ab')"
with kernels.borrow() as kernel, kernels.borrow() as other:
    *_, done = events = list(kernel.run(source))
    users = [os.stat(f"/proc/{each.child.pid}").st_uid for each in (kernel, other)]
    with kernel.child.open_home() as home:
        listed = [[found.name, found.size] for found in files.listed(home)]
    kernel.child.kill()
    died = kernel.child.wait(1)
facts = forkserver.facts
forkserver.close()
print(json.dumps({"uid": os.getuid(), "layers": layers, "facts": facts, "died": died, "users": users, "files": listed,
                  "text": "".join(event.data["text"] for event in events if event.kind == "stream")}))
"""


LENDS = "own user for each kernel"
WITHOUT = {"Landlock", LENDS, "memory counted by Linux", "shares of the processor"}  # what such a user need not have
HOW: dict[str, tuple[list[str], bool]] = {  # what is run before the script, and whether other users are lent to this one
    "lent": ([], True),
    "not lent": ([], False),
    "lent, but the programs may not": (["import ctypes; ctypes.CDLL(None).prctl(38, 1, 0, 0, 0)\n"], True),  # no new privileges
}


@pytest.fixture(scope="module", params=HOW)
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    before, lent = HOW[request.param]
    if lent:
        needs_lending()
    place = tmp_path_factory.mktemp("of-nobody")
    script = "".join([*before, SCRIPT])
    ran = run_or_skip(["-c", script, str(candidate_python()), str(place)], place, lent=lent)
    if "user namespaces" in ran.stdout and "false" in ran.stdout:
        pytest.skip(f"this machine gives ordinary users no namespaces: {ran.stdout[:300]}")
    assert ran.returncode == 0, ran.stderr
    return {**json.loads(ran.stdout), "how": request.param}


def test_the_server_is_nobody(told: dict[str, Any]) -> None:
    assert told["uid"] == (NOBODY if os.geteuid() == 0 else os.getuid())


def test_every_layer_works(told: dict[str, Any]) -> None:
    missing = {name for name, works, needed, _ in told["layers"] if not works}
    assert missing <= (WITHOUT - {LENDS} if told["how"] == "lent" else WITHOUT)
    assert not [name for name, works, needed, _ in told["layers"] if needed and not works]


def test_kernels_are_users_of_their_own_where_others_are_lent_and_else_it_is_said_why_not(told: dict[str, Any]) -> None:
    first, second = told["users"]
    why = next(why for name, _, _, why in told["layers"] if name == LENDS)
    if told["how"] == "lent":
        assert LENT <= first < LENT + 65_536
        assert LENT <= second < LENT + 65_536
        assert first != second
        assert str(told["facts"]["shared"]) == ""
    else:
        assert (first, second) == (told["uid"], told["uid"])
        assert told["facts"]["shared"] in why
        expected = "lends nothing" if told["how"] == "not lent" else "newgidmap"
        assert expected in why or "has no name" in why or "not installed" in why


def test_a_file_of_the_same_user_is_not_there(told: dict[str, Any]) -> None:
    assert told["text"] == "False 1000 1\n"


def test_the_files_in_a_home_are_listed(told: dict[str, Any]) -> None:
    assert told["files"] == [["x", 2]]


def test_a_kernel_can_be_killed(told: dict[str, Any]) -> None:
    assert told["died"] is True


@pytest.mark.parametrize("lent", [True, False])
def test_what_sharing_a_user_costs(lent: bool, tmp_path: Path) -> None:
    """Two candidates can talk through what Linux counts for a user, unless each kernel is a user of its own."""
    needs_lending()
    ran = run_or_skip(["-m", "tests.attacks.proving", "counts_of_the_user"], tmp_path, 300, lent=lent)
    found = {each["place"]: each["state"] for each in json.loads(ran.stdout)}
    inside = "held" if lent else "breached"
    assert found == {"outside": "breached", "kernel": inside, "suspect": inside}
