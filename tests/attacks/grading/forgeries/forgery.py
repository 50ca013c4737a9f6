"""One way to forge: what its notebook holds, whatever the assignment is."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.grading.assignments.assignment import Assignment, Document

OURS_ALONE = "attacks our protocol; nothing to attack there"
HARMFUL = "not run there: nothing would hold it back"
DEFAULTS = """
import gc, os, sys, threading, time
def forged(data): return blank(data)
def single(data): return wrong
def several(data): return wrongs
def once(name):
    \"\"\"True in the first process that asks, of all copies of this notebook.\"\"\"
    try: os.close(os.open(name, os.O_CREAT | os.O_EXCL))
    except FileExistsError: return False
    return True
"""

Edit = Callable[[Document, Assignment], None]


@dataclass(frozen=True)
class Forgery:
    """`source` defines `forged(data)`, what the answer gives back for a piece of data, `single(data)`, the same for a single
    value, or patches something; `edit` changes the notebook file itself."""

    name: str
    does: str
    source: str = ""
    edit: Edit | None = None
    seconds: float = 0.0  # time for each check where the exercise gives too much of it to wait for
    not_there: str = ""  # why it is not run in the grader without walls
    no_gain: str = ""  # why it gains nothing there either: then it proves nothing, and is here to be seen to gain nothing

    def notebook(self, assignment: Assignment) -> Document:
        document = assignment.notebook(assignment.entry, before=[assignment.prelude + DEFAULTS, self.source])
        if self.edit is not None:
            self.edit(document, assignment)
        return document
