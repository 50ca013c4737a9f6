"""The cells of the exercise in the order of the source, and what is said about each."""

from dataclasses import dataclass

from server.exercise_format.foreign.account import Row, empty_cell
from server.exercise_format.foreign.draft import DraftCell, Ids
from server.exercise_format.foreign.names import marked_cell
from server.exercise_format.foreign.parts import Answered, CodeTest, Given, Part, Text, Written
from server.exercise_format.foreign.points import show
from server.exercise_format.foreign.ready import Ready

WORDS = "1-1000"
MARKED = "A person marks the code of the cell above. Say here, if you like, what they should know about it."


@dataclass(frozen=True, slots=True)
class Layout:
    parts: tuple[Part, ...]
    ready: dict[int, Ready]
    alone: dict[int, str]
    makers: tuple[tuple[int, frozenset[str]], ...]
    judge_setup: str

    def maker(self, name: str, place: int) -> int:
        """Where the name got the value that a test in this place sees."""
        return max((maker for maker, names in self.makers if maker < place and name in names), default=-1)

    def is_made_again(self, name: str, place: int) -> bool:
        return any(maker > place and name in names for maker, names in self.makers)


def lay_out(layout: Layout, ids: Ids) -> tuple[tuple[DraftCell, ...], tuple[Row, ...]]:
    gives, kept = _names_given(layout)
    cells, rows = list[DraftCell](), list[Row]()
    setup_is_out = not layout.judge_setup
    for place, part in enumerate(layout.parts):
        if place in layout.ready and not setup_is_out:
            cells.append(DraftCell(ids.take("for-checks", "for-checks"), "setup", layout.judge_setup, {"for": "checks"}))
            setup_is_out = True
        made = _cells(layout, place, part, ids, gives.get(place, []), kept)
        cells += made
        rows += _rows(layout, place, part)
        if kept.get(place):
            cells.append(_keeping(place, kept[place], part.number, ids))
    return tuple(cells), tuple(rows)


def kept_as(name: str, number: int) -> str:
    return f"{name}_of_cell_{number}"


def _names_given(layout: Layout) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """For each place with code the names that checks use, and those that must be kept because code below makes them anew."""
    gives: dict[int, list[str]] = {}
    kept: dict[int, list[str]] = {}
    for place, ready in layout.ready.items():
        for name in sorted(ready.remote):
            maker = layout.maker(name, place)
            into = kept if layout.is_made_again(name, place) else gives
            if maker >= 0 and name not in into.setdefault(maker, []):
                into[maker].append(name)
    return gives, kept


def _keeping(place: int, names: list[str], number: int, ids: Ids) -> DraftCell:
    made = [kept_as(name, number) for name in names]
    body = "\n".join(f"{new} = {name}  # for its checks: code below makes it anew" for new, name in zip(made, names, strict=True))
    return DraftCell(ids.take(f"keep-{place}", "keep"), "setup", body, {"for": "notebook", "gives": ", ".join(made)})


def _cells(layout: Layout, place: int, part: Part, ids: Ids, gives: list[str], kept: dict[int, list[str]]) -> list[DraftCell]:
    match part:
        case Text():
            return [DraftCell(ids.take(part.id, f"text-{part.number}"), "text", part.body)] if part.body.strip() else []
        case Given():
            return [_given(layout, place, part, ids, gives)] if part.source.strip() else []
        case Answered():
            return _answer(part, ids, gives)
        case Written():
            return _written(part, ids)
        case CodeTest():
            return [_check(layout, place, part, ids, kept)] if place in layout.ready else []


def _given(layout: Layout, place: int, part: Given, ids: Ids, gives: list[str]) -> DraftCell:
    options = {"for": "notebook"} if place in layout.alone else {}
    options |= {"gives": ", ".join(gives)} if options and gives else {}
    return DraftCell(ids.take(part.id, f"given-{part.number}"), "setup", part.source, options)


def _answer(part: Answered, ids: Ids, gives: list[str]) -> list[DraftCell]:
    cell = ids.take(part.id, part.name)
    made = [
        DraftCell(cell, "answer", part.stub, {"name": part.name, "gives": ", ".join(gives)}),
        DraftCell(ids.take(f"{cell}-reference", "reference"), "solution", part.solution, {"for": part.name}),
    ]
    if part.points is not None:
        options = {"name": f"{part.name}-mark", "type": "short", "points": f"{part.points:g}", "words": WORDS}
        made.append(DraftCell(marked_cell(cell), "question", MARKED, options))
    return made


def _written(part: Written, ids: Ids) -> list[DraftCell]:
    cell = ids.take(part.id, part.name)
    options = {"name": part.name, "type": "short", "points": f"{part.points:g}", "words": WORDS}
    made = [DraftCell(cell, "question", part.prompt, options)]
    if part.model.strip():
        model = DraftCell(ids.take(f"{cell}-model", "model"), "model", part.model, {"for": part.name, "mark": "5"})
        made.append(model)
    return made


def _check(layout: Layout, place: int, part: CodeTest, ids: Ids, kept: dict[int, list[str]]) -> DraftCell:
    ready = layout.ready[place]
    lines = []
    for name in sorted(ready.remote):
        maker = layout.maker(name, place)
        if name in kept.get(maker, []) and layout.is_made_again(name, place):
            lines.append(f"{name} = {kept_as(name, layout.parts[maker].number)}")
    options = {"name": part.name, "points": f"{part.points:g}", "message": part.message}
    options |= {"needs": ", ".join(part.needs)} if part.needs else {}
    role = "hidden-check" if part.hidden else "check"
    return DraftCell(ids.take(part.id, part.name), role, "\n".join([*lines, ready.body]), options)


def _given_row(part: Given, alone: str) -> Row:
    idle = " ".join(f"`{line}` was taken out." for line in part.taken_out)
    if not part.source.strip():
        return Row(part.number, part.id, "left out", idle) if idle else empty_cell(part.number, part.id)
    use = f"for the notebook alone: it {alone}" if alone else "for the notebook and for the checks"
    return Row(part.number, part.id, "changed" if idle else "taken", f"Given code, {use}. {idle}".strip())


def _rows(layout: Layout, place: int, part: Part) -> list[Row]:
    match part:
        case Text():
            return [Row(part.number, part.id, "taken", "Text.") if part.body.strip() else empty_cell(part.number, part.id)]
        case Given():
            return [_given_row(part, layout.alone.get(place, ""))]
        case Answered(points=None):
            return [Row(part.number, part.name, "taken", "An answer; its solution is the reference.")]
        case Answered(points=points):
            sentence = f"An answer in code that a person marks, worth {show(points or 0)}: a short question holds the points."
            return [Row(part.number, part.name, "changed", sentence, points or 0)]
        case Written():
            sentence = f"A written answer that a person marks, worth {show(part.points)}. It needs a rubric."
            return [Row(part.number, part.name, "to fill in", sentence, part.points)]
    return []
