"""From the parts of a foreign notebook to the bytes of an exercise with its account."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from server.exercise_format.foreign.account import Account, Row, in_order
from server.exercise_format.foreign.assemble import assemble
from server.exercise_format.foreign.code import Modules
from server.exercise_format.foreign.draft import as_notebook
from server.exercise_format.foreign.files import choose_files
from server.exercise_format.foreign.front import front_matter, title_of
from server.exercise_format.foreign.parts import Answered, Parts, Text


@dataclass(frozen=True, slots=True)
class Imported:
    slug: str
    kind: str
    notebook: bytes
    account: Account
    public: Mapping[str, bytes]


def make_exercise(parts: Parts, slug: str, beside: Mapping[str, bytes], environment: str, today: date) -> Imported:
    """`beside`: the files next to the notebook, by their path from there. `environment`: the author's own; empty: the usual."""
    files = choose_files(parts, beside)
    modules = Modules(files.modules, any_library=bool(environment))
    made = assemble(replace(parts, parts=(*files.placing(), *parts.parts)), modules)
    missing = [_missing_libraries(made.absent)] if made.absent else []
    has_checks = made.has_checks or any(isinstance(part, Answered) for part in parts.parts)
    title = parts.title or title_of([part.body for part in parts.parts if isinstance(part, Text)], slug.replace("-", " "))
    front, to_fill = front_matter(slug, title, parts.system, made.needs, has_checks, files.public, environment, today)
    notebook = as_notebook(front, list(made.cells))
    account = Account(in_order([*to_fill, *missing, *files.rows, *parts.rows, *made.rows]))
    return Imported(slug, "coding" if has_checks else "theory", notebook, account, files.public)


def _missing_libraries(modules: Sequence[str]) -> Row:
    listed = " and ".join(f"`{module}`" for module in modules)
    how = "Make an environment that has it (`touchstone sandbox install NAME --requirements FILE`) and import with it."
    return Row(0, "environment", "to fill in", f"The code imports {listed}, which the usual environment lacks. {how}")
