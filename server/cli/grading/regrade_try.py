"""Grade the submissions of a regrade for trial, some at a time; each is stored by itself, so an interruption loses none."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor, as_completed

import click

from sandbox.processes.forkservers import ForkServers
from server.bank.versions import exercise_version
from server.cli.progress import progress_bar
from server.grading.regrading.regrades import end_trying, regrade_of, untried
from server.grading.regrading.tries import Sessions, grader, try_one
from server.grading.seeds import seeds_key
from server.settings import Settings


def try_all(sessions: Sessions, forkservers: ForkServers, settings: Settings, regrade_id: str, jobs: int) -> None:
    with sessions() as session:
        found = regrade_of(session, regrade_id)
        exercise = exercise_version(session, found.exercise_slug, found.exercise_digest)
        todo = untried(session, found)
    forkserver = forkservers.of(exercise.front.environment)
    grade_one = grader(exercise, forkserver, seeds_key(settings.secret), settings.limits)
    with progress_bar(with_rest=True) as progress, ThreadPoolExecutor(jobs, thread_name_prefix="regrade") as pool:
        bar = progress.add_task("Grading again", total=len(todo))
        try:
            for done in as_completed([pool.submit(try_one, sessions, regrade_id, one, grade_one) for one in todo]):
                done.result()
                progress.advance(bar)
        except KeyboardInterrupt:
            pool.shutdown(cancel_futures=True)
            click.echo(f"Interrupted. `touchstone regrade resume {regrade_id[:8]}` goes on from there.", err=True)
            sys.exit(130)
    with sessions() as session:
        end_trying(session, regrade_of(session, regrade_id))
        session.commit()
