"""Killing, stopping, stalling and starving, so that nobody is left who could say no: once in each notebook."""

from tests.attacks.grading.forgeries.forgery import HARMFUL, Forgery

SHORT = 1.5


def stall(name: str, does: str, act: str, before: str = "", seconds: float = SHORT) -> Forgery:
    """`act` is done by the first call into the notebook; after that comes a wrong answer."""
    lines = [
        "import signal",
        before,
        "def forged(data):",
        f"    if once('stalled'): {act}",
        "    return blank(data)",
        "single = several = forged",
    ]
    source = "\n".join(lines)
    return Forgery(name, does, source, seconds=seconds, not_there=HARMFUL)


STALLING = [
    stall(
        "kills_its_parents",
        "kills the process that ran the notebook, and the first one",
        "[os.kill(pid, signal.SIGKILL) for pid in (os.getppid(), 1)]",
    ),
    stall("kills_everybody", "kills every process that it can reach", "os.kill(-1, signal.SIGKILL)"),
    stall("stops_itself", "stops its own process", "os.kill(os.getpid(), signal.SIGSTOP)"),
    stall(
        "stops_its_parents",
        "stops the process that ran the notebook",
        "[os.kill(pid, signal.SIGSTOP) for pid in (os.getppid(), 1)]",
    ),
    stall("never_returns", "sleeps for a minute", "time.sleep(60)"),
    stall(
        "ignores_signals",
        "computes for minutes and ignores signals",
        "sum(range(10**10))",
        "for number in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM): signal.signal(number, signal.SIG_IGN)",
    ),
    stall("ends_the_process", "leaves when it is called", "os._exit(0)"),
    stall("falls_off_the_stack", "reads memory that is not there", "import ctypes; ctypes.string_at(1)"),
    stall("closes_everything", "closes every descriptor", "os.closerange(3, 256)"),
    stall("bomb_of_processes", "forks 4,096 processes", "[os.fork() for _ in range(12)]"),
    stall(
        "bomb_of_threads",
        "starts 5,000 threads",
        "[threading.Thread(target=time.sleep, args=(9,), daemon=True).start() for _ in range(5000)]",
    ),
    stall("takes_all_memory", "takes 64 GB", "kept = [bytearray(64 << 20) for _ in range(1000)]", seconds=8),
    stall("fills_the_disk", "writes 1 GB", "open('full', 'wb').write(bytes(1 << 30))"),
    stall(
        "runs_out_of_recursion",
        "calls itself without end and without a limit",
        "sys.setrecursionlimit(10**9); (lambda f: f(f))(lambda f: f(f))",
    ),
    stall(
        "keeps_the_socket_in_a_child",
        "leaves a child behind that keeps the sockets",
        "os.fork() or (os.setsid(), time.sleep(60))",
    ),
    Forgery(
        "never_makes_a_copy",
        "sleeps when it is asked for a copy",
        "os.register_at_fork(before=lambda: once('stalled') and time.sleep(7))",
        not_there=HARMFUL,
    ),
    Forgery(
        "dies_after_its_last_cell",
        "leaves shortly after its last cell",
        "threading.Timer(0.2, os._exit, (0,)).start()",
        not_there=HARMFUL,
    ),
]
