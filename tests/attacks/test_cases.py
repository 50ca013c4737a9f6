"""Cases of the security list about the sandbox (C001 to C013): each with its own condition, or the probes that cover it."""

import json
import os
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.environments import candidate_python
from sandbox.errors import Death
from sandbox.kernels.kernel import Kernel
from sandbox.kernels.pool import Kernels
from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.processes.zygote import hidden_folders
from tests.attacks.probes.source import names, probes_source
from tests.attacks.proving import LIMITS, PLACES, Findings, in_kernel, in_suspect, prove, surrounded
from tests.kernels import borrowed, eventually, ran
from tests.serving import Site
from tests.trials import forkserver

CODE = "softmax-cross-entropy-stable"
SECRETS = {
    "TOUCHSTONE_SECRET": "TSCANARY-0000000000000001 and some more",
    "TOUCHSTONE_DATABASE_URL": "postgresql://ada:TSCANARY-0000000000000002@db/touchstone",
    "TOUCHSTONE_SMTP_PASSWORD": "TSCANARY-0000000000000003",
}
COVERED = {
    "C001": ["env_secrets", "proc_self_environ", "own_memory"],
    "C002": ["named_server_paths", "find_databases", "ways_out_of_the_tree", "import_server_packages", "host_private_folders"],
    "C003": ["see_other_processes", "read_other_environ", "read_other_memory", "ptrace_attach", "process_vm_readv",
             "signal_others", "pidfd_getfd_from_others"],
    "C004": ["tcp_to_server", "internet_tcp", "udp_send", "dns_lookup", "unix_socket_paths", "abstract_sockets"],
    "C005": ["unshare_user_namespace", "unshare_and_mount", "clone_into_new_namespaces", "mount_family", "new_mount_calls"],
    "C006": ["fork_bomb", "thread_bomb", "memory_in_children", "memory_in_grandchildren"],
    "C007": ["shared_memory_bomb", "memfd_bomb", "disk_fill_dev_shm", "sockets_in_children", "unmapped_shared_memory"],
    "C008": ["disk_fill_home", "inode_fill", "sparse_file", "disk_fill_everywhere"],
    "C009": ["holds_the_gil", "ignores_interrupt"],
    "C010": ["surviving_daemon", "many_survivors"],
    "C011": ["inherited_descriptors"],
    "C012": ["links_in_work_folder"],
}  # fmt: skip


def all_held(found: Findings) -> bool:
    return bool(found) and all(each.state == "held" for each in found.values())


def test_every_case_names_probes_that_exist() -> None:
    assert {probe for probes in COVERED.values() for probe in probes} <= set(names())


# Secrets and files


@pytest.fixture(scope="module")
def server_with_secrets() -> Iterator[ForkServer]:
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SECRETS.items():
            patch.setenv(name, value)
        server = ForkServer(candidate_python())
        server.start()
        yield server
        server.close()


@pytest.mark.parametrize("place", [in_kernel, in_suspect])
def test_c001_secrets_in_the_servers_environment_are_nowhere_in_a_candidates_process(
    server_with_secrets: ForkServer, place: Callable[..., Findings]
) -> None:
    found = place(server_with_secrets, COVERED["C001"], {})
    assert all_held(found), found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    site = Site(tmp_path_factory.mktemp("site"), TOUCHSTONE_SECRET=SECRETS["TOUCHSTONE_SECRET"])
    site.start()
    yield site
    site.stop()


@pytest.mark.parametrize("place", [in_kernel, in_suspect])
def test_c002_the_paths_of_a_running_server_do_not_exist(site: Site, place: Callable[..., Findings]) -> None:
    with borrowed(files={"notes.txt": b"mine"}) as other:
        work = f"/proc/{other.child.pid}/root/home/k"
        paths = [str(path) for path in site.folder.iterdir()] + hidden_folders() + [str(site.folder), work]
        assert all(Path(path).exists() for path in paths)
        found = place(forkserver(), ["named_server_paths", "ways_out_of_the_tree"], {"paths": paths})
    assert all_held(found), found
    assert {each.detail for each in found.values()} == {"ENOENT"}


# Others


@pytest.mark.parametrize("place", [in_kernel, in_suspect])
def test_c003_nothing_reaches_another_kernel_the_fork_server_or_the_server(place: Callable[..., Findings]) -> None:
    forkserver().start()
    zygote = forkserver().zygote_pid
    with borrowed() as other:
        found = place(forkserver(), COVERED["C003"], {"pids": [os.getpid(), os.getppid(), zygote, other.child.pid]})
        assert ran(other, "1 + 1").value == "2"
    assert all_held(found), found
    assert {each.detail for each in found.values()} <= {"ESRCH", "EPERM", "ENOENT", "0 strangers"}


def test_c004_no_packet_leaves_and_no_listener_is_reached() -> None:
    found = prove(forkserver(), COVERED["C004"], PLACES[1:])
    assert [finding for finding in found if finding.state != "held"] == []
    assert not any("timed out" in finding.detail for finding in found)  # refused at once


@pytest.mark.parametrize("place", [in_kernel, in_suspect])
def test_c005_no_namespace_and_no_mount_can_be_made(place: Callable[..., Findings]) -> None:
    found = place(forkserver(), COVERED["C005"], {})
    assert all_held(found), found
    assert {each.detail.removeprefix("error ") for each in found.values()} <= {"EPERM", "ENOSYS"}


# Taking too much


