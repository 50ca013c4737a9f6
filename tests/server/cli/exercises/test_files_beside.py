from pathlib import Path

import pytest

from server.cli.exercises import files_beside
from server.cli.exercises.files_beside import FilesBeside
from server.exercise_format.foreign.notebook import NotImportable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.txt").write_text("secret")
    folder = tmp_path / "ps1"
    for name in ("ps1.ipynb", "data.csv", "inner/more.csv", ".git/config", "__pycache__/x.pyc", "autotests.yml"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    (folder / "link.csv").symlink_to(tmp_path / "secret.txt")
    (folder / "up").symlink_to(tmp_path)
    return folder


def test_what_lies_beside_a_notebook_and_below(folder: Path) -> None:
    beside = FilesBeside(folder / "ps1.ipynb")
    assert dict(beside) == {"data.csv": b"data.csv", "inner/more.csv": b"inner/more.csv"}
    assert len(beside) == 2


@pytest.mark.parametrize(
    "name", ["../secret.txt", "link.csv", "up/secret.txt", ".git/config", "ps1.ipynb", "/etc/hostname", "gone"]
)
def test_nothing_outside_hidden_or_linked_is_there(folder: Path, name: str) -> None:
    assert FilesBeside(folder / "ps1.ipynb").get(name) is None


def test_a_folder_that_cannot_be_an_assignments_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_beside, "MOST_FILES", 1)
    with pytest.raises(NotImportable, match="a folder of their own"):
        list(FilesBeside(folder / "ps1.ipynb"))
    assert FilesBeside(folder / "ps1.ipynb")["data.csv"] == b"data.csv"


def test_a_file_that_is_too_large_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_beside, "MOST_BYTES", 3)
    with pytest.raises(NotImportable, match="larger than"):
        FilesBeside(folder / "ps1.ipynb")["data.csv"]
