"""A take-home that many sit at once and hand in within its last minute: is anything lost, and when is the last one graded."""

from __future__ import annotations

import json
import os
import tempfile
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import Session, col, func, select

from server import clock
from server.accounts.tables import Person
from server.accounts.tokens import new_token, token_hash
from server.assessments.tables.blueprints import BlueprintRow
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import BY_TIME, Sitting, SittingTask
from server.bank.load import load_bundled
from server.cli.bench.crowd.browser import Browser
from server.cli.bench.crowd.plan import ARRIVALS_PER_SECOND, Task, bundled_tasks
from server.cli.bench.crowd.report import errors_by_name, most_common, spread_ms, times_by_name
from server.cli.bench.crowd.sitter import Sitter
from server.cli.bench.round import published_blueprint
from server.cli.bench.site import end_of_log, serving, site_environment
from server.database.migrate import upgrade
from server.files import exercises_folder
from server.grading.tables import Result, Submission
from server.settings import Settings, read_settings
from server.wiring import House, open_house

EXERCISES = ("softmax-cross-entropy-stable", "training-loop-that-never-learns")
KERNELS_EACH = 1.25
LONGEST_GRADING = 900.0  # seconds after the last hand-in


def measure_rush(people: int, minutes: int, database_url: str | None = None) -> dict[str, object]:
    """`minutes` is what each candidate has. Raises RuntimeError when the server does not start."""
    with tempfile.TemporaryDirectory(prefix="touchstone-rush-") as folder:
        own: dict[str, object] = {"KERNELS": round(people * KERNELS_EACH), "PROXIES": 1}
        environ = site_environment(Path(folder), **own | ({"DATABASE_URL": database_url} if database_url else {}))
        site = read_settings(environ)
        house = open_house(site)
        try:
            tokens = _prepare(house, people, minutes)
            with serving(environ, site):
                sitters = _let_sit(site, tokens)
                graded = _wait_for_results(house)
            return _conditions(people, minutes, site) | _found(house, sitters, graded) | _log(site, sitters)
        finally:
            house.engine.dispose()


def _prepare(house: House, people: int, minutes: int) -> list[str]:
    """A round with its invitations, as rows; the links' tokens."""
    upgrade(house.engine)
    now = clock.now()
    with house.sessions() as session:
        load_bundled(session, exercises_folder(), now)
        owner = Person(name="Dana", email="dana@example.org", created_at=now)
        blueprint = published_blueprint(session, owner, EXERCISES, minutes, 2, now)
        tokens = [new_token() for _ in range(people)]
        session.add_all(_candidate(blueprint, number, token, now) for number, token in enumerate(tokens))
        session.commit()
    return tokens


def _candidate(blueprint: BlueprintRow, number: int, token: str, now: datetime) -> Candidate:
    return Candidate(
        team_id=blueprint.team_id,
        job_id=blueprint.job_id,
        blueprint_id=blueprint.id,
        code=f"Flint {number}",
        name=f"Candidate {number}",
        email=f"candidate-{number}@example.org",
        token_hash=token_hash(token),
        opens_at=now - timedelta(minutes=1),
        closes_at=now + timedelta(days=1),
        invited_by=blueprint.created_by,
        created_at=now,
        sent_at=now,
    )


def _let_sit(site: Settings, tokens: list[str]) -> list[Sitter]:
    """All of them, each in a thread, until everybody has handed in or gone."""
    by_slug = {task.slug: task for task in bundled_tasks()}
    tasks: tuple[Task, ...] = tuple(by_slug[slug] for slug in EXERCISES)
    began = time.monotonic()
    sitters = [
        Sitter(number, Browser(site.host, site.port, f"10.1.{number // 256}.{number % 256}"), token, tasks, began)
        for number, token in enumerate(tokens)
    ]
    threads = [threading.Thread(target=sitter.sit, name=f"sitter-{sitter.number}") for sitter in sitters]
    for thread in threads:
        thread.start()
        time.sleep(1 / ARRIVALS_PER_SECOND)
    for thread in threads:
        thread.join()
    return sitters


def _wait_for_results(house: House) -> bool:
    """True when every sitting is handed in and each of its tasks has a result."""
    until = time.monotonic() + LONGEST_GRADING
    while time.monotonic() < until:
        with house.sessions() as session:
            running = session.exec(select(func.count()).select_from(Sitting).where(col(Sitting.handed_in_at).is_(None))).one()
            waiting = session.exec(select(func.count()).select_from(Submission).where(Submission.state != "graded")).one()
        if not running and not waiting:
            return True
        time.sleep(1.0)
    return False


def _conditions(people: int, minutes: int, site: Settings) -> dict[str, object]:
    return {
        "people": people,
        "minutes": minutes,
        "tasks_each": len(EXERCISES),
        "cores": os.cpu_count(),
        "database": site.database_url.partition(":")[0],
        "workers": site.workers,
    }


def _found(house: House, sitters: list[Sitter], graded: bool) -> dict[str, object]:
    acts = [act for sitter in sitters for act in sitter.acts]
    wrong = [act for act in acts if act.error]
    times = times_by_name(acts)
    with house.sessions() as session:
        rows = _rows(session)
        last_hand_in = session.exec(select(func.max(Sitting.handed_in_at))).one()
        last_result = session.exec(select(func.max(Result.created_at))).one()
        by_time = session.exec(select(func.count()).select_from(Sitting).where(Sitting.handed_in_by == BY_TIME)).one()
        handed_in = session.exec(select(func.count()).select_from(Sitting).where(col(Sitting.handed_in_at).is_not(None))).one()
        results = session.exec(select(func.count(func.distinct(Result.submission_id)))).one()
    lost = sum(text not in rows.get((sitter.number, slug), ()) for sitter in sitters for slug, text in sitter.written.items())
    return {
        "handed_in": handed_in,
        "handed_in_by_time": by_time,
        "notebooks_graded": results,
        "all_graded": graded and results == len(sitters) * len(EXERCISES),
        "texts_saved": sum(len(sitter.written) for sitter in sitters),
        "texts_lost": lost,
        "acts": {name: spread_ms(times.get(name, [])) | {"errors": errors} for name, errors in errors_by_name(acts).items()},
        "errors": len(wrong),
        "errors_seen": most_common(f"{act.name}: {act.error}" for act in wrong),
        "last_result_after_last_hand_in_s": _seconds_between(last_hand_in, last_result),
    }


def _seconds_between(first: datetime | None, last: datetime | None) -> float | None:
    return round((last - first).total_seconds(), 1) if first is not None and last is not None else None


def _rows(session: Session) -> dict[tuple[int, str], list[str]]:
    """Number of the candidate and exercise -> the texts of the cells that were handed in."""
    wanted = (
        select(Candidate.code, SittingTask.exercise_slug, Submission.notebook)
        .join(Sitting, col(Sitting.candidate_id) == col(Candidate.id))
        .join(SittingTask, col(SittingTask.sitting_id) == col(Sitting.id))
        .join(Submission, col(Submission.id) == col(SittingTask.submission_id))
    )
    return {(int(code.split()[1]), slug): _sources(notebook) for code, slug, notebook in session.exec(wanted)}


def _sources(notebook: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"]]


def _log(site: Settings, sitters: list[Sitter]) -> dict[str, object]:
    return {"server_log": end_of_log(site.data)} if any(act.error for sitter in sitters for act in sitter.acts) else {}