@pytest.mark.timeout(300)
@pytest.mark.parametrize("case", ["C006", "C007"])
def test_c006_c007_others_go_on_while_one_takes_too_much(case: str) -> None:
    """The sum of memory and the number of processes of one session stay bounded, and a sibling's cells all succeed."""
    with surrounded(forkserver()) as (_, context), borrowed() as sibling, ThreadPoolExecutor(1) as pool:
        attacks = [pool.submit(in_kernel, forkserver(), [probe], context) for probe in COVERED[case]]  # one after the other
        answers = [ran(sibling, "1 + 1").value]
        while not attacks[-1].done():
            answers.append(ran(sibling, "1 + 1").value)
    assert set(answers) == {"2"}
    assert all(all_held(attack.result()) for attack in attacks), [attack.result() for attack in attacks]


@pytest.mark.timeout(300)
def test_c008_saving_goes_on_while_others_fill_their_disks(site: Site) -> None:
    site.get(f"/exercises/{CODE}")
    site.post(f"/exercises/{CODE}/start", {})
    described = re.search(r'id="workspace"[^>]*>(.*?)</script>', site.get(f"/exercises/{CODE}"), re.DOTALL)
    assert described is not None
    cells = json.loads(described.group(1))["urls"]["cells"]
    with surrounded(forkserver()) as (_, context), ThreadPoolExecutor(2) as pool:
        attacks = [pool.submit(in_kernel, forkserver(), [probe], context) for probe in COVERED["C008"]]
        saved = [json.loads(site.post(f"{cells}/answer-1/save", {"source": f"x = {n}", "base": n + 1})) for n in range(100)]
    assert [answer["version"] for answer in saved] == list(range(2, 102))
    assert all(all_held(attack.result()) for attack in attacks), [attack.result() for attack in attacks]


# Stopping


ENDLESS = {
    "a loop": "while True: pass",
    "one long call": "sum(range(10 ** 13))",
    "deaf": "import signal, time\nfor n in (2, 15): signal.signal(n, signal.SIG_IGN)\nwhile True: time.sleep(1)",
}


@pytest.mark.parametrize("by_person", [True, False], ids=["stop button", "time limit"])
@pytest.mark.parametrize("source", ENDLESS.values(), ids=ENDLESS.keys())
def test_c009_every_cell_can_be_stopped_and_says_why(source: str, by_person: bool) -> None:
    with borrowed(cell_seconds=60 if by_person else 0.5) as kernel:
        timer = threading.Timer(0.5, kernel.interrupt)
        if by_person:
            timer.start()
        cell = ran(kernel, source)
        timer.cancel()
        assert cell.status in (("interrupted", "died") if by_person else ("timed_out",))
        if cell.all("died"):
            assert cell.one("died")["why"] == (Death.killed if by_person else Death.time)
            assert cell.one("died")["sentence"]
            assert not Path(f"/proc/{kernel.child.pid}").exists() or not kernel.alive
        else:
            assert ran(kernel, "1 + 1").value == "2"


def test_c010_no_daemon_is_left_after_many_sessions() -> None:
    context = {"survivor": f"ts-{os.getpid()}"}
    call = f"{probes_source('observed')}\nrun_probes(['surviving_daemon'], {context!r})"

    def one_session(_: int) -> str:
        with borrowed() as kernel:
            return ran(kernel, call).status

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(one_session, range(20))) == {"ok"}
    assert eventually(lambda: not processes_named(context["survivor"]), seconds=1)


def processes_named(name: str) -> list[str]:
    found = []
    for place in Path("/proc").glob("[0-9]*/comm"):
        try:
            found += [place.parent.name] if place.read_text().strip() == name else []
        except OSError:
            continue
    return found


def test_c011_a_kernel_keeps_only_its_own_descriptors_while_others_come_and_go() -> None:
    over = threading.Event()

    def come_and_go() -> None:
        while not over.is_set():
            with borrowed():
                pass

    def look(_: int) -> Findings:
        return in_kernel(forkserver(), ["inherited_descriptors"], {})

    others = [threading.Thread(target=come_and_go) for _ in range(3)]
    for each in others:
        each.start()
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, range(6)))
    over.set()
    for each in others:
        each.join()
    assert all(map(all_held, found)), found


# Links


def test_c012_starting_and_ending_kernels_follows_no_link_of_a_candidate(tmp_path: Path) -> None:
    """The only files of the server that come near: those given at the start, before any code of a candidate runs."""
    outside = tmp_path / "outside"
    outside.write_text("untouched")
    with Kernels(forkserver()).borrow(Limits(), {"data.csv": b"a,b"}) as kernel:
        make_links(kernel, outside)
    with Kernels(forkserver()).borrow(LIMITS, {"data.csv": b"a,b"}) as kernel:
        assert ran(kernel, "import os; (os.path.islink('data.csv'), open('data.csv').read())").value == "(False, 'a,b')"
    assert outside.read_text() == "untouched"


def test_c012_without_walls_the_home_is_removed_and_what_links_point_to_is_not(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("untouched")
    server = ForkServer(candidate_python(), mode="open")
    try:
        with Kernels(server).borrow(Limits(), {"data.csv": b"a,b"}) as kernel:
            home = Path(ran(kernel, "import os; print(os.getcwd(), end='')").text)
            make_links(kernel, outside)
        assert eventually(lambda: not home.exists())
    finally:
        server.close()
    assert (outside / "kept").read_text() == "untouched"


def make_links(kernel: Kernel, target: Path) -> None:
    source = f"import os\nos.unlink('data.csv')\nfor name in ('data.csv', 'folder', 'x'): os.symlink({str(target)!r}, name)"
    assert ran(kernel, source).status == "ok"
