"""Running something of ours as an ordinary user, without any right on the machine, or as root, in a picture of the machine with
some files of the tests' own, from tests that run as root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType

import pytest

from sandbox.environments import VARIABLE, candidate_python
from sandbox.inside.confinement import linux

REPOSITORY = Path(__file__).resolve().parents[2]
# Of this process alone: Linux counts pipes and signals for a user, and other tests may run beside these.
NOBODY = 54_321 + os.getpid()
LENT = 2_000_000_000 + 65_536 * (os.getpid() % 2_000)  # first of the users that this one may become
LENDING = {
    "/etc/passwd": f"nobody-of-tests:x:{NOBODY}:{NOBODY}::/:/bin/sh\n",
    "/etc/subuid": f"nobody-of-tests:{LENT}:65536\n",
    "/etc/subgid": f"nobody-of-tests:{LENT}:65536\n",
}
HOMES = Path("/root")  # closed to others; an interpreter may be below it


NOTHING: Mapping[str, Path] = MappingProxyType({})


class NoOrdinaryUser(Exception):
    """The reason, for people."""


def enter_room(shown: Mapping[str, Path]) -> None:
    """In the new process: an own picture of the machine, with `shown` in place of some files."""
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    for place, file in shown.items():
        linux.bind(str(file), place)


def become_nobody(shown: Mapping[str, Path]) -> None:
    """Also with an interpreter that can be reached; then no rights."""
    enter_room(shown)
    if HOMES.exists() and Path(sys.base_prefix).is_relative_to(HOMES):
        python = os.open(sys.base_prefix, os.O_PATH)
        linux.mount("tmpfs", str(HOMES), "tmpfs", 0, "mode=755")
        Path(sys.base_prefix).mkdir(parents=True)
        linux.bind(f"/proc/self/fd/{python}", sys.base_prefix)
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def lend_users(folder: Path) -> dict[str, Path]:
    """Files that name an ordinary user and lend it others, -> by the place where they are to be seen."""
    files = {}
    for place, text in LENDING.items():
        if not Path(place).exists():
            Path(place).touch()  # something to put ours in front of
        files[place] = folder / Path(place).name
        files[place].write_text(Path(place).read_text() + text)
        files[place].chmod(0o644)
    return files


def needs_lending() -> None:
    """Skips a test that this machine cannot show."""
    if os.geteuid() != 0:
        pytest.skip("only root can lend users")
    if shutil.which("newuidmap") is None:
        pytest.skip("newuidmap is missing (as root: apt-get install uidmap)")


def obstacle() -> str:
    """Why that cannot be done here; nothing when it can."""
    python = candidate_python()
    if os.geteuid() == 0 and (Path(sys.executable).is_relative_to(HOMES) or python.is_relative_to(HOMES)):
        return f"the environments are below {HOMES}, where an ordinary user cannot go"
    return ""


def open_to_all(place: Path) -> Path:
    """A temporary folder in which the ordinary user can work."""
    for folder in (place, *place.parents):
        if folder in (Path("/"), Path("/tmp"), Path("/var/tmp")):
            break
        if folder.owner() == "root":
            folder.chmod(0o755)
    place.chmod(0o777)
    return place


def run_as_ordinary_user(
    arguments: Sequence[str], place: Path, seconds: float = 120, *, lent: bool = True, shown: Mapping[str, Path] = NOTHING
) -> subprocess.CompletedProcess[str]:
    """`python arguments` in `place`, as nobody when we are root, else as we are. `lent`: that nobody may become other users."""
    reason = obstacle()
    if reason:
        raise NoOrdinaryUser(reason)
    if os.geteuid() != 0:
        return run(arguments, place, seconds, None)
    more = lend_users(place) if lent else {}
    return run(arguments, place, seconds, partial(become_nobody, {**shown, **more}))


def run_as_root(
    arguments: Sequence[str], place: Path, seconds: float = 120, *, shown: Mapping[str, Path] = NOTHING
) -> subprocess.CompletedProcess[str]:
    """The same without giving anything up. For root alone."""
    return run(arguments, place, seconds, partial(enter_room, shown))


def run(
    arguments: Sequence[str], place: Path, seconds: float, prepare: Callable[[], None] | None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", *arguments],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(REPOSITORY), "TMPDIR": str(place), VARIABLE: str(candidate_python())},
        preexec_fn=prepare, capture_output=True, text=True, timeout=seconds, cwd=place,
    )  # fmt: skip


def run_or_skip(
    arguments: Sequence[str], place: Path, seconds: float = 120, *, lent: bool = True
) -> subprocess.CompletedProcess[str]:
    """For tests: a machine on which an ordinary user can do nothing shows nothing."""
    try:
        ran = run_as_ordinary_user(arguments, open_to_all(place), seconds, lent=lent)
    except NoOrdinaryUser as reason:
        pytest.skip(str(reason))
    if "user namespaces:" in ran.stderr:
        pytest.skip(f"this machine gives ordinary users no namespaces: {ran.stderr[-300:]}")
    return ran
