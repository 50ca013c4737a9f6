"""One fork-server for the tests of grading: it starts once and runs confined processes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer


@pytest.fixture(scope="session")
def forkserver(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ForkServer]:
    server = ForkServer(candidate_python(Path(tmp_path_factory.mktemp("data"))))
    yield server
    server.close()
