"""Where control groups are found, and that a real process is held by them."""

import os
from pathlib import Path

import pytest

from sandbox.errors import Death
from sandbox.inside.walls.names import is_of_the_dead, own_name
from sandbox.limits import Limits
from sandbox.processes import proc
from sandbox.processes.cgroups import LEAF, Cgroups, Place, find_places, own_cgroups, own_places, sweep
from tests.kernels import borrowed, eventually, ran

V1_MOUNTS = """\
31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
"""
DOCKER_MOUNTS = "35 31 0:32 /docker/abc /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n"


def test_each_controller_of_version_1_is_found_where_it_is_mounted() -> None:
    groups = "8:memory:/service\n2:cpu,cpuacct:/\n1:freezer:/\n0::/\n"
    assert find_places(groups, V1_MOUNTS) == [
        Place("1", ("memory",), Path("/sys/fs/cgroup/memory/service")),
        Place("1", ("cpu", "cpuacct"), Path("/sys/fs/cgroup/cpu,cpuacct")),
    ]


def test_inside_a_container_the_folder_is_below_what_is_mounted() -> None:
    assert find_places("8:memory:/docker/abc/x\n", DOCKER_MOUNTS) == [Place("1", ("memory",), Path("/sys/fs/cgroup/memory/x"))]
    assert find_places("8:memory:/other\n", DOCKER_MOUNTS) == []


def version_2(folder: Path, controllers: str) -> str:
    (folder / "user.slice").mkdir()
    (folder / "user.slice" / "cgroup.controllers").write_text(controllers)
    return f"41 31 0:38 / {folder} rw - cgroup2 cgroup2 rw\n"


def test_of_version_2_only_the_controllers_that_are_handed_down_are_used(tmp_path: Path) -> None:
    mounts = version_2(tmp_path, "memory pids io")
    assert find_places("0::/user.slice\n", mounts) == [Place("2", ("memory", "pids"), tmp_path / "user.slice")]
    assert find_places(f"0::/user.slice/{LEAF}\n", mounts) == [Place("2", ("memory", "pids"), tmp_path / "user.slice")]


def test_a_controller_of_version_1_is_not_looked_for_in_version_2(tmp_path: Path) -> None:
    mounts = version_2(tmp_path, "memory pids") + V1_MOUNTS
    places = find_places("0::/user.slice\n8:memory:/\n", mounts)
    assert [(place.version, place.controllers) for place in places] == [("2", ("pids",)), ("1", ("memory",))]


def test_a_place_that_refuses_is_not_used(tmp_path: Path) -> None:
    cgroups = Cgroups([Place("1", ("memory",), tmp_path / "missing")])
    cgroups.open()
    cgroups.set_up()
    assert cgroups.controllers == frozenset()
    group = cgroups.new(Limits())
    assert (group.entrances(), group.remove()) == ([], True)


def test_folders_of_dead_servers_are_swept_and_those_of_the_living_stay(tmp_path: Path) -> None:
    dead, alive = f"touchstone-{os.getpid()}-1", own_name()
    for name in (dead, alive, "somebody-1-2", "touchstone-x-1", LEAF):
        (tmp_path / name).mkdir()
    (tmp_path / dead / "p1").mkdir()
    sweep(tmp_path)
    assert sorted(each.name for each in tmp_path.iterdir()) == sorted([alive, "somebody-1-2", "touchstone-x-1", LEAF])
    assert not is_of_the_dead(alive)


@pytest.fixture
def _memory_is_counted() -> None:
    with borrowed():
        pass
    if "memory" not in own_cgroups().controllers:
        pytest.skip("this machine lets this user make no memory control groups")


@pytest.mark.usefixtures("_memory_is_counted")
def test_a_kernel_and_all_below_it_are_in_its_group() -> None:
    with borrowed() as kernel:
        ran(kernel, "import subprocess; sleeper = subprocess.Popen(['sleep', '60'])")
        for place, folder in kernel.child.group.folders:
            members = set(map(int, (folder / "cgroup.procs").read_text().split()))
            assert members == set(proc.tree_of(kernel.child.pid)), place
        assert kernel.child.group.memory_bytes() > 1 << 20


@pytest.mark.usefixtures("_memory_is_counted")
def test_memory_that_no_process_maps_any_more_counts_as_well() -> None:
    """The pages of a shared map stay when all but one page of it is unmapped; only Linux itself still knows them."""
    bomb = """
import ctypes, mmap
libc = ctypes.CDLL(None, use_errno=True)
libc.mmap.restype = ctypes.c_void_p
for _ in range(40):
    size = 50 << 20
    start = libc.mmap(None, ctypes.c_size_t(size), 3, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS, -1, ctypes.c_long(0))
    for offset in range(0, size, 4096):
        ctypes.memset(start + offset, 120, 1)
    libc.munmap(ctypes.c_void_p(start + 4096), ctypes.c_size_t(size - 4096))
"""
    with borrowed(memory_mb=256) as kernel:
        assert ran(kernel, bomb, 60).one("died")["why"] == Death.memory


@pytest.mark.usefixtures("_memory_is_counted")
def test_a_group_goes_with_its_kernel() -> None:
    with borrowed() as kernel:
        folders = [folder for _, folder in kernel.child.group.folders]
        assert all(folder.is_dir() for folder in folders)
    with borrowed():
        pass
    assert eventually(lambda: not any(folder.exists() for folder in folders))


def test_own_places_can_be_asked_for_anywhere() -> None:
    assert all(place.folder.is_absolute() for place in own_places())
