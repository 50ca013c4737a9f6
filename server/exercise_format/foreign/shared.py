"""What one test makes and later ones use: in a notebook all tests share their names, here each check runs alone."""

import ast
from dataclasses import dataclass, field

from server.exercise_format.foreign.code import bound_by, statement_text, tree_of, used_names

DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
MAY_NOT_BIND = (ast.For, ast.While, ast.If, ast.Try, ast.AugAssign)


@dataclass(frozen=True, slots=True)
class Statement:
    text: str
    names: frozenset[str]  # that it makes
    defines: bool  # a function, a class or an import
    surely: bool  # so that what made these names before no longer matters


@dataclass(slots=True)
class Found:
    defining: list[str] = field(default_factory=list)
    setting: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Earlier:
    """Statements of the tests above, in order."""

    statements: list[Statement] = field(default_factory=list)

    def add(self, body: str) -> None:
        tree = tree_of(body)
        for node in tree.body if tree else ():
            if names := bound_by(node):
                surely = not isinstance(node, MAY_NOT_BIND)
                self.statements.append(Statement(statement_text(body, node), names, isinstance(node, DEFINES), surely))

    def find(self, names: frozenset[str], known: frozenset[str]) -> Found:
        """What makes these names as they are at the end, and what that needs in turn: read from the end to the beginning."""
        needed, wanted = set(names - known), set[int]()
        for place in reversed(range(len(self.statements))):
            statement = self.statements[place]
            if statement.names & needed:
                wanted.add(place)
                needed -= statement.names if statement.surely else set()
                needed |= used_names(statement.text) - known
        self._add_later_definitions(needed, wanted, known)
        chosen = [self.statements[place] for place in sorted(wanted)]
        return Found([s.text for s in chosen if s.defines], [s.text for s in chosen if not s.defines], sorted(needed))

    def _add_later_definitions(self, needed: set[str], wanted: set[int], known: frozenset[str]) -> None:
        """A function may use one that is defined below it."""
        defining = {place: statement for place, statement in enumerate(self.statements) if statement.defines}
        while late := [place for place, statement in defining.items() if statement.names & needed and place not in wanted]:
            for place in late:
                wanted.add(place)
                needed -= defining[place].names
                needed |= used_names(defining[place].text) - known - defining[place].names
