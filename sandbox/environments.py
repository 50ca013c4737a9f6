"""The candidates' Python environment: where it is, how it is made, what it is.

It is never the server's own: a kernel that runs with the server's interpreter could import the bundled exercises with their
hidden checks."""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from sandbox.errors import SandboxError

REQUIREMENTS = Path(__file__).parent / "inside" / "requirements.txt"
CHECKOUT = Path(__file__).parent.parent / ".venv-candidate"
VARIABLE = "TOUCHSTONE_CANDIDATE_PYTHON"
MARK = "touchstone-lock"  # in a finished environment: what it was made from


def candidate_python(data_folder: Path | None = None) -> Path:
    """The first that exists of: $TOUCHSTONE_CANDIDATE_PYTHON, the checkout's `.venv-candidate`, the data folder's environment."""
    chosen = os.environ.get(VARIABLE)
    if chosen:
        return existing(Path(chosen), f"{VARIABLE} names it. Correct or remove the variable.")
    if is_file(CHECKOUT / "bin" / "python"):
        return CHECKOUT / "bin" / "python"
    if data_folder is not None:
        return existing(base_environment(data_folder) / "bin" / "python", "`touchstone sandbox install` makes it.")
    raise SandboxError("There is no environment for candidates' code. `touchstone sandbox install` makes it.")


def base_environment(data_folder: Path) -> Path:
    return data_folder / "environments" / "base"


def existing(python: Path, advice: str) -> Path:
    if not is_file(python):
        raise SandboxError(f"The candidates' Python {python} does not exist. {advice}")
    return python.absolute()


def is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder on the way may not be entered
        return False


def install(into: Path, progress: Callable[[str], None]) -> None:
    """Make the environment, or leave it as it is when it was made from the same list. Replaces an older one only when whole."""
    if is_current(into):
        progress(f"{into} is up to date")
        return
    into.parent.mkdir(parents=True, exist_ok=True)
    fresh, old = into.with_name(into.name + ".new"), into.with_name(into.name + ".old")
    for leftover in (fresh, old):
        shutil.rmtree(leftover, ignore_errors=True)
    run_uv(["venv", "--relocatable", "--python", sys.executable, str(fresh)], progress)
    run_uv(["pip", "install", "--require-hashes", "--compile-bytecode", "--python", str(fresh / "bin" / "python"),
            "-r", str(REQUIREMENTS)], progress)  # fmt: skip
    (fresh / MARK).write_text(lock_digest())
    if into.exists():
        into.rename(old)
    fresh.rename(into)
    shutil.rmtree(old, ignore_errors=True)
    progress(f"{into} is ready")


def is_current(environment: Path) -> bool:
    mark = environment / MARK
    return mark.is_file() and mark.read_text() == lock_digest()


def lock_digest() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


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
