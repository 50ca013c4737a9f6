import os
import subprocess
import sys

from sandbox import processes


def test_a_tree_holds_the_children_of_children() -> None:
    grandparent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", grandparent], stdin=subprocess.PIPE) as parent:
        while len(processes.tree_of(parent.pid)) < 2:
            pass
        tree = processes.tree_of(parent.pid)
        assert tree == processes.tree_in(processes.process_table(), parent.pid)
        assert tree[0] == parent.pid


def test_a_process_that_is_gone_counts_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert (processes.cpu_seconds(gone.pid), processes.proportional_bytes(gone.pid)) == (0, 0)
    assert processes.tree_in(processes.process_table(), gone.pid) == []


def test_the_pid_behind_a_pidfd_is_found() -> None:
    pidfd = os.pidfd_open(os.getpid())
    assert processes.pid_of(pidfd) == os.getpid()
    os.close(pidfd)


def test_own_figures_are_plausible() -> None:
    own = processes.process_table()[os.getpid()]
    assert own.parent == os.getppid()
    assert own.resident_bytes > processes.proportional_bytes(os.getpid()) / 2 > 1 << 20
    assert processes.cpu_seconds(os.getpid()) > 0
