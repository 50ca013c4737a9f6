"""Puts the parts of a foreign notebook together: cells of an exercise, and a row of the account for each.

1. Sort the given code: beside the checks too, or in the notebook alone.
2. Make a check of each test, or say why there is none.
3. Give the checks the names that they use, as they were where the test stood.
4. Lay the cells out, with one more setup cell that only the judge runs.
"""

from dataclasses import dataclass, field, replace

from server.exercise_format.author_code.syntax import defined_names
from server.exercise_format.foreign.account import Row
from server.exercise_format.foreign.code import Modules, imports, libraries, tree_of
from server.exercise_format.foreign.draft import DraftCell, Ids
from server.exercise_format.foreign.given import why_notebook_only, without_idle_lines
from server.exercise_format.foreign.helpers import helper_source
from server.exercise_format.foreign.lay_out import Layout, lay_out
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Part, Parts
from server.exercise_format.foreign.points import show
from server.exercise_format.foreign.ready import Ready, World, make_ready
from server.exercise_format.foreign.shared import Earlier


@dataclass(frozen=True, slots=True)
class Assembled:
    cells: tuple[DraftCell, ...]
    rows: tuple[Row, ...]
    needs: tuple[str, ...]
    absent: tuple[str, ...]  # modules that the code imports and the environment lacks
    has_checks: bool


@dataclass(slots=True)
class _Making:
    """`makers`: (place, names) of all code above, by which a name's last maker is found."""

    modules: Modules
    answered: dict[str, str] = field(default_factory=dict)
    answer_of: dict[str, str] = field(default_factory=dict)
    known: set[str] = field(default_factory=set)
    imports: dict[str, str] = field(default_factory=dict)
    makers: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    alone: dict[int, str] = field(default_factory=dict)  # places of given code that runs in the notebook alone -> why
    ready: dict[int, Ready] = field(default_factory=dict)
    earlier: Earlier = field(default_factory=Earlier)
    rows: list[Row] = field(default_factory=list)


def assemble(parts: Parts, modules: Modules) -> Assembled:
    making = _Making(modules)
    tidy = tuple(_tidied(part) for part in parts.parts)
    for place, part in enumerate(tidy):
        if isinstance(part, Given):
            _sort_given(making, place, part)
        elif isinstance(part, Answered):
            _take_answer(making, place, part)
        elif isinstance(part, CodeTest):
            _take_test(making, place, part)
    setup = _judge_setup(making, parts.reference)
    layout = Layout(tidy, making.ready, making.alone, tuple(making.makers), setup)
    cells, rows = lay_out(layout, Ids())
    code = [part.source if isinstance(part, Given) else part.solution for part in tidy if isinstance(part, Given | Answered)]
    absent = sorted({module for source in code for module in modules.absent(source)} - modules.beside)
    return Assembled(cells, (*making.rows, *rows), tuple(libraries(code)), tuple(absent), bool(making.ready))


def _tidied(part: Part) -> Part:
    if not isinstance(part, Given):
        return part
    source, idle = without_idle_lines(part.source)
    return replace(part, source=source, taken_out=idle)


def _sort_given(making: _Making, place: int, part: Given) -> None:
    made, brought = made_names(part.source), imports(part.source)
    reason = why_notebook_only(part.source, making.answered, making.known, making.modules)
    making.makers.append((place, made))
    making.imports |= brought
    if reason:
        making.alone[place] = reason
        making.answered |= dict.fromkeys(made, part.source)
    else:
        making.known |= made | set(brought)


def _take_answer(making: _Making, place: int, part: Answered) -> None:
    made = made_names(part.solution)
    making.makers.append((place, made))
    making.imports |= imports(part.solution)
    making.answered |= dict.fromkeys(made, part.solution)
    making.answer_of |= dict.fromkeys(made, part.name)


def made_names(source: str) -> frozenset[str]:
    """Names that the code binds, other than by import."""
    tree = tree_of(source)
    return defined_names(tree) - set(imports(source)) if tree else frozenset()


def _take_test(making: _Making, place: int, part: CodeTest) -> None:
    world = World(making.answered, making.answer_of, making.known, making.imports, making.modules)
    found = make_ready(part, world, making.earlier)
    making.earlier.add(part.body)
    if isinstance(found, str):
        making.rows.append(Row(part.number, part.name, "left out", found, part.points))
        return
    making.ready[place] = found
    kind = "hidden check" if part.hidden else "check"
    notes = [note for note in (part.note, *found.notes) if note]
    sentence = " ".join([f"A {kind} worth {show(part.points)}.", *notes])
    making.rows.append(Row(part.number, part.name, "changed" if notes else "taken", sentence, part.points))


def _judge_setup(making: _Making, reference: tuple[str, ...]) -> str:
    """Helpers in use, what tests share, and the run of the reference that an AUTOTEST compares with."""
    helpers = {name for found in making.ready.values() for name in found.helpers}
    shared = dict.fromkeys(line for found in making.ready.values() for line in found.shared)
    body = [helper_source(helpers)] if helpers else []
    if reference and "as_reference" in helpers:
        listed = "".join(f"    {cell!r},\n" for cell in reference if cell.strip())
        body.append(f"run_reference([\n{listed}])")
    return "\n\n".join([*body, "\n".join(shared)] if shared else body)
