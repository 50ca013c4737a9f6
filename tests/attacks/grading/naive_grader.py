"""How same-kernel graders work: cells and checks in one process. Run with the candidates' Python; reads and writes JSON lines.

It is here to show that the forgeries are real: most of them get full marks from it."""

import json
import os
import signal
import sys

import numpy
import pandas  # noqa: F401
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

SECONDS = 2


def grade(cells: list[str], check: str) -> bool:
    """A process of its own for each notebook; it leaves with 0 when the check cell raised nothing, as test runners do."""
    pid = os.fork()
    if pid == 0:
        signal.alarm(SECONDS)
        silence()
        config = Config()
        config.HistoryManager.enabled = False
        shell = InteractiveShell.instance(config=config)
        shell.showtraceback = lambda *_, **__: None
        for cell in cells:
            shell.run_cell(cell)
        os._exit(0 if shell.run_cell(check).success else 1)
    return os.waitpid(pid, 0)[1] == 0


def silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


if __name__ == "__main__":
    numpy.seterr(all="ignore")
    cases = json.load(sys.stdin)
    print(json.dumps({name: grade(case["cells"], case["check"]) for name, case in cases.items()}))
