"""On a machine that refuses a part of the wall no code is run: the part is named, with what to do. Nothing weakens silently."""

import json
import subprocess
import sys

import pytest

SCRIPT = """
import errno, json, sys
from sandbox.environments import candidate_python
from sandbox.errors import SandboxUnavailable
from sandbox.processes.forkserver import ForkServer
from sandbox.inside.confinement import bpf, privileges, seccomp
from sandbox.inside.confinement.syscalls import number
from sandbox.limits import Limits
refused = bpf.when(bpf.JUMP_EQUAL, number(sys.argv[1]), bpf.refuse(errno.EPERM))
privileges.forbid_new_privileges()
seccomp.install_filter(bpf.assemble([*bpf.load(bpf.NUMBER), *refused, *bpf.answer(bpf.ALLOW)]))
forkserver = ForkServer(candidate_python())
try:
    forkserver.spawn("kernel", {}, [], Limits())
    print(json.dumps(["started", "", ""]))
except SandboxUnavailable as error:
    print(json.dumps([error.layer, error.why, error.advice]))
finally:
    forkserver.close()
"""


@pytest.mark.parametrize(
    ("call", "layers"),
    [
        ("unshare", {"namespaces", "user namespaces"}),
        ("pivot_root", {"file tree"}),
        ("mount_setattr", {"file tree"}),
        ("capset", {"capabilities"}),  # found by the process itself, which then runs nothing
    ],
)
def test_a_machine_that_refuses_a_layer_runs_nothing(call: str, layers: set[str]) -> None:
    ran = subprocess.run([sys.executable, "-c", SCRIPT, call], capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr
    layer, why, advice = json.loads(ran.stdout)
    assert layer in layers
    assert "not permitted" in why
    assert len(advice) > 20
