"""From the parts of a foreign notebook to the bytes of an exercise with its account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from server.exercise_format.foreign.account import Account, Row, in_order
from server.exercise_format.foreign.assemble import assemble
from server.exercise_format.foreign.code import Modules
from server.exercise_format.foreign.draft import as_notebook
from server.exercise_format.foreign.front import front_matter, title_of
from server.exercise_format.foreign.parts import Answered, Parts, Text
from server.exercise_format.limits import FILE_BYTES


@dataclass(frozen=True, slots=True)
class Imported:
    slug: str
    kind: str
    notebook: bytes
    account: Account
    public: Mapping[str, bytes]


def make_exercise(parts: Parts, slug: str, beside: Mapping[str, bytes], environment: str, today: date) -> Imported:
    """`beside`: the files next to the notebook, by their path from there. `environment`: the author's own; empty: the usual."""
    public, rows = _chosen(parts, beside)
    local = frozenset(name.removesuffix(".py") for name in public if name.endswith(".py"))
    made = assemble(parts, Modules(local, bool(environment)))
    rows += [_missing_libraries(made.absent)] if made.absent else []
    has_checks = made.has_checks or any(isinstance(part, Answered) for part in parts.parts)
    title = parts.title or title_of([part.body for part in parts.parts if isinstance(part, Text)], slug.replace("-", " "))
    front, to_fill = front_matter(slug, title, parts.system, made.needs, has_checks, public, environment, today)
    notebook = as_notebook(front, list(made.cells))
    account = Account(in_order([*to_fill, *rows, *parts.rows, *made.rows]))
    return Imported(slug, "coding" if has_checks else "theory", notebook, account, public)


def _missing_libraries(modules: Sequence[str]) -> Row:
    listed = " and ".join(f"`{module}`" for module in modules)
    how = "Make an environment that has it (`touchstone sandbox install NAME --requirements FILE`) and import with it."
    return Row(0, "environment", "to fill in", f"The code imports {listed}, which the usual environment lacks. {how}")


def _chosen(parts: Parts, beside: Mapping[str, bytes]) -> tuple[dict[str, bytes], list[Row]]:
    """The files that the person may have, by name alone: an exercise's files lie in one folder."""
    chosen, rows = dict[str, bytes](), list[Row]()
    wanted = [str(path) for path in parts.public] if parts.public is not None else sorted(beside)
    for path in wanted:
        name = path.rpartition("/")[2]
        content = beside.get(path)
        if content is None:
            rows.append(Row(0, path, "left out", "The source names this file, and it is not beside the notebook."))
            continue
        if name in chosen:
            rows.append(Row(0, path, "left out", f"Another file is called {name}, and an exercise has no subfolders."))
            continue
        if len(content) > FILE_BYTES:
            rows.append(Row(0, path, "changed", f"Copied; it is larger than the {FILE_BYTES:,} bytes that a public bank takes."))
        if "/" in path:
            rows.append(Row(0, path, "changed", f"Copied as {name}: an exercise has no subfolders. Change the path in the code."))
        chosen[name] = content
    return chosen, rows
