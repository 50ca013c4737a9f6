"""A machine that gives an ordinary user no namespaces: fewer walls, said so, and what they still keep out."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sandbox.environments import candidate_python
from sandbox.inside.confinement import linux, namespaces
from tests.attacks.nobody import REPOSITORY, become_nobody, obstacle, open_to_all

SCRIPT = """
import json, os, sys, time
from pathlib import Path
from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer
from sandbox.limits import Limits
from sandbox.kernels.pool import Kernels
from sandbox.probe import examine
place = Path(sys.argv[1])
secret = place / "answers.json"
secret.write_text("TSCANARY-0011223344556677")
forkserver = ForkServer(candidate_python())
verdict = examine(forkserver)
told = {"tier": verdict.tier, "steps": verdict.steps, "broken": [l.name for l in verdict.layers if l.needed and not l.works]}
kernels = Kernels(forkserver)
def text(kernel, source):
    events = list(kernel.run(source, 20))
    return "".join(e.data.get("text", e.data.get("evalue", "")) for e in events if e.kind in ("stream", "error"))
def error_of(source):
    return f'''
import errno
try:
    print({source})
except OSError as error:
    print(errno.errorcode.get(error.errno, error))
'''
with kernels.borrow(Limits(disk_mb=16)) as kernel, kernels.borrow() as sibling:
    told["secret"] = text(kernel, error_of(f"open({str(secret)!r}).read()"))
    told["server"] = text(kernel, error_of(f"__import__('os').kill({os.getpid()}, 9)"))
    told["sibling"] = text(kernel, error_of(f"__import__('os').kill({sibling.child.pid}, 9)"))
    told["limits"] = text(kernel, error_of(f"__import__('resource').prlimit({os.getpid()}, 7, (1, 1))"))
    told["priority"] = text(kernel, error_of(f"__import__('os').setpriority(2, {os.getuid()}, 19)"))
    told["network"] = text(kernel, error_of("__import__('socket').create_connection(('127.0.0.1', 80), 3)"))
    told["folder"] = text(kernel, error_of(f"__import__('os').listdir({str(place)!r})"))
    told["works"] = text(kernel, "import numpy, pandas, sklearn; open('a', 'w').write('x'); print(numpy.arange(3).sum())")
    told["figure"] = [e.kind for e in kernel.run("import matplotlib.pyplot as plt; plt.plot([1]); plt.show()")]
    text(kernel, '''
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(600)
    os._exit(0)
os.wait(); time.sleep(0.2)
''')
    daemons = kernel.child.descendants()
    told["daemons"] = len(daemons)
    died = [e.data for e in kernel.run("for n in range(9): open(f'f{n}', 'wb').write(os.urandom(4 << 20))\\ntime.sleep(9)", 15)]
    told["died"] = [data.get("why") for data in died if "why" in data]
    told["sibling_lives"] = text(sibling, "print(1 + 1)")
    until = time.monotonic() + 5
    while any(Path(f"/proc/{pid}").exists() for pid in daemons) and time.monotonic() < until:
        time.sleep(0.05)
    told["daemons_left"] = sum(Path(f"/proc/{pid}").exists() for pid in daemons)
forkserver.close()
told["homes_left"] = [each.name for each in Path(os.environ["TMPDIR"]).iterdir() if each.name.startswith("touchstone")]
print(json.dumps(told))
"""


def become_nobody_without_namespaces() -> None:
    """No further namespace can be made below the one that this process is put into."""
    become_nobody({}) if os.geteuid() == 0 else None
    linux.prctl(linux.PR_SET_DUMPABLE, 1)
    uid, gid = os.getuid(), os.getgid()
    linux.unshare(linux.CLONE_NEWUSER)
    namespaces.map_ids(uid, gid, uid, gid)
    Path("/proc/sys/user/max_user_namespaces").write_text("0")


def run_without_namespaces(script: str, place: Path) -> dict[str, Any]:
    reason = obstacle()
    if reason:
        pytest.skip(reason)
    try:
        ran = subprocess.run(
            [sys.executable, "-B", "-c", script, str(place)],
            env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(place),
                 "TOUCHSTONE_CANDIDATE_PYTHON": str(candidate_python())},
            preexec_fn=become_nobody_without_namespaces,
            capture_output=True, text=True, timeout=120, cwd=place,
        )  # fmt: skip
    except subprocess.SubprocessError:
        pytest.skip("this machine gives no user namespace to turn them off in")
    assert ran.returncode == 0, ran.stderr
    return dict(json.loads(ran.stdout.splitlines()[-1]))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    told = run_without_namespaces(SCRIPT, open_to_all(tmp_path_factory.mktemp("without-namespaces")))
    if told["tier"] == "refuse":
        pytest.skip(f"this Linux has no Landlock that keeps signals inside: {told}")
    return told


def test_the_tier_is_named_with_what_to_do(told: dict[str, Any]) -> None:
    assert (told["tier"], told["broken"]) == ("reduced", [])
    assert any("user.max_user_namespaces" in step for step in told["steps"])


@pytest.mark.parametrize(
    ("what", "answer"),
    [("secret", "EACCES"), ("folder", "EACCES"), ("server", "EPERM"), ("sibling", "EPERM"), ("limits", "EPERM"),
     ("priority", "EPERM"), ("network", "ENETUNREACH")],
)  # fmt: skip
def test_others_are_out_of_reach(told: dict[str, Any], what: str, answer: str) -> None:
    assert told[what].strip() == answer


def test_the_libraries_work(told: dict[str, Any]) -> None:
    assert told["works"] == "3\n"
    assert "display" in told["figure"]


def test_files_over_the_limit_end_the_kernel_and_nobody_else(told: dict[str, Any]) -> None:
    assert told["died"] == ["disk"]
    assert told["sibling_lives"] == "2\n"


def test_daemons_and_homes_go_with_their_kernel(told: dict[str, Any]) -> None:
    assert (told["daemons"], told["daemons_left"], told["homes_left"]) == (1, 0, [])


def test_whoever_insists_on_every_wall_gets_none(tmp_path: Path) -> None:
    script = """
import json
from sandbox.environments import candidate_python
from sandbox.errors import SandboxUnavailable
from sandbox.processes.forkserver import ForkServer
try:
    ForkServer(candidate_python(), "full").start()
    print(json.dumps({"layer": ""}))
except SandboxUnavailable as missing:
    print(json.dumps({"layer": missing.layer}))
"""
    assert run_without_namespaces(script, open_to_all(tmp_path))["layer"] == "user namespaces"
