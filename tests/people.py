"""A small cast, and a house for the web door, shared by the tests.

Mira practises, Tomas wrote exercises, Olga operates the site, and nobody is a visitor without a session.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session
from werkzeug.test import TestResponse

from server.accounts.guests import become_guest
from server.accounts.keeping import Keeper
from server.audit.seals import sealed_sessions
from server.mail.message import Message
from server.settings import Settings, read_settings
from server.web.house import EXTENSION
from server.wiring import House, open_house

MOMENT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PASSWORD = "three random words"
MIRA = "mira@example.org"


class KeptMail:
    """A mailer that keeps what it is given."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message) -> None:
        self.sent.append(message)


class PlainEnvironments:
    """An environment that is there, in which nothing runs."""

    def digest(self, _name: str = "base") -> str:
        return "an-environment"


@dataclass
class PlainHouse:
    """What create_app needs of the house, without kernels and workers."""

    settings: Settings
    sessions: sessionmaker[Session]
    mailer: KeptMail = field(default_factory=KeptMail)
    keepers: Sequence[Keeper] = ()
    forkservers: PlainEnvironments = field(default_factory=PlainEnvironments)
    woken: int = 0

    def sandbox_condition(self) -> tuple[str, str, str]:
        return "passed", "confined", "Kernels are confined."

    def queue_wake(self) -> None:
        self.woken += 1


def settings_for(folder: Path, **changes: Any) -> Settings:
    """Settings of a site on this machine that keeps its data in `folder`."""
    environ = {"TOUCHSTONE_DATA": str(folder), "TOUCHSTONE_BASE_URL": "http://localhost", "TOUCHSTONE_SECRET": "s" * 40}
    return replace(read_settings(environ), **changes)


def whole_house(engine: Engine, folder: Path, **changes: Any) -> House:
    """A house with everything, on the database of a test. Its fork-server starts with the first code that is run."""
    return open_house(settings_for(folder, database_url=engine.url.render_as_string(hide_password=False), **changes))


def plain_house(engine: Engine, folder: Path, **changes: Any) -> PlainHouse:
    settings = settings_for(folder, **changes)
    return PlainHouse(settings, sealed_sessions(engine, settings.secret))


class Browser:
    """A test client that sends forms as a browser does: with the token of the page that it saw last."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.csrf = ""

    def get(self, address: str, **more: Any) -> TestResponse:
        response = self.client.get(address, buffered=address.startswith("/static/"), **more)
        return self._look_at(response)

    def post(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        if not self.csrf:
            self.get("/")
        response = self.client.post(address, data={"csrf_token": self.csrf, **(data or {})}, **more)
        return self._look_at(response)

    def post_json(self, address: str, data: dict[str, Any] | None = None, **more: Any) -> TestResponse:
        if not self.csrf:
            self.get("/")
        return self.client.post(address, json=data or {}, headers={"X-CSRFToken": self.csrf}, **more)

    def sign_up(self, name: str = "Mira", email: str = MIRA, password: str = PASSWORD) -> TestResponse:
        response = self.post("/sign-up", {"name": name, "email": email, "password": password})
        assert response.status_code == 303, response.text
        return response

    def sign_in(self, email: str = MIRA, password: str = PASSWORD, **more: Any) -> TestResponse:
        return self.post("/sign-in", {"email": email, "password": password, "stay": "on"}, **more)

    def become_guest(self) -> str:
        """Starting an exercise makes a guest; here the same is done without one. Returns the person's id."""
        with self.client.application.extensions[EXTENSION].house.sessions() as session:
            guest, token = become_guest(session, MOMENT)
            session.commit()
        with self.client.session_transaction() as cookie:
            cookie["token"] = token
        return guest.id

    def is_signed_in(self) -> bool:
        return "Sign out" in self.get("/").text

    def _look_at(self, response: TestResponse) -> TestResponse:
        found = re.search(r'<meta name="csrf" content="([^"]+)">', response.text) if response.mimetype == "text/html" else None
        if found:
            self.csrf = found.group(1)
        elif 300 <= response.status_code < 400:
            self.csrf = ""
        return response
