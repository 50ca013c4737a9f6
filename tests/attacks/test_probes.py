"""Every attack outside, in a kernel and in a suspect, as root and as an ordinary user."""

import os

import pytest

from tests.attacks.nobody import NoOrdinaryUser, needs_lending
from tests.attacks.probes.source import all_probes, names, probes_source
from tests.attacks.report import NOT_SEEN, Row, User, rows_of

pytestmark = pytest.mark.timeout(1_800)  # a busy machine may take some times the usual three minutes
# What only root can do outside, so that an ordinary user's run shows nothing about the walls.
ONLY_ROOT = {
    "write_outside_home", "write_programs_and_libraries", "kernel_knobs_writable", "cached_pages_of_shared_files",
    "mknod_block_device", "kernel_log_and_symbols", "become_root", "become_another_user", "give_a_file_to_root",
    "join_other_namespaces", "mount_family", "new_mount_calls", "chroot_call", "name_of_the_machine", "raise_priority",
    "bpf_call", "perf_event_open", "the_machine_itself", "raw_and_packet_sockets", "posix_timers", "signal_queue",
    "signals_in_children", "locked_memory", "pipe_buffers", "descriptors_in_flight", "open_files", "module_and_kexec",
}  # fmt: skip
USERS: tuple[User, ...] = ("root", "ordinary user")
WITH_LENT_USERS = "counts_of_the_user"  # without them it gets through: see test_ordinary_user.py


def carried_out(user: User) -> dict[str, Row]:
    try:
        return {row.probe: row for row in rows_of(user, quick=True)}
    except NoOrdinaryUser as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def as_root() -> dict[str, Row]:
    if os.geteuid() != 0:
        pytest.skip("the tests do not run as root")
    return carried_out("root")


@pytest.fixture(scope="module")
def as_ordinary_user() -> dict[str, Row]:
    return carried_out("ordinary user")


@pytest.fixture
def rows(user: User, request: pytest.FixtureRequest) -> dict[str, Row]:
    found: dict[str, Row] = request.getfixturevalue(f"as_{user.replace(' ', '_')}")
    return found


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("place", ["kernel", "suspect"])
@pytest.mark.parametrize("probe", names())
def test_it_is_held(rows: dict[str, Row], user: User, probe: str, place: str) -> None:
    if probe == WITH_LENT_USERS and user != "root":
        needs_lending()
    state = getattr(rows[probe], place)
    assert state == "held" or state.startswith("skipped"), rows[probe]


@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("probe", names())
def test_it_succeeds_outside(rows: dict[str, Row], user: User, probe: str) -> None:
    """Otherwise that it is held inside shows nothing."""
    expected = probe not in NOT_SEEN and not (probe in ONLY_ROOT and user != "root")
    assert not expected or rows[probe].outside == "succeeds", rows[probe]


def test_root_can_be_asked_for_names(as_root: dict[str, Row]) -> None:
    assert as_root["dns_lookup"].outside == "succeeds"


@pytest.mark.parametrize("user", USERS)
def test_nothing_else_was_reached(rows: dict[str, Row], user: User) -> None:
    assert set(rows) == set(names())


def test_the_text_of_the_probes_is_complete() -> None:
    """What is sent into a process needs nothing of ours there."""
    space: dict[str, object] = {"__name__": "cell"}
    exec(compile(probes_source(), "cell", "exec"), space)
    assert "import tests" not in probes_source()
    assert list(space["PROBES"]) == list(all_probes())  # type: ignore[call-overload]
