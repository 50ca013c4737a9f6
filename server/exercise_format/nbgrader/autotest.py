"""`### AUTOTEST a; b` asks nbgrader to write tests out of what the solution gives.

Here the judge runs the given code and the solutions too, in a place of their own, and keeps what each expression was worth
where it stood; the check compares with that. No value is written down, so none of any kind is lost on the way.
"""

import re
from dataclasses import dataclass

LINE = re.compile(r"^(?P<indent>[ \t]*)#[# \t]*(?P<hashed>HASHED[ \t]+)?AUTOTEST[ \t]+(?P<snippets>.+)$")


@dataclass(frozen=True, slots=True)
class Tested:
    check: str  # the test with calls in place of the lines
    reference: str  # what the reference notebook runs in its place
    count: int


def translate(name: str, source: str, hidden: bool = False) -> Tested:
    """Both texts have the plain lines of the test. A value is told to the learner only where nbgrader would print it.

    A call is known by its line, so that a hidden test and its visible part look at the same values.
    """
    check, reference, count = list[str](), list[str](), 0
    for number, line in enumerate(source.split("\n"), 1):
        found = LINE.match(line)
        if found is None:
            check.append(line)
            reference.append(line)
            continue
        for place, snippet in enumerate(filter(None, map(str.strip, found["snippets"].split(";"))), 1):
            count += 1
            key = f"{name}, line {number}, {place}"
            shows = f"{snippet!r}, show={not found['hashed']}"
            call = f"assert is_reference({snippet}, {key!r})" if hidden else f"as_reference({snippet}, {key!r}, {shows})"
            check.append(found["indent"] + call)
            reference.append(f"{found['indent']}record({key!r}, lambda: {snippet})")
    return Tested("\n".join(check), "\n".join(reference), count)
