"""A site without kernels, its browsers, and a clock that tests set."""

from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine

from server.web.app import create_app
from tests.people import MOMENT, Browser, PlainHouse, plain_house


class Clock:
    def __init__(self) -> None:
        self.moment = MOMENT

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> PlainHouse:
    return plain_house(sqlite_engine, tmp_path)


@pytest.fixture
def app(house: PlainHouse, clock: Clock) -> Flask:
    return create_app(house, clock)


@pytest.fixture
def browser(app: Flask) -> Browser:
    return Browser(app)
