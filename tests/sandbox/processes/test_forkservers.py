import os
import shutil
from pathlib import Path

import pytest

from sandbox.environments import Environments, candidate_python, digest
from sandbox.errors import SandboxError, SandboxUnavailable
from sandbox.kernels.pool import Kernels
from sandbox.processes.forkservers import ForkServers
from tests.kernels import ran


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data folder in which a second environment stands: the same libraries under another name."""
    folder = tmp_path / "environments"
    folder.mkdir()
    (folder / "other").symlink_to(candidate_python().parent.parent)
    return tmp_path


def test_each_environment_has_its_own_server_that_starts_when_it_is_used(place: Path) -> None:
    forkservers = ForkServers(Environments(place))
    try:
        base, other = forkservers.of(), forkservers.of("other")
        assert forkservers.of("other") is other is not base
        assert (base.zygote_pid, other.zygote_pid) == (0, 0)
        with Kernels(forkservers).borrow(environment="other") as kernel:
            assert ran(kernel, "import sys; sys.prefix.endswith('environments/other')").value == "True"
        assert base.zygote_pid == 0
        assert other.zygote_pid > 0
    finally:
        forkservers.close()


def test_an_environment_below_the_folder_of_temporary_files_works(place: Path) -> None:
    """Each process gets its own /tmp, and the environment must show in it all the same."""
    folder = place / "environments" / "near"
    try:
        shutil.copytree(candidate_python().parent.parent, folder, symlinks=True, copy_function=os.link)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(candidate_python().parent.parent, folder, symlinks=True)
    forkservers = ForkServers(Environments(place))
    try:
        with Kernels(forkservers).borrow(environment="near") as kernel:
            assert ran(kernel, "import numpy, sys; numpy.__file__.startswith(sys.prefix)").value == "True"
            assert ran(kernel, "open('/tmp/own', 'w').write('x')").status == "ok"
            assert ran(kernel, "open(numpy.__file__, 'a')").status == "error"
    finally:
        forkservers.close()


def test_a_missing_environment_is_told_when_it_is_wanted(place: Path) -> None:
    forkservers = ForkServers(Environments(place))
    with pytest.raises(SandboxError, match="touchstone sandbox install torch"):
        forkservers.of("torch")


def test_a_bar_holds_for_every_environment_and_for_those_to_come(place: Path) -> None:
    forkservers = ForkServers(Environments(place))
    try:
        forkservers.of()
        forkservers.bar("a hole")
        for name in ("base", "other"):
            with pytest.raises(SandboxUnavailable, match="a hole"), Kernels(forkservers).borrow(environment=name):
                pass
        forkservers.bar("")
        with Kernels(forkservers).borrow() as kernel:
            assert ran(kernel, "1").value == "1"
    finally:
        forkservers.close()


def test_the_digest_is_that_of_the_environment(place: Path) -> None:
    assert ForkServers(Environments(place)).digest() == digest(candidate_python())
