import sys
from pathlib import Path

import pytest

from sandbox import environments
from sandbox.environments import Environments, candidate_python, digest, environment_folder, install, is_current, lock_digest
from sandbox.errors import SandboxError

NEEDED = {"numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "ipykernel", "pyarrow", "msgspec", "duckdb"}


def said(lines: list[str]) -> str:
    return "\n".join(lines)


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation without a checkout, and nothing chosen by a variable."""
    monkeypatch.delenv(environments.VARIABLE, raising=False)
    monkeypatch.setattr(environments, "CHECKOUT", tmp_path / "no-checkout")
    return tmp_path


@pytest.fixture
def empty_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("# nothing\n")
    monkeypatch.setattr(environments, "REQUIREMENTS", requirements)
    monkeypatch.setenv("UV_OFFLINE", "1")
    return requirements


def test_the_variable_comes_first(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environments.VARIABLE, sys.executable)
    assert candidate_python(elsewhere) == Path(sys.executable)


def test_a_variable_that_points_nowhere_is_an_error(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environments.VARIABLE, "/nowhere/python")
    with pytest.raises(SandboxError, match=environments.VARIABLE):
        candidate_python(elsewhere)


def test_without_an_environment_the_command_that_makes_it_is_named(elsewhere: Path) -> None:
    for folder in (None, elsewhere):
        with pytest.raises(SandboxError, match="touchstone sandbox install"):
            candidate_python(folder)


def test_an_environment_is_made_in_the_data_folder_and_found(elsewhere: Path, empty_list: Path) -> None:
    lines: list[str] = []
    environment = environment_folder(elsewhere)
    install(environment, lines.append)
    assert candidate_python(elsewhere) == environment / "bin" / "python"
    assert is_current(environment)
    assert "is ready" in said(lines)


def test_an_environment_from_the_same_list_is_left_alone(tmp_path: Path, empty_list: Path) -> None:
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / environments.MARK).write_text(lock_digest())
    lines: list[str] = []
    install(tmp_path / "base", lines.append)
    assert lines == [f"{tmp_path / 'base'} is up to date"]


def test_a_failed_installation_leaves_the_old_environment(tmp_path: Path, empty_list: Path) -> None:
    install(tmp_path / "base", lambda _: None)
    empty_list.write_text("no-such-package-of-ours==1 --hash=sha256:" + "0" * 64)
    with pytest.raises(SandboxError, match="failed"):
        install(tmp_path / "base", lambda _: None)
    assert (tmp_path / "base" / "bin" / "python").exists()
    assert not is_current(tmp_path / "base")


def test_a_file_with_another_hash_is_not_installed(tmp_path: Path, empty_list: Path) -> None:
    package = tmp_path / "tiny-1.0-py3-none-any.whl"
    package.write_bytes(b"not what was locked")
    empty_list.write_text(f"tiny @ {package.as_uri()} --hash=sha256:" + "0" * 64)
    with pytest.raises(SandboxError, match=r"[Hh]ash"):
        install(tmp_path / "base", lambda _: None)


def test_every_requirement_is_locked_by_a_hash() -> None:
    lines = [line for line in environments.REQUIREMENTS.read_text().splitlines() if line and line[0] not in "# "]
    names = {line.split("==")[0] for line in lines}
    assert names >= NEEDED
    assert all(line.endswith("\\") for line in lines)  # the hashes follow


def test_the_digest_tells_environments_apart(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    (packages / "numpy-2.0.dist-info").mkdir(parents=True)
    python = tmp_path / "bin" / "python"
    before = digest(python)
    (packages / "numpy-2.0.dist-info").rename(packages / "numpy-2.1.dist-info")
    assert digest(python) != before
    (tmp_path / "pyvenv.cfg").write_text("version_info = 3.12.1\n")
    assert digest(python) != before


def test_the_digest_of_the_environment_here_is_stable() -> None:
    assert digest(candidate_python()) == digest(candidate_python())


def make(folder: Path) -> Path:
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    return folder / "bin" / "python"


def test_environments_stand_side_by_side(elsewhere: Path) -> None:
    base, torch = (make(environment_folder(elsewhere, name)) for name in ("base", "torch"))
    found = Environments(elsewhere)
    assert (found.python(), found.python("torch")) == (base, torch)


def test_beside_a_checkout_they_have_its_name_before_theirs(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments, "CHECKOUT", elsewhere / ".venv-candidate")
    base, torch = make(elsewhere / ".venv-candidate"), make(elsewhere / ".venv-candidate-torch")
    make(elsewhere / ".venv")
    assert (Environments().python(), Environments().python("torch")) == (base, torch)


def test_a_chosen_interpreter_stands_for_base_alone(elsewhere: Path) -> None:
    torch = make(environment_folder(elsewhere, "torch"))
    chosen = Environments(elsewhere, Path(sys.executable))
    assert (chosen.python(), chosen.python("torch")) == (Path(sys.executable), torch)


def test_an_environment_that_is_missing_names_the_command_that_makes_it(elsewhere: Path) -> None:
    with pytest.raises(SandboxError, match="touchstone sandbox install torch"):
        Environments(elsewhere).python("torch")
