"""`touchstone regrade`: grade submissions again with another version of their exercise; looked at before anything counts."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import click
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session

from sandbox.processes.forkservers import ForkServers
from server import clock
from server.all_tables import metadata
from server.assessments.incidents.team_regrades import note_for_teams
from server.audit.seals import sealed_sessions
from server.bank.load import load_bundled
from server.bank.versions import exercise_version, newest_digest
from server.cli.grading.regrade_report import as_json, in_words, one_line
from server.cli.grading.regrade_try import try_all
from server.database import migrate
from server.database.engine import make_engine
from server.errors import Conflict
from server.files import exercises_folder
from server.forkservers import forkservers_of
from server.grading.regrading.regrades import changes, list_regrades, propose, regrade_of, regraded
from server.grading.seals import seal_key
from server.practice.apply_regrade import apply_regrade, withdraw_regrade
from server.reports.issue import issue_again, tell_owners
from server.reports.signing import signer_of
from server.settings import Settings, read_settings

by_option = click.option("--by", default=getpass.getuser, help="Who does this, for the log. Default: the user of this computer.")
json_option = click.option("--json", "json_wanted", is_flag=True, help="As JSON.")
jobs_option = click.option("--jobs", type=click.IntRange(1), help="Graded at a time. Default: one for each processor.")


@dataclass(slots=True)
class Door:
    settings: Settings
    sessions: sessionmaker[Session]


@contextmanager
def opened() -> Iterator[Door]:
    assert metadata.tables  # foreign keys name tables of other domains: all must be known before the first query
    settings = read_settings(os.environ)
    engine = make_engine(settings.database_url)
    try:
        migrate.upgrade(engine)
        yield Door(settings, sealed_sessions(engine, settings.secret))
    finally:
        engine.dispose()


@contextmanager
def graders(settings: Settings) -> Iterator[ForkServers]:
    forkservers = forkservers_of(settings)
    try:
        yield forkservers
    finally:
        forkservers.close()


@click.group()
def regrade() -> None:
    """Grade submissions again, with a mended exercise: a proposal that is looked at, then applied or withdrawn."""


@regrade.command("propose")
@click.argument("exercise")
@click.option("--reason", required=True, help="Why, in words for the people whose scores change.")
@click.option("--submission", "submissions", multiple=True, help="Id of a submission, may be repeated. Default: all it concerns.")
@click.option("--version", "digest", help="Digest of the version to grade with. Default: the newest in the bank.")
@by_option
@jobs_option
@json_option
def propose_one(
    exercise: str, reason: str, submissions: tuple[str, ...], digest: str | None, by: str, jobs: int | None, json_wanted: bool
) -> None:
    """Grade the submissions of EXERCISE (a slug) again for trial, and show whose score would change. Nothing counts yet.

    The default is every full submission whose result was made with another version of the exercise or in another environment.
    """
    with opened() as door, graders(door.settings) as forkservers:
        with door.sessions() as session:
            load_bundled(session, exercises_folder(), clock.now())
            version = digest or newest_digest(session, exercise)
            environment = forkservers.digest(exercise_version(session, exercise, version).front.environment)
            made = propose(session, exercise, version, environment, submissions, reason, by, clock.now()).id
            session.commit()
        try_all(door.sessions, forkservers, door.settings, made, jobs or os.cpu_count() or 1)
        _show(door, made, json_wanted)


@regrade.command("resume")
@click.argument("regrade_id")
@jobs_option
@json_option
def resume(regrade_id: str, jobs: int | None, json_wanted: bool) -> None:
    """Try what is left of a proposal: after an interruption, or where something could not be graded."""
    with opened() as door, graders(door.settings) as forkservers:
        with door.sessions() as session:
            found = regrade_of(session, regrade_id)
            _expect_same_environment(session, forkservers, found.exercise_slug, found.exercise_digest, found.environment)
        try_all(door.sessions, forkservers, door.settings, found.id, jobs or os.cpu_count() or 1)
        _show(door, found.id, json_wanted)


def _expect_same_environment(session: Session, forkservers: ForkServers, slug: str, digest: str, environment: str) -> None:
    if forkservers.digest(exercise_version(session, slug, digest).front.environment) != environment:
        raise Conflict("The libraries of the candidates' environment have changed since. Withdraw this regrade, propose it anew.")


@regrade.command("show")
@click.argument("regrade_id")
@json_option
def show(regrade_id: str, json_wanted: bool) -> None:
    """What a regrade would change, or has changed, submission by submission."""
    with opened() as door:
        _show(door, regrade_id, json_wanted)


def _show(door: Door, regrade_id: str, json_wanted: bool) -> None:
    with door.sessions() as session:
        found = regrade_of(session, regrade_id)
        diff = changes(session, found)
        click.echo(json.dumps(as_json(found, diff), ensure_ascii=False) if json_wanted else in_words(found, diff))


@regrade.command("list")
def list_all() -> None:
    """The regrades of this site, newest first."""
    with opened() as door, door.sessions() as session:
        found = list_regrades(session)
        click.echo("\n".join(map(one_line, found)) or "No regrade was ever proposed here.")


@regrade.command("apply")
@click.argument("regrade_id")
@click.option("--skip-faults", is_flag=True, help="Leave the results of submissions that could not be graded again as they are.")
@by_option
def apply_one(regrade_id: str, skip_faults: bool, by: str) -> None:
    """Make the scores of a proposal count. The old results are kept, and the log says who applied it, that of teams too."""
    with opened() as door, door.sessions() as session:
        found = regrade_of(session, regrade_id)
        key = seal_key(door.settings.secret)
        count = apply_regrade(session, found, by, key, clock.now(), skip_faults=skip_faults)
        signer = signer_of(door.settings.secret, door.settings.base_url)
        reports = issue_again(session, regraded(session, found), signer, clock.now())
        note_for_teams(session, found, clock.now())
        tell_owners(session, reports, clock.now())
        session.commit()
        click.echo(f"Applied: {count} new results of {found.exercise_slug} count now. The old ones are kept.")
        if reports:
            click.echo(f"Reports that it changes were issued again: {len(reports)}.")


@regrade.command("withdraw")
@click.argument("regrade_id")
@by_option
def withdraw_one(regrade_id: str, by: str) -> None:
    """Drop a proposal. No score changes."""
    with opened() as door, door.sessions() as session:
        found = regrade_of(session, regrade_id)
        withdraw_regrade(session, found, by, clock.now())
        session.commit()
        click.echo(f"Withdrawn. The scores of {found.exercise_slug} stay as they are.")
