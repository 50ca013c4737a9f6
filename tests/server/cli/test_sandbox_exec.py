"""`touchstone sandbox exec`, as a person types it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from server.cli.sandbox import sandbox


def executed(tmp_path: Path, source: str, *options: str) -> Result:
    file = tmp_path / "file.py"
    file.write_text(source)
    return CliRunner().invoke(sandbox, ["exec", str(file), *options], env={"TOUCHSTONE_DATA": str(tmp_path / "data")})


ROLES = pytest.mark.parametrize("role", ["kernel", "suspect"])


@ROLES
def test_what_it_prints_is_shown_and_it_ends_with_0(tmp_path: Path, role: str) -> None:
    ran = executed(tmp_path, "import os\nprint('hello from', os.getcwd())", "--as", role)
    assert (ran.exit_code, ran.stdout) == (0, "hello from /home/k\n")


@ROLES
def test_an_error_ends_it_with_1(tmp_path: Path, role: str) -> None:
    ran = executed(tmp_path, "1 / 0", "--as", role)
    assert ran.exit_code == 1
    assert "ZeroDivisionError" in ran.stderr
    assert "\x1b[" not in ran.stderr


@pytest.mark.parametrize(
    ("role", "source", "sentence"),
    [
        ("kernel", "while True: pass", "ran for 1 second"),
        ("suspect", "while True: pass", "ran for 1 second"),
        ("kernel", "import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("suspect", "import ctypes; ctypes.string_at(0)", "SIGSEGV"),
    ],
)
def test_a_limit_or_a_signal_ends_it_with_3_and_is_named(tmp_path: Path, role: str, source: str, sentence: str) -> None:
    ran = executed(tmp_path, source, "--as", role, "--limits", "cell_seconds=1")
    assert ran.exit_code == 3
    assert sentence in ran.stderr.splitlines()[-1]


def test_json_holds_everything_in_one_line(tmp_path: Path) -> None:
    ran = executed(tmp_path, "print('x')\nopen('made.csv', 'w').write('12')", "--json")
    told = json.loads(ran.stdout)
    assert (told["status"], told["text"], told["files"], told["sentence"]) == ("ok", "x\n", [["made.csv", 2]], "")


def test_wrong_limits_are_told(tmp_path: Path) -> None:
    ran = executed(tmp_path, "1", "--limits", "memory=3")
    assert ran.exit_code == 2
    assert "memory_mb" in ran.stderr


def test_an_environment_that_is_not_there_is_told(tmp_path: Path) -> None:
    ran = executed(tmp_path, "1", "--environment", "torch")
    assert "touchstone sandbox install torch" in str(ran.exception)
