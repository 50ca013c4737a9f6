"""What an operator can do about a wall that cannot be built: exact lines for the machine that this is."""

from dataclasses import dataclass
from pathlib import Path

NAMESPACES = ("user namespaces", "namespaces", "namespace", "user namespace")
MOUNTS = ("file tree",)
ALLOW_IN_DOCKER = "--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined"
ALLOW_IN_PODMAN = "--security-opt seccomp=unconfined --security-opt unmask=ALL --security-opt label=disable"


@dataclass(frozen=True, slots=True)
class Machine:
    """What of a machine decides whether namespaces are given."""

    as_root: bool = False
    container: str = ""  # docker, podman or nothing
    apparmor_restricts: bool = False
    most_user_namespaces: int = 1
    clone_allowed: bool = True  # a switch that Debian's kernels have
    python: str = "/path/to/python3"  # of the candidates, with all links followed


def look_at_machine(as_root: bool, python: Path) -> Machine:
    return Machine(
        as_root=as_root,
        container=container_of(Path("/.dockerenv").exists(), Path("/run/.containerenv").exists()),
        apparmor_restricts=read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "0") == "1",
        most_user_namespaces=int(read("/proc/sys/user/max_user_namespaces", "1")),
        clone_allowed=read("/proc/sys/kernel/unprivileged_userns_clone", "1") != "0",
        python=str(python.resolve()) if python.exists() else "/path/to/python3",
    )


def container_of(docker: bool, podman: bool) -> str:
    return "podman" if podman else "docker" if docker else ""


def read(path: str, otherwise: str) -> str:
    try:
        return Path(path).read_text().strip() or otherwise
    except OSError:
        return otherwise


def steps_for(layer: str, machine: Machine) -> list[str]:
    """Lines to type or to write into a file, in this order; empty when nothing is known that would help. Pure."""
    if layer in NAMESPACES:
        return [*switches(machine), *apparmor(machine), *in_container(machine)] or as_whom(machine)
    if layer in MOUNTS:
        return [*apparmor(machine), *in_container(machine)]
    return []


def in_container(machine: Machine) -> list[str]:
    if machine.container == "docker":
        return [
            f"docker run --user 1000:1000 {ALLOW_IN_DOCKER} ...",
            "The options take Docker's own walls from the server alone; Touchstone puts up its own for candidates. "
            "With rootless Docker the same line is right.",
        ]
    if machine.container == "podman":
        return [f"podman run {ALLOW_IN_PODMAN} ...  # rootless and rootful alike"]
    return []


def switches(machine: Machine) -> list[str]:
    lines = []
    if machine.most_user_namespaces == 0:
        lines.append("sysctl -w user.max_user_namespaces=15000")
    if not machine.clone_allowed:
        lines.append("sysctl -w kernel.unprivileged_userns_clone=1  # Debian")
    if lines:
        lines.append("To keep it over a restart, write the setting into /etc/sysctl.d/60-touchstone.conf, without `sysctl -w`.")
    return lines


def apparmor(machine: Machine) -> list[str]:
    """Ubuntu 23.10 and later give user namespaces only to programs with a profile."""
    if not machine.apparmor_restricts or machine.as_root:
        return []
    return [
        "Write these lines into /etc/apparmor.d/touchstone:",
        "  abi <abi/4.0>,",
        "  include <tunables/global>",
        f"  profile touchstone {machine.python} flags=(unconfined) {{",
        "    userns,",
        "  }",
        "apparmor_parser -r /etc/apparmor.d/touchstone",
        "Or, for every program: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ]


def as_whom(machine: Machine) -> list[str]:
    if machine.as_root:
        return ["Start the server with CAP_SYS_ADMIN, or as an ordinary user."]
    return ["Start the server as root, or find out what refuses user namespaces here: `unshare --user true` must work."]
