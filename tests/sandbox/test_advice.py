from pathlib import Path

import pytest

from sandbox.advice import Machine, container_of, look_at_machine, steps_for

UBUNTU = Machine(apparmor_restricts=True, python="/srv/env/bin/python3.12")


def test_namespaces_that_are_turned_off_are_turned_on_with_one_line() -> None:
    steps = steps_for("user namespaces", Machine(most_user_namespaces=0))
    assert steps[0] == "sysctl -w user.max_user_namespaces=15000"
    assert "/etc/sysctl.d/" in steps[-1]


def test_debian_has_a_switch_of_its_own() -> None:
    assert steps_for("user namespaces", Machine(clone_allowed=False))[0].startswith(
        "sysctl -w kernel.unprivileged_userns_clone=1"
    )


def test_ubuntu_wants_a_profile_for_the_candidates_python() -> None:
    steps = "\n".join(steps_for("user namespaces", UBUNTU))
    assert "profile touchstone /srv/env/bin/python3.12 flags=(unconfined) {" in steps
    assert "userns," in steps
    assert "apparmor_parser -r /etc/apparmor.d/touchstone" in steps
    assert steps_for("user namespaces", Machine(as_root=True, apparmor_restricts=True)) == steps_for(
        "user namespaces", Machine(as_root=True)
    )


@pytest.mark.parametrize(("container", "command"), [("docker", "docker run"), ("podman", "podman run")])
def test_a_container_is_started_with_other_options(container: str, command: str) -> None:
    for layer in ("user namespaces", "file tree"):
        (line,) = (step for step in steps_for(layer, Machine(container=container)) if step.startswith(command))
        assert "seccomp=unconfined" in line


def test_who_may_make_namespaces_at_all_is_said_when_nothing_else_is_known() -> None:
    assert "CAP_SYS_ADMIN" in steps_for("namespaces", Machine(as_root=True))[0]
    assert "unshare --user true" in steps_for("user namespaces", Machine())[0]


def test_other_layers_have_no_lines() -> None:
    assert steps_for("Landlock", UBUNTU) == []


def test_this_machine_can_be_looked_at(tmp_path: Path) -> None:
    assert look_at_machine(False, tmp_path / "python").python == "/path/to/python3"
    assert (container_of(True, False), container_of(True, True), container_of(False, False)) == ("docker", "podman", "")
