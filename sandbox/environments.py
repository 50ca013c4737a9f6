"""The candidates' Python environment: where it is, how it is made, what it is.

It is never the server's own: a kernel that runs with the server's interpreter could import the bundled exercises with their
hidden checks."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sandbox.errors import SandboxError

REQUIREMENTS = Path(__file__).parent / "inside" / "requirements.txt"
CHECKOUT = Path(__file__).parent.parent / ".venv-candidate"
VARIABLE = "TOUCHSTONE_CANDIDATE_PYTHON"
BASE = "base"
MARK = "touchstone-lock"  # in a finished environment: what it was made from


def candidate_python(data_folder: Path | None = None) -> Path:
    """The interpreter of the environment `base`. Raises SandboxError when there is none."""
    return Environments(data_folder).python(BASE)


@dataclass(frozen=True, slots=True)
class Environments:
    """Where the candidates' environments are. `chosen` is an interpreter that stands for `base`, whatever else there is."""

    data_folder: Path | None = None
    chosen: Path | None = None

    def python(self, name: str = BASE) -> Path:
        """For `base` the first that exists of: the chosen one, $TOUCHSTONE_CANDIDATE_PYTHON, the checkout's, the data folder's;
        the others are in the data folder, or beside the checkout's. Raises SandboxError when there is none."""
        if name == BASE and (named := self._named()) is not None:
            return named
        for folder in self.folders(name):
            if is_file(folder / "bin" / "python"):
                return folder / "bin" / "python"
        wanted = "" if name == BASE else f" {name}"
        raise SandboxError(f"There is no environment{wanted or ' for code'} here. `touchstone sandbox install{wanted}` makes it.")

    def folders(self, name: str) -> list[Path]:
        checkout = CHECKOUT if name == BASE else CHECKOUT.with_name(f"{CHECKOUT.name}-{name}")
        kept = [] if self.data_folder is None else [environment_folder(self.data_folder, name)]
        return [checkout, *kept]

    def _named(self) -> Path | None:
        if self.chosen is not None:
            return existing(self.chosen, f"{VARIABLE} names it. Correct or remove the variable.")
        chosen = os.environ.get(VARIABLE)
        return existing(Path(chosen), f"{VARIABLE} names it. Correct or remove the variable.") if chosen else None


def environment_folder(data_folder: Path, name: str = BASE) -> Path:
    return data_folder / "environments" / name


def existing(python: Path, advice: str) -> Path:
    if not is_file(python):
        raise SandboxError(f"The candidates' Python {python} does not exist. {advice}")
    return python.absolute()


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder on the way may not be entered
        return False


def install(into: Path, progress: Callable[[str], None], requirements: Path | None = None) -> None:
    """Make the environment from a list in which every file is pinned by its hash, or leave it as it is when it was made from the
    same one. Replaces an older one only when whole."""
    if is_current(into, requirements):
        progress(f"{into} is up to date")
        return
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = into.with_name(into.name + ".new"), into.with_name(into.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    run_uv(["venv", "--relocatable", "--python", sys.executable, str(fresh)], progress)
    run_uv(["pip", "install", "--require-hashes", "--compile-bytecode", "--python", str(fresh / "bin" / "python"),
            "-r", str(requirements or REQUIREMENTS)], progress)  # fmt: skip
    (fresh / MARK).write_text(lock_digest(requirements))
    if into.exists():
        into.rename(old)
    fresh.rename(into)
    shutil.rmtree(old, ignore_errors=True)
    progress(f"{into} is ready")


def is_current(environment: Path, requirements: Path | None = None) -> bool:
    mark = environment / MARK
    return mark.is_file() and mark.read_text() == lock_digest(requirements)


def lock_digest(requirements: Path | None = None) -> str:
    return hashlib.sha256((requirements or REQUIREMENTS).read_bytes()).hexdigest()


def run_uv(arguments: list[str], progress: Callable[[str], None]) -> None:
    command = [sys.executable, "-m", "uv", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        assert running.stdout is not None
        lines = []
        for line in running.stdout:
            lines.append(line.rstrip())
            progress(lines[-1])
    if running.returncode != 0:
        raise SandboxError(f"`uv {' '.join(arguments)}` failed. Is the package registry reachable? Its last words: {lines[-3:]}")


def digest(python: Path) -> str:
    """Of what is installed beside this Python; recorded with every result."""
    environment = python.parent.parent
    packages = sorted(folder.name for folder in environment.glob("lib/python3*/site-packages/*.dist-info"))
    facts = [python_version(environment), *packages]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()[:32]


def python_version(environment: Path) -> str:
    """As the environment's own file says it; made by venv (`version`) or by uv (`version_info`)."""
    try:
        lines = (environment / "pyvenv.cfg").read_text().splitlines()
    except OSError:
        return "unknown"
    settings = {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in lines)}
    return settings.get("version_info") or settings.get("version") or "unknown"
