"""How same-kernel graders work: cells and checks in one process. Run with the candidates' Python; reads and writes JSON.

It is here to show that the forgeries are real: many of them get points from it. Each check has a process of its own, in which
the notebook ran before it; as with test runners, the process that leaves with 0 has passed its check."""

import atexit
import json
import os
import signal
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy
import pandas
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

SECONDS = 3
Case = dict[str, Any]  # cells, setup (sources for checks alone), checks (name -> source), files (name -> text), first


def grade(case: Case) -> dict[str, bool]:
    """Which checks the notebook passes; none after the first, where that is all that is asked."""
    found: dict[str, bool] = {}
    for name, check in case["checks"].items():
        found[name] = not (case.get("first") and any(found.values())) and passes(case, check)
    return found


def passes(case: Case, check: str) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                code = run(case, check, Path(folder))
            finally:
                atexit._run_exitfuncs()
                os._exit(code)
        return os.waitpid(pid, 0)[1] == 0


def run(case: Case, check: str, folder: Path) -> int:
    atexit._clear()
    signal.alarm(SECONDS)
    silence()
    for name, text in case.get("files", {}).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    os.chdir(folder)
    sys.path.insert(0, "")
    shell = make_shell()
    for cell in case["cells"]:
        shell.run_cell(cell)
    shell.user_ns.update(rng=numpy.random.default_rng(7), private=lambda name: f"private/{name}", award=lambda *_: None)
    for cell in case.get("setup", []):
        shell.run_cell(cell)
    return 0 if shell.run_cell(check).success else 1


def make_shell() -> InteractiveShell:
    config = Config()
    config.HistoryManager.enabled = False
    shell = InteractiveShell.instance(config=config)
    shell.showtraceback = lambda *_, **__: None
    return shell


def silence() -> None:
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)


if __name__ == "__main__":
    numpy.seterr(all="ignore")
    pandas.DataFrame({"loaded": [1.0]}).groupby("loaded").sum()
    cases = json.load(sys.stdin)
    print(json.dumps({name: grade(case) for name, case in cases.items()}))
