"""`touchstone doctor`: what works on this machine, and what to do about what does not."""

from __future__ import annotations

import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import packages_distributions

import click
from rich.console import Console
from sqlalchemy.exc import SQLAlchemyError

from sandbox.environments import candidate_python
from sandbox.errors import SandboxError
from sandbox.probe import Verdict
from sandbox.probe import examine as examine_walls
from sandbox.processes.forkserver import ForkServer
from server.database.engine import make_engine
from server.database.migrate import newest_revision, revision_of
from server.exercise_format.folder import exercise_paths
from server.files import exercises_folder
from server.settings import Settings, read_settings

OLDEST_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `needed`: Touchstone cannot run people's code, or not at all, without it."""

    name: str
    works: bool
    detail: str
    advice: str = ""
    needed: bool = True


@click.command()
@click.option("--json", "as_json", is_flag=True, help="The findings as JSON.")
def doctor(as_json: bool) -> None:
    """Look at this machine: settings, folders, database, candidates' environment, sandbox layers, exercises and mail.

    Exit code: 0 when everything needed works, 1 otherwise.
    """
    settings = read_settings(os.environ)
    findings = list(examine(settings))
    if as_json:
        click.echo(json.dumps({"findings": [asdict(finding) for finding in findings], "healthy": healthy(findings)}, indent=2))
    else:
        _show(findings)
    sys.exit(0 if healthy(findings) else 1)


def healthy(findings: list[Finding]) -> bool:
    return all(finding.works for finding in findings if finding.needed)


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at one thing after the other. A look that breaks is a finding, not the end."""
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (
        _python,
        _packages,
        _data_folder,
        _database,
        _environment,
        _sandbox,
        _exercises,
        _mail,
    )
    for look in looks:
        yield from look(settings)


def _python(_: Settings) -> Iterator[Finding]:
    works = sys.version_info >= OLDEST_PYTHON
    yield Finding(
        "Python",
        works,
        f"{platform.python_version()} on {platform.system()} {platform.release()}",
        "Install Python 3.11 or newer.",
    )


def _packages(_: Settings) -> Iterator[Finding]:
    """Another distribution with a `server` or `sandbox` folder would silently overwrite ours."""
    owners = packages_distributions()
    for name in ("server", "sandbox"):
        found = sorted(set(owners.get(name, [])))
        works = len(found) <= 1
        advice = f"Install Touchstone into an environment of its own: {' and '.join(found)} both bring a package called {name}."
        yield Finding(f"package {name}", works, ", ".join(found) or "from this folder", "" if works else advice)


def _data_folder(settings: Settings) -> Iterator[Finding]:
    try:
        settings.data.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data) as file:
            file.write(b"x")
    except OSError as error:
        yield Finding(
            "data folder",
            False,
            f"{settings.data}: {error.strerror}",
            "Set TOUCHSTONE_DATA to a folder that this user may write to.",
        )
    else:
        yield Finding("data folder", True, str(settings.data))


def _database(settings: Settings) -> Iterator[Finding]:
    engine = make_engine(settings.database_url)
    kind = engine.dialect.name
    try:
        revision = revision_of(engine)
    except SQLAlchemyError as error:
        reason = str(error.__cause__ or error).partition("\n")[0]
        yield Finding("database", False, f"{kind}: {reason}", "Start the database, or correct TOUCHSTONE_DATABASE_URL.")
        return
    finally:
        engine.dispose()
    if revision is None:
        yield Finding("database", True, f"{kind}, still empty: `touchstone serve` makes the tables")
    else:
        newest = revision == newest_revision()
        yield Finding(
            "database", True, f"{kind}, shape {revision}" + ("" if newest else ": `touchstone serve` brings it up to date")
        )


def _environment(settings: Settings) -> Iterator[Finding]:
    try:
        python = settings.candidate_python or candidate_python(settings.data)
    except SandboxError as error:
        yield Finding("candidates' environment", False, str(error), "Run `touchstone sandbox install`.")
    else:
        yield Finding("candidates' environment", True, str(python))


def _sandbox(settings: Settings) -> Iterator[Finding]:
    try:
        forkserver = ForkServer(settings.candidate_python or candidate_python(settings.data), settings.sandbox)
    except SandboxError as error:
        yield Finding("sandbox", False, str(error), "People's code is not run without isolation.")
        return
    try:
        verdict = examine_walls(forkserver)
    finally:
        forkserver.close()
    yield _tier(verdict)
    for layer in verdict.layers:
        yield Finding(f"sandbox: {layer.name}", layer.works, layer.why, layer.advice, layer.needed)


def _tier(verdict: Verdict) -> Finding:
    """One line for how strong the walls are here, with what would make them stronger."""
    meaning = {
        "full": "full: people's code runs behind every wall",
        "reduced": "reduced: people's code runs behind fewer walls",
        "open": "open: people's code runs without walls; use it alone, on your own computer",
        "refuse": "refuse: people's code is not run",
    }[verdict.tier]
    works = verdict.tier == "full"
    return Finding("sandbox", works, f"{meaning} ({verdict.why})", "\n".join(verdict.steps), needed=verdict.tier == "refuse")


def _exercises(_: Settings) -> Iterator[Finding]:
    count = len(exercise_paths(exercises_folder()))
    yield Finding(
        "exercises", count > 0, f"{count} in {exercises_folder()}", "Install Touchstone again: its exercises are missing."
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_url is None:
        folder = settings.outbox
        yield Finding(
            "mail", True, f"no SMTP server; mails are written to {folder}", "Set TOUCHSTONE_SMTP_URL to send them.", needed=False
        )
    else:
        yield Finding("mail", True, f"SMTP server {settings.smtp_url.host}:{settings.smtp_url.port}", needed=False)


def _show(findings: list[Finding]) -> None:
    console = Console(highlight=False)
    for finding in findings:
        mark = "[green]works[/green]" if finding.works else "[red]fails[/red]" if finding.needed else "[yellow]note [/yellow]"
        console.print(f"{mark}  {finding.name}: {finding.detail}", soft_wrap=True)
        if finding.advice and not (finding.works and finding.needed):
            for line in finding.advice.splitlines():
                console.print(f"       {line}", soft_wrap=True, markup=False)
    console.print("Everything needed works." if healthy(findings) else "Something needed does not work; see the lines above.")
