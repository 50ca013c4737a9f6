"""Every route says who may use it, or the server does not start."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from server.web import access
from server.web.app import create_app
from tests.people import plain_house


@pytest.fixture
def app(sqlite_engine: Engine, tmp_path: Path) -> Flask:
    return create_app(plain_house(sqlite_engine, tmp_path))


def test_a_route_without_a_line_stops_the_start(app: Flask) -> None:
    app.add_url_rule("/bare", "bare", lambda: "bare")
    with pytest.raises(access.UndeclaredRoute, match="GET /bare is a route without a line"):
        access.refuse_undeclared(app)


def test_a_line_without_a_route_stops_the_start(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(access.ACCESS, ("POST", "/gone"), access.Who.ANYONE)
    with pytest.raises(access.UndeclaredRoute, match="POST /gone is a line without a route"):
        access.refuse_undeclared(app)
