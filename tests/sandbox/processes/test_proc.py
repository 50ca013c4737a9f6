import os
import subprocess
import sys

from sandbox.processes import proc


def test_a_tree_holds_the_children_of_children() -> None:
    grandparent = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'input()'])"
    with subprocess.Popen([sys.executable, "-c", grandparent], stdin=subprocess.PIPE) as parent:
        while len(proc.tree_of(parent.pid)) < 2:
            pass
        tree = proc.tree_of(parent.pid)
        assert tree == proc.tree_in(proc.process_table(), parent.pid)
        assert tree[0] == parent.pid


def test_a_process_that_is_gone_counts_nothing() -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    assert (proc.cpu_seconds(gone.pid), proc.proportional_bytes(gone.pid)) == (0, 0)
    assert proc.tree_in(proc.process_table(), gone.pid) == []


def test_the_pid_behind_a_pidfd_is_found() -> None:
    pidfd = os.pidfd_open(os.getpid())
    assert proc.pid_of(pidfd) == os.getpid()
    os.close(pidfd)


def test_own_figures_are_plausible() -> None:
    own = proc.process_table()[os.getpid()]
    assert own.parent == os.getppid()
    assert own.resident_bytes > proc.proportional_bytes(os.getpid()) / 2 > 1 << 20
    assert proc.cpu_seconds(os.getpid()) > 0
