"""`touchstone exercises`: exit codes, tables, JSON and starters, on folders of small exercises."""

import json
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from server.cli.exercises.exercises import exercises, find_notebooks
from server.errors import Conflict, NotFound
from server.exercise_format.finding import errors
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.exercise_format.linter import lint
from server.exercise_format.starter import starter_notebook
from server.exercise_format.words import KINDS
from server.files import exercises_folder

TODAY = date(2026, 11, 24)


@pytest.fixture
def bank(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two exercises without code: nothing has to be started to check them."""
    monkeypatch.setenv("TOUCHSTONE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "200")
    for kind, slug in (("theory", "first-one"), ("culture", "second-one")):
        path = tmp_path / "bank" / kind / f"{slug}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(starter_notebook(kind, slug, TODAY))
    return tmp_path / "bank"


def spoil(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(exercises, [str(argument) for argument in arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.stdout


def test_a_folder_of_good_exercises_passes_with_a_table_for_each(bank: Path) -> None:
    code, text = run("check", bank)
    assert code == 0
    assert "first-one: all promises kept" in text
    assert "second-one: all promises kept" in text
    assert "more data thought to cure bias" in text
    assert "2 of 2 exercises keep their promises. Tried: " in text
    assert "3 questions" in text and "2 stubs" in text and "2 mistakes" in text
    assert "Linter: 0 errors, 0 warnings." in text


def test_one_broken_promise_fails_the_command_and_is_named(bank: Path) -> None:
    spoil(bank / "theory" / "first-one.ipynb", "#| fails: what", "#| fails: why")
    code, text = run("check", bank)
    assert code == 1
    assert "first-one: 1 not kept" in text
    assert "does not fail: why" in text
    assert "1 of 2 exercises keep their promises." in text


def test_findings_stand_below_the_table(bank: Path) -> None:
    spoil(bank / "culture" / "second-one.ipynb", "<!-- points: 3 -->", "<!-- points: 0 -->")
    code, text = run("check", bank / "culture")
    assert code == 1
    assert "error: points: `reactions` is worth nothing; points are more than 0. (cell question-1)" in text


def test_json_holds_every_line_and_finding(bank: Path) -> None:
    spoil(bank / "theory" / "first-one.ipynb", "<!-- level: 2 -->", "<!-- level: none -->")
    code, text = run("check", "--json", "--jobs", "1", bank)
    document = json.loads(text)
    assert (code, document["ok"]) == (1, False)
    good, bad = (next(e for e in document["exercises"] if e["slug"] == slug) for slug in ("second-one", "first-one"))
    assert {line["verdict"] for line in good["lines"]} == {"kept"}
    assert [line["kind"] for line in bad["lines"]] == ["lint"]
    assert [(f["code"], f["severity"], f["cell"]) for f in bad["findings"]] == [("option-value", "error", "hint-2")]


def test_reports_come_in_the_order_of_the_files(bank: Path) -> None:
    document = json.loads(run("check", "--json", "--jobs", "2", bank)[1])
    assert [entry["slug"] for entry in document["exercises"]] == ["second-one", "first-one"]


def test_a_file_that_is_no_notebook_is_reported_and_does_not_stop_the_rest(bank: Path) -> None:
    (bank / "theory" / "broken.ipynb").write_text("{")
    code, text = run("check", bank)
    assert code == 1
    assert "not-a-notebook" in text
    assert "2 of 3 exercises keep their promises." in text


def test_a_path_without_exercises_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no exercise notebook at"):
        find_notebooks([tmp_path])


def test_without_a_path_the_bundled_bank_is_meant() -> None:
    assert find_notebooks([]) == exercise_paths(exercises_folder())


def test_a_notebook_given_twice_is_checked_once(bank: Path) -> None:
    path = bank / "theory" / "first-one.ipynb"
    assert find_notebooks([path, path.parent, bank / "theory"]) == [path]


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_a_new_exercise_of_every_kind_is_clean(kind: str, tmp_path: Path) -> None:
    code, text = run("new", kind, "brand-new", "--into", tmp_path)
    path = tmp_path / kind / "brand-new.ipynb"
    assert code == 0
    assert str(path) in text
    reading = read_exercise_file(path)
    assert errors(lint(reading, kind)) == ()
    assert reading.exercise is not None and reading.exercise.front.kind == kind


def test_a_new_exercise_never_overwrites_one(tmp_path: Path) -> None:
    run("new", "theory", "brand-new", "--into", tmp_path)
    result = CliRunner().invoke(exercises, ["new", "theory", "brand-new", "--into", str(tmp_path)])
    assert isinstance(result.exception, Conflict)


@pytest.mark.parametrize("slug", ["Bad Slug", "../escape", "abc"])
def test_a_slug_that_is_no_slug_is_refused(slug: str, tmp_path: Path) -> None:
    result = CliRunner().invoke(exercises, ["new", "theory", slug, "--into", str(tmp_path)])
    assert result.exit_code != 0
    assert list(tmp_path.rglob("*.ipynb")) == []
