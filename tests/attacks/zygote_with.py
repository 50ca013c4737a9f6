"""A zygote that puts up only chosen layers: `python zygote_with.py <layers, separated by commas> <control socket>`.

Used through a small script that names the layers, because the fork-server starts a zygote with nothing but a script and a socket
(see `script_for`). It is the product's own zygote in which the parts of the other layers are taken out, so what is left is
exactly what the product would put up."""

import importlib
import importlib.util
import os
import pty  # noqa: F401 - the probes need it, and without an own tree another user may not reach the interpreter
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

INSIDE = Path(__file__).resolve().parents[2] / "sandbox" / "inside"
# Steps of `ConfinedWalls` of which other parts of the wall need something: taken out piece by piece, not as a whole.
DIVIDED = ("namespaces", "file tree")
ALWAYS = ("home for the server", "network")  # no walls; the second changes the own network, and only that
NAMESPACES = {"own pids": 0x2000_0000, "own network and IPC": 0x4000_0000 | 0x0800_0000 | 0x0400_0000 | 0x0200_0000}
OF_THE_ZYGOTE = (*NAMESPACES, "file tree", "own disk")
OWN_USER = "own user for each kernel"
AS_ROOT = os.geteuid() == 0  # later an ordinary user is root of its own namespace
PRIVATE = 0x4000 | 0x4_0000


def script_for(layers: Sequence[str], folder: Path) -> Path:
    """The homes of the processes are made beside it."""
    script = folder / f"zygote-{'-'.join(layers).replace(' ', '_') or 'bare'}"[:100]
    script.write_text(
        f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nimport zygote_with\n"
        f"del sys.path[0]\nzygote_with.main({list(layers)!r}, int(sys.argv[1]))\n"
    )
    return script


def main(layers: Sequence[str], control: int) -> None:
    start = load(INSIDE / "start.py")
    start.load_package("inside", INSIDE)
    without_steps(layers)
    take_down([layer for layer in OF_THE_ZYGOTE if layer not in layers])
    importlib.import_module("inside.zygote").main(control)


def load(path: Path) -> Any:
    spec = importlib.util.spec_from_file_location("start", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def without_steps(layers: Sequence[str]) -> None:
    """Only the chosen ones of what each process puts up."""
    walls = importlib.import_module("inside.walls.confined").ConfinedWalls
    all_steps: Callable[..., list[tuple[str, Callable[[], None]]]] = walls.steps
    kept = {*layers, *DIVIDED, *(ALWAYS if "own network and IPC" in layers else ALWAYS[:1])}
    walls.steps = lambda self, *given: [step for step in all_steps(self, *given) if step[0] in kept]
    if "limits" not in layers:
        importlib.import_module("inside.child").limit_memory = nothing
    if OWN_USER not in layers:
        importlib.import_module("inside.confinement.loans").own_loan = without_loan
        mounts = importlib.import_module("inside.confinement.mounts")
        mount_home = mounts.mount_home
        mounts.mount_home = lambda disk_mb, owner, again: mount_home(disk_mb, os.getuid(), again)


def without_loan() -> None:
    raise LookupError("left out")


def take_down(missing: Sequence[str]) -> None:
    namespaces = [name for name in missing if name in NAMESPACES]
    without_namespaces(namespaces, nothing_is_mounted=len(missing) == len(OF_THE_ZYGOTE))
    if "own pids" in missing:
        with_the_processes_of_all()
    if "file tree" in missing:
        without_tree(own_pids="own pids" not in missing)
    if "own disk" in missing:
        without_disk()


def nothing(*_: object) -> None:
    pass


def without_namespaces(missing: Sequence[str], nothing_is_mounted: bool) -> None:
    """An ordinary user mounts in a user namespace, and becomes others in one: when it does neither there is none."""
    linux = importlib.import_module("inside.confinement.linux")
    namespaces = importlib.import_module("inside.confinement.namespaces")
    kept_out = sum(NAMESPACES[name] for name in missing)
    unshare = linux.unshare
    if nothing_is_mounted and not AS_ROOT:
        kept_out |= linux.CLONE_NEWNS
        namespaces.enter_as_user = lambda: unshare(0)
    linux.unshare = lambda flags: unshare(flags & ~kept_out)
    if "own pids" in missing:
        linux.setns = nothing
    if "own network and IPC" in missing:
        namespaces.socket = SimpleNamespace(sethostname=nothing)  # the name of the machine stays what it is


def with_the_processes_of_all() -> None:
    """Who has no pid namespace may not mount /proc and gets the one that is there."""
    mounts = importlib.import_module("inside.confinement.mounts")
    mount = mounts.mount

    def mount_or_bind(source: str | None, target: str, kind: str | None, *more: Any) -> None:
        if kind == "proc":
            mounts.bind("/proc", target)
        else:
            mount(source, target, kind, *more)

    mounts.mount = mount_or_bind


def without_tree(own_pids: bool) -> None:
    """The machine's own files, and the own /proc if there is one; what is mounted is seen by nobody else."""
    mounts = importlib.import_module("inside.confinement.mounts")
    mounts.build_root = lambda *_: private_mounts(mounts)
    mounts.close_root = nothing
    if not own_pids:
        mounts.mount_own_system = nothing


def private_mounts(mounts: Any) -> None:
    try:
        mounts.mount(None, "/", None, PRIVATE)
    except OSError:
        if AS_ROOT:
            raise  # else there is no mount namespace of ours, and nothing is mounted
    mounts.HOME = tempfile.mkdtemp(dir=os.path.dirname(sys.argv[0]))
    os.chmod(mounts.HOME, 0o777)
    os.environ.update(HOME=mounts.HOME, TMPDIR=mounts.HOME, MPLCONFIGDIR=mounts.HOME, IPYTHONDIR=mounts.HOME)
    mounts.OWN_FOLDERS = (mounts.HOME, "/dev/shm")


def without_disk() -> None:
    mounts = importlib.import_module("inside.confinement.mounts")

    def plain_home(disk_mb: int, owner: int, again: object) -> None:
        """A disk without a size; without an own tree, that of the machine."""
        try:
            mounts.mount("tmpfs", "/run", "tmpfs", 0, "mode=755")
            mounted = True
        except OSError:
            mounted = False
        if mounted and mounts.HOME == "/home/k":
            for place in mounts.OWN_FOLDERS:
                part = f"/run/{os.path.basename(place)}"
                os.mkdir(part)
                os.chmod(part, 0o777)
                mounts.bind(part, place)

    mounts.mount_home = plain_home
