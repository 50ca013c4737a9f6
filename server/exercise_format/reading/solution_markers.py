"""`### BEGIN SOLUTION` and `### END SOLUTION`: what lies between stays with us, the rest is the stub."""

import re
from dataclasses import dataclass

BEGIN = re.compile(r"[ \t]*### BEGIN SOLUTION[ \t]*")
END = re.compile(r"[ \t]*### END SOLUTION[ \t]*")
LOOSE = re.compile(r"#+\s*(begin|end)\s+solution", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Marked:
    stub: str
    solution: str | None  # None when there are no markers
    problem: str = ""


def split_solution(body: str) -> Marked:
    """The stub and the whole reference; an unpaired marker is a problem."""
    stub: list[str] = []
    whole: list[str] = []
    inside, blocks = False, 0
    for line in body.split("\n"):
        if BEGIN.fullmatch(line) or END.fullmatch(line):
            opens = BEGIN.fullmatch(line) is not None
            if opens == inside:
                return Marked(body, None, "The lines `### BEGIN SOLUTION` and `### END SOLUTION` must come in pairs.")
            inside, blocks = opens, blocks + opens
            continue
        if LOOSE.search(line):
            return Marked(body, None, f"{line.strip()!r} looks like a solution marker; write `### BEGIN SOLUTION`.")
        whole.append(line)
        if not inside:
            stub.append(line)
    if inside:
        return Marked(body, None, "`### BEGIN SOLUTION` has no `### END SOLUTION` below it.")
    return Marked("\n".join(stub).rstrip("\n"), "\n".join(whole).rstrip("\n") if blocks else None)
