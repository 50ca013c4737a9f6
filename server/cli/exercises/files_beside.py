"""The files that lie next to a notebook and below, read when they are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath

from server.exercise_format.foreign.notebook import NotImportable

PASSED_OVER = (".ipynb_checkpoints", "__pycache__", "autotests.yml", "tests.yml")
MOST_FILES, MOST_BYTES = 200, 64_000_000


class FilesBeside(Mapping[str, bytes]):
    """By their path from the notebook's folder. Links, hidden files and notebooks are not there, nor is anything outside."""

    def __init__(self, notebook: Path) -> None:
        self.folder = notebook.parent

    def __getitem__(self, name: str) -> bytes:
        """Raises NotImportable for a file that is too large."""
        path, inner = self.folder / name, PurePosixPath(name)
        if inner.is_absolute() or ".." in inner.parts or not self._counts(path):
            raise KeyError(name)
        if path.stat().st_size > MOST_BYTES:
            raise NotImportable(f"{name} is larger than {MOST_BYTES // 10**6} MB. Move it away or make it smaller.")
        return path.read_bytes()

    def __iter__(self) -> Iterator[str]:
        """Raises NotImportable where there are so many that the folder cannot be an assignment's."""
        count = 0
        for path in sorted(self.folder.rglob("*")):
            if self._counts(path):
                count += 1
                if count > MOST_FILES:
                    raise NotImportable(
                        f"More than {MOST_FILES} files lie beside it, and all of them would go to the candidates. Put the "
                        "notebook and the files that belong to it into a folder of their own."
                    )
                yield path.relative_to(self.folder).as_posix()

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _counts(self, path: Path) -> bool:
        parts = path.relative_to(self.folder).parts
        steps = [self.folder.joinpath(*parts[:count]) for count in range(1, len(parts) + 1)]
        passed_over = any(part.startswith(".") or part in PASSED_OVER for part in parts) or path.suffix == ".ipynb"
        return not passed_over and path.is_file() and not any(step.is_symlink() for step in steps)
