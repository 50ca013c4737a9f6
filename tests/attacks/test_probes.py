"""Every attack outside, in a kernel and in a suspect, as root and as an ordinary user."""

import json
import os

import pytest

from tests.attacks.nobody import run_or_skip
from tests.attacks.probes.source import all_probes, names, probes_source
from tests.attacks.report import NOT_SEEN, Row, as_read, make_rows

pytestmark = pytest.mark.timeout(600)
# What only root can do outside, so that an ordinary user's run shows nothing about the walls.
ONLY_ROOT = {
    "write_outside_home", "write_programs_and_libraries", "kernel_knobs_writable", "cached_pages_of_shared_files",
    "mknod_block_device", "kernel_log_and_symbols", "become_root", "become_another_user", "give_a_file_to_root",
    "join_other_namespaces", "mount_family", "new_mount_calls", "chroot_call", "name_of_the_machine", "raise_priority",
    "bpf_call", "perf_event_open", "the_machine_itself", "raw_and_packet_sockets", "posix_timers", "signal_queue",
    "signals_in_children", "locked_memory", "pipe_buffers", "descriptors_in_flight", "open_files",
}  # fmt: skip
# Kernels of a server that was started by an ordinary user share that user's counts; docs/sandbox.md says so.
KNOWN_FOR_ORDINARY_USERS = {"counts_of_the_user"}
USERS = ("the user of the tests", "an ordinary user")


@pytest.fixture(scope="module")
def as_ourselves() -> dict[str, Row]:
    return {row.probe: row for row in make_rows(quick=True)}


@pytest.fixture(scope="module")
def as_ordinary_user(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Row]:
    if os.geteuid() != 0:
        pytest.skip("the tests run as an ordinary user already")
    ran = run_or_skip(["-m", "tests.attacks.report", "--json", "--quick"], tmp_path_factory.mktemp("of-nobody"), seconds=500)
    assert ran.returncode == 0, ran.stderr[-3000:]
    return {row.probe: row for row in map(as_read, json.loads(ran.stdout))}


@pytest.fixture
def rows(user: str, request: pytest.FixtureRequest) -> dict[str, Row]:
    found: dict[str, Row] = request.getfixturevalue("as_ourselves" if user == USERS[0] else "as_ordinary_user")
    return found


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("place", ["kernel", "suspect"])
@pytest.mark.parametrize("probe", names())
def test_it_is_held(rows: dict[str, Row], user: str, probe: str, place: str) -> None:
    state = getattr(rows[probe], place)
    if probe in KNOWN_FOR_ORDINARY_USERS and (user == USERS[1] or os.geteuid() != 0):
        return
    assert state == "held" or state.startswith("skipped"), rows[probe]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("probe", names())
def test_it_succeeds_outside(rows: dict[str, Row], user: str, probe: str) -> None:
    """Otherwise that it is held inside shows nothing."""
    expected = probe not in NOT_SEEN and not (probe in ONLY_ROOT and (user == USERS[1] or os.geteuid() != 0))
    assert not expected or rows[probe].outside == "succeeds", rows[probe]


@pytest.mark.parametrize("user", USERS)
def test_nothing_else_was_reached(rows: dict[str, Row], user: str) -> None:
    assert set(rows) == set(names())


def test_the_text_of_the_probes_is_complete() -> None:
    """What is sent into a process needs nothing of ours there."""
    space: dict[str, object] = {"__name__": "cell"}
    exec(compile(probes_source(), "cell", "exec"), space)
    assert "import tests" not in probes_source()
    assert list(space["PROBES"]) == list(all_probes())  # type: ignore[call-overload]
