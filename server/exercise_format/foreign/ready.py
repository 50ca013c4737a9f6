"""From a test of the source to a check that runs alone in the judge, or to the reason why there is none."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from server.exercise_format.foreign.code import Modules, used_names
from server.exercise_format.foreign.crossing import missing_name_test, obstacle
from server.exercise_format.foreign.helpers import pieces
from server.exercise_format.foreign.parts import CodeTest
from server.exercise_format.foreign.shared import Earlier
from server.exercise_format.foreign.stand_ins import stand_in

IN_CHECKS = frozenset({"rng", "observe", "award", "source", "private", "display"})


@dataclass(frozen=True, slots=True)
class World:
    """What a test finds: names of the notebook with the code that makes them, the answer that holds each, names that the
    judge has, and the imports that may be repeated for it."""

    answered: Mapping[str, str]
    answer_of: Mapping[str, str]
    known: Collection[str]
    imports: Mapping[str, str]
    modules: Modules


@dataclass(frozen=True, slots=True)
class Ready:
    body: str
    remote: frozenset[str]  # names of the notebook that it uses
    helpers: tuple[str, ...]
    shared: tuple[str, ...]  # statements for the judge's setup
    notes: tuple[str, ...]  # what was changed


def looks_at(body: str, answered: Collection[str], earlier: Earlier) -> frozenset[str]:
    """Names of the notebook that the test uses, itself or through what tests above it define."""
    used = used_names(body, answered)
    found = earlier.find(used - set(answered), frozenset(answered))
    inner = {name for text in (*found.defining, *found.setting) for name in used_names(text, answered)}
    return frozenset((used | inner) & set(answered))


def make_ready(test: CodeTest, world: World, earlier: Earlier) -> Ready | str:
    """The check, or why it is left out."""
    if not looks_at(test.body, world.answered, earlier):
        return "It looks at no answer, so everybody would have its points."
    changed = _uses_instead(test, world)
    if changed is not None:
        return changed
    stood = stand_in(test.body)
    reason = obstacle(stood.body, world.answered)
    if reason:
        return reason
    made = {line.partition(" = ")[0] for line in stood.lines}
    known = frozenset({*world.answered, *world.known, *IN_CHECKS, *pieces(), *made})
    found = earlier.find(used_names(stood.body), known)
    missing = [name for name in found.missing if name not in world.imports]
    if missing:
        return f"It uses `{missing[0]}`, which nothing above it makes."
    above = stand_in("\n".join(found.defining))  # the import of a test library may stand in an earlier test
    lines = [*stood.lines, *above.lines, *(world.imports[name] for name in found.missing), above.body.strip("\n")]
    modules = dict.fromkeys([*stood.modules, *above.modules])
    absent = world.modules.absent("\n".join([stood.body, *lines]))
    if absent:
        return f"It needs `{absent[0]}`, which is not among the usual libraries."
    notes = [f"`{module}` is replaced by what unittest has." for module in modules]
    notes += ["What an earlier test defines is repeated for it."] if above.body.strip() or found.setting else []
    return Ready(
        body="\n".join([*found.setting, stood.body.strip("\n")]),
        remote=looks_at(stood.body, world.answered, earlier),
        helpers=tuple(sorted({*stood.helpers, *above.helpers, *(used_names(stood.body) & set(pieces()))})),
        shared=tuple(dict.fromkeys(line for line in lines if line)),
        notes=tuple(notes),
    )


def _uses_instead(test: CodeTest, world: World) -> Ready | None:
    found = missing_name_test(test.body, world.answered)
    if found is None or found.function not in world.answer_of:
        return None
    function, name = found.function, found.name
    uses = f'uses_name(source("{world.answer_of[function]}"), "{function}", "{name}")'
    note = (
        f"It deletes `{name}` in the notebook to see that `{function}` misses it; a check cannot reach into the notebook. "
        f"Instead the text of the answer is read: `{function}` must use `{name}`, and work."
    )
    body = f'{found.call}\nassert {uses}, "`{function}` does not use `{name}`"'
    return Ready(body, frozenset({function}), ("uses_name",), (), (note,))
