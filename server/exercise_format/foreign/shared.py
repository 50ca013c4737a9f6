"""What one test defines and later ones use: in a notebook all tests share their names, here each check runs alone."""

import ast
from dataclasses import dataclass, field

from server.exercise_format.foreign.code import bound_by, statement_text, tree_of, used_names

DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)


@dataclass(slots=True)
class Earlier:
    """Statements of the tests above, by the names that they make."""

    defining: dict[str, str] = field(default_factory=dict)  # functions, classes, imports
    setting: dict[str, str] = field(default_factory=dict)  # values

    def add(self, body: str) -> None:
        tree = tree_of(body)
        for statement in tree.body if tree else ():
            kind = self.defining if isinstance(statement, DEFINES) else self.setting
            for name in bound_by(statement):
                kind[name] = statement_text(body, statement)

    def find(self, names: frozenset[str], known: frozenset[str]) -> "Found":
        """What makes these names, and what that needs in turn."""
        found, waiting, seen = Found(), sorted(names - known), set[str]()
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            text = self.defining.get(name) or self.setting.get(name)
            if text is None:
                found.missing.append(name)
                continue
            (found.defining if name in self.defining else found.setting).insert(0, text)
            waiting += sorted(used_names(text) - known)
        return found


@dataclass(slots=True)
class Found:
    defining: list[str] = field(default_factory=list)
    setting: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
