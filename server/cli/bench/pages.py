"""Times of pages over HTTP: a real server, a full bank, a person with a history."""

from __future__ import annotations

import http.client
import random
import tempfile
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import insert, select
from sqlmodel import Session

from server import clock
from server.accounts.guests import become_guest
from server.accounts.tables import Person
from server.bank.load import load_bundled
from server.bank.tables import Exercise, ExerciseRole, ExerciseTopic
from server.bank.versions import exercise_version
from server.cli.bench.figures import milliseconds
from server.cli.bench.site import serving, site_environment
from server.database.migrate import upgrade
from server.files import exercises_folder
from server.practice.start import start_exercise
from server.practice.tables import Progress
from server.settings import Settings, read_settings
from server.web.app import create_app
from server.wiring import House, open_house

CODE_EXERCISE = "softmax-cross-entropy-stable"
WARM_UP = 5  # requests


def measure_pages(count: int, attempts: int, requests: int) -> dict[str, object]:
    """p50 and p95 of each page, in milliseconds, one request after the other."""
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as folder:
        environ = site_environment(Path(folder))
        settings = read_settings(environ)
        house = open_house(settings)
        cookie = _fill(house, count, attempts)
        with serving(environ, settings):
            pages = {
                "home": "/",
                "bank": "/exercises",
                "bank_search": "/exercises?q=loss&kind=coding",
                "exercise": f"/exercises/{CODE_EXERCISE}",
            }
            times = {name: milliseconds(page_times(settings, [path], cookie, requests)[WARM_UP:]) for name, path in pages.items()}
    return {"exercises": count, "attempts": attempts, "requests": requests, "goal_p95_ms": 50, **times}


def _fill(house: House, count: int, attempts: int) -> str:
    """The bundled bank, copied under other names until it is full; people with progress; one person's cookie."""
    now = clock.now()
    upgrade(house.engine)
    with house.sessions() as session:
        load_bundled(session, exercises_folder(), now)
        session.flush()
        slugs = _multiply(session, count)
        people = [Person(created_at=now) for _ in range(max(1, attempts // 100))]
        session.add_all(people)
        person, token = become_guest(session, now)
        _attempts(session, [person.id, *(other.id for other in people)], slugs, attempts)
        version = exercise_version(session, CODE_EXERCISE)
        digest = session.get(Exercise, CODE_EXERCISE)
        assert digest is not None
        start_exercise(session, person.id, version, digest.digest, 1, {}, now)
        session.commit()
    cookie = cookie_of(house, token)
    house.engine.dispose()
    return cookie


def _multiply(session: Session, count: int) -> list[str]:
    originals = list(session.exec(select(Exercise)).scalars())  # type: ignore[call-overload]
    slugs = [exercise.slug for exercise in originals]
    topics = list(session.execute(select(ExerciseTopic.slug, ExerciseTopic.topic)))  # type: ignore[call-overload]
    roles = list(session.execute(select(ExerciseRole.slug, ExerciseRole.role)))  # type: ignore[call-overload]
    for number in range(len(originals), count):
        original = originals[number % len(originals)]
        slug = f"{original.slug}-{number}"
        session.execute(insert(Exercise).values(**original.model_dump() | {"slug": slug, "title": f"{original.title} {number}"}))
        session.execute(
            insert(ExerciseTopic), [{"slug": slug, "topic": topic} for owner, topic in topics if owner == original.slug]
        )
        session.execute(insert(ExerciseRole), [{"slug": slug, "role": role} for owner, role in roles if owner == original.slug])
        slugs.append(slug)
    return slugs


def _attempts(session: Session, people: list[str], slugs: list[str], attempts: int) -> None:
    chance, now = random.Random(0), clock.now()
    rows: dict[tuple[str, str], dict[str, object]] = {}
    while len(rows) < min(attempts, len(people) * len(slugs)):
        pair = (chance.choice(people), chance.choice(slugs))
        solved = chance.random() < 0.5
        rows[pair] = {
            "person_id": pair[0],
            "exercise_slug": pair[1],
            "state": "solved" if solved else "tried",
            "tried_at": now - timedelta(days=chance.randrange(100)),
            "solved_at": now if solved else None,
        }
    rows.pop((people[0], CODE_EXERCISE), None)
    session.execute(insert(Progress), list(rows.values()))


def cookie_of(house: House, token: str) -> str:
    app = create_app(house)
    signer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert signer is not None
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'token': token, '_permanent': True})}"


def page_times(settings: Settings, paths: Sequence[str], cookie: str, requests: int) -> list[float]:
    """Seconds of each request, one after the other, from page to page in turn; the first `WARM_UP` on top fill caches."""
    connection = http.client.HTTPConnection(settings.host, settings.port, timeout=30)
    times = []
    for number in range(requests + WARM_UP):
        path = paths[number % len(paths)]
        began = time.perf_counter()
        connection.request("GET", path, headers={"Cookie": cookie})
        response = connection.getresponse()
        body = response.read()
        times.append(time.perf_counter() - began)
        if response.status != 200 or b"</html>" not in body:
            raise RuntimeError(f"{path} answered {response.status}")
    connection.close()
    return times
