"""That the layers can be taken out one by one, and that what stops an attack is read from it rightly."""

import pytest

from tests.attacks.layers import FIRST_TO_ACT, NO_NEW, START, TOGETHER, UNKNOWN, Runs, all_layers, run_with
from tests.attacks.proving import Finding, Findings


def findings(**states: str) -> Findings:
    return {probe: Finding(probe, "kernel", state, "") for probe, state in states.items()}


def test_every_layer_of_the_walls_has_its_place_in_the_order() -> None:
    assert set(all_layers()) <= set(FIRST_TO_ACT)


def test_a_layer_that_stops_it_alone_is_named_the_first_to_act_first() -> None:
    alone = {
        "file tree": findings(reading="held", calling="breached"),
        "system calls": findings(reading="held", calling="held"),
        "Landlock": findings(reading="breached", calling="breached"),
        NO_NEW: findings(reading="breached", calling="breached"),
    }
    runs = Runs(findings(reading="breached", calling="breached"), alone, {})
    assert runs.stopping("reading") == ["system calls", "file tree"]
    assert runs.stopping("calling") == ["system calls"]


def test_what_is_up_beside_a_layer_is_not_taken_for_it() -> None:
    alone = {"Landlock": findings(becoming="held"), NO_NEW: findings(becoming="held")}
    assert Runs(findings(becoming="breached"), alone, {}).stopping("becoming") == [NO_NEW]


def test_layers_that_are_needed_together_are_named_together() -> None:
    through, held = findings(leaving="breached"), findings(leaving="held")
    alone = {"file tree": through, "own pids": through}
    lacking = {"file tree": through, "own pids": through, "limits": held}
    assert Runs(through, alone, lacking).stopping("leaving") == ["own pids and file tree"]
    assert Runs(through, alone, {}).stopping("leaving") == [TOGETHER]


def test_what_was_not_tried_without_layers_is_put_down_to_none() -> None:
    assert Runs({}, {"limits": findings(forking="held")}, {}).stopping("forking") == [UNKNOWN]


def test_what_a_kernel_without_layers_holds_is_held_by_the_way_it_is_started() -> None:
    assert Runs(findings(env_secrets="held"), {}, {}).stopping("env_secrets") == [START]


@pytest.mark.parametrize(
    ("missing", "probe"),
    [("system calls", "unshare_user_namespace"), ("limits", "raise_limits"), ("file tree", "read_shadow_or_host_users"),
     ("own pids", "see_other_processes"), ("own network and IPC", "name_of_a_sibling")],
)  # fmt: skip
def test_without_its_layer_an_attack_gets_through(missing: str, probe: str) -> None:
    """In a real kernel that lacks one layer: the probes notice every one of them."""
    layers = [layer for layer in all_layers() if layer not in (missing, "Landlock")]
    assert run_with(layers, [probe], watched=True)[probe].state == "breached"
