"""The files of a foreign assignment: an exercise has no subfolders, so a first cell puts them where the code looks for them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from server.exercise_format.foreign.account import Row
from server.exercise_format.foreign.parts import Given, Parts
from server.exercise_format.limits import FILE_BYTES

PLACING = """import os, shutil

for name, path in {places}.items():
    os.makedirs(os.path.dirname(path), exist_ok=True)
    shutil.copy(name, path)"""


@dataclass(frozen=True, slots=True)
class Files:
    public: Mapping[str, bytes]
    places: Mapping[str, str]  # of those from subfolders: name -> path
    rows: tuple[Row, ...]

    @property
    def modules(self) -> frozenset[str]:
        return frozenset(name.removesuffix(".py") for name in self.public if name.endswith(".py"))

    def placing(self) -> tuple[Given, ...]:
        return (Given(0, "files-in-place", PLACING.format(places=dict(self.places))),) if self.places else ()


def choose_files(parts: Parts, beside: Mapping[str, bytes]) -> Files:
    """Those that the source names, or all, under a name that no other one has."""
    public, places, rows = dict[str, bytes](), dict[str, str](), list[Row]()
    for path in _wanted(parts, beside):
        content = beside.get(path)
        if content is None:
            rows.append(Row(0, path, "left out", "The source names this file, and it is not beside the notebook."))
            continue
        name = path.rpartition("/")[2]
        name = path.replace("/", "-") if name in public else name
        public[name] = content
        if "/" in path:
            places[name] = path
            rows.append(
                Row(0, path, "changed", f"Kept as {name}, for an exercise has no subfolders; a first cell puts it there.")
            )
        if len(content) > FILE_BYTES:
            rows.append(Row(0, path, "changed", f"It is larger than the {FILE_BYTES:,} bytes that a public bank takes."))
    return Files(public, places, tuple(rows))


def _wanted(parts: Parts, beside: Mapping[str, bytes]) -> Sequence[str]:
    """Files at the top first: they keep their names."""
    paths = sorted(beside) if parts.public is None else [str(path) for path in parts.public]
    return sorted(dict.fromkeys(paths), key=lambda path: "/" in path)
