import pytest

from sandbox import probe as probing
from sandbox.advice import Machine
from sandbox.environments import candidate_python
from sandbox.errors import SandboxUnavailable
from sandbox.kernels.pool import Kernels
from sandbox.probe import Layer, examine, judge_tier, probe
from sandbox.processes.forkserver import ForkServer
from tests.trials import forkserver

BREACHED = {
    "files": {"outside_file": ""},
    "network": {"network": ""},
    "other_processes": {"server_process": "", "processes": 90},
    "read_only": {"root": ["EROFS", "", "EROFS"]},
    "environment": {"variables": ["HOME", "TOUCHSTONE_SECRET_KEY"]},
    "capabilities": {"capabilities": {"CapEff": 1}, "uid": 1000, "no_new_privs": "1"},
    "no_new_privileges": {"no_new_privs": "0"},
    "system_calls": {"seccomp": "0", "namespaces": ""},
    "limits": {"limits": [-1, 64, 64]},
}


def test_every_needed_layer_works_here() -> None:
    layers = probe(forkserver())
    assert len(layers) >= 11
    assert [layer for layer in layers if layer.needed and not layer.works] == []


@pytest.mark.parametrize("name", BREACHED)
def test_a_breach_of_each_layer_is_seen(name: str) -> None:
    judge = next(judge for judge in probing.JUDGES if judge.__name__ == name)
    layer = judge(BREACHED[name])
    assert not layer.works
    assert layer.advice


def test_every_judge_has_a_breach_here() -> None:
    assert {judge.__name__ for judge in probing.JUDGES} == set(BREACHED)


def test_having_no_walls_is_told() -> None:
    verdict = examine(ForkServer(candidate_python(), mode="open"))
    assert (verdict.tier, verdict.layers) == ("open", [])
    assert "TOUCHSTONE_SANDBOX" in verdict.steps[0]


def test_the_tier_follows_from_the_walls_and_the_probes() -> None:
    stands, hole = Layer("network", True, "off"), Layer("network", False, "reached", "Report it.")
    lost = SandboxUnavailable("user namespaces", "EPERM", "Allow them.")
    machine = Machine(most_user_namespaces=0)
    assert judge_tier([stands], "full", None, machine).tier == "full"
    assert judge_tier([stands, Layer("Landlock", False, "old", needed=False)], "full", None, machine).tier == "full"
    reduced = judge_tier([stands], "reduced", lost, machine)
    assert (reduced.tier, reduced.steps[0]) == ("reduced", "sysctl -w user.max_user_namespaces=15000")
    refused = judge_tier([stands, hole], "full", None, machine)
    assert (refused.tier, refused.why, refused.steps) == ("refuse", "network: reached", ["Report it."])


def test_here_every_wall_stands() -> None:
    assert examine(forkserver()).tier == "full"


def test_a_sandbox_that_cannot_start_is_told() -> None:
    (layer,) = probe(ForkServer(candidate_python().with_name("no-such-python")))
    assert not layer.works
    assert "no-such-python" in layer.why


def test_a_kernel_without_landlock_is_told_and_stops_nothing() -> None:
    assert probing.landlock({}) == Layer("Landlock", False, "not on this kernel", probing.landlock({}).advice, needed=False)


def test_sharing_a_user_is_told_with_why_and_how_to_change_it() -> None:
    with Kernels(forkserver()).borrow() as kernel:
        layer = probing.own_user(kernel, {"own_users": False, "shared": "newuidmap is not installed"})
    assert (layer.works, layer.needed) == (False, False)
    assert "newuidmap is not installed" in layer.why
    assert "usermod --add-subuids" in layer.advice
