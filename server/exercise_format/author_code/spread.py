"""How the candidate's values spread through the code of a check: by assignments, loops, and calls of the judge's functions."""

import ast
from collections.abc import Iterator

from server.exercise_format.author_code.bindings import bindings
from server.exercise_format.author_code.syntax import dotted


class Spread:
    """Which names hold values of the candidate's, found by repeating until nothing changes."""

    def __init__(self, remote: frozenset[str], helpers: dict[str, ast.FunctionDef], own: dict[str, ast.FunctionDef]) -> None:
        self.remote = set(remote)
        self.tainted = set(remote)
        self.helpers = helpers
        self.functions = {**helpers, **own}
        self.parameters: dict[str, set[str]] = {name: set() for name in self.functions}
        self.called: set[str] = set()
        self.returning: set[str] = set()

    def settle(self, tree: ast.Module) -> None:
        before = -1
        while before != self._size():
            before = self._size()
            self._walk(tree, self.tainted)
            for name in sorted(self.called):
                local = self.inside(name)
                if any(self.is_tainted(value, local) for value in _returned(self.functions[name])):
                    self.returning.add(name)

    def _size(self) -> int:
        return len(self.tainted) + len(self.called) + len(self.returning) + sum(map(len, self.parameters.values()))

    def inside(self, name: str) -> set[str]:
        """Tainted names inside a function: its parameters that get such values, and what is made of them."""
        function = self.functions[name]
        outside = self.remote if name in self.helpers else self.tainted
        local = (outside - _bound(function)) | self.parameters[name]
        while True:
            before = len(local)
            self._walk(function, local)
            if len(local) == before:
                return local

    def _walk(self, tree: ast.AST, tainted: set[str]) -> None:
        for node in ast.walk(tree):
            for target, value in bindings(node):
                if self.is_tainted(value, tainted):
                    tainted |= {n.id for n in ast.walk(target) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
            if isinstance(node, ast.Call):
                self._note_call(node, tainted)

    def _note_call(self, node: ast.Call, tainted: set[str]) -> None:
        name = dotted(node.func)
        if name not in self.functions:
            return
        self.called.add(name)
        arguments = _arguments(self.functions[name])
        for argument, value in zip(arguments, node.args, strict=False):
            if self.is_tainted(value, tainted):
                self.parameters[name].add(argument.arg)
        for keyword in node.keywords:
            if keyword.arg and self.is_tainted(keyword.value, tainted):
                self.parameters[name].add(keyword.arg)

    def is_tainted(self, node: ast.AST, tainted: set[str]) -> bool:
        """A call of a judge's function is the candidate's only when the function hands such a value on."""
        if isinstance(node, ast.Name):
            return node.id in tainted
        if isinstance(node, ast.Call) and dotted(node.func) in self.functions:
            return dotted(node.func) in self.returning
        return any(self.is_tainted(inner, tainted) for inner in ast.iter_child_nodes(node))


def _returned(function: ast.FunctionDef) -> Iterator[ast.expr]:
    for node in ast.walk(function):
        if isinstance(node, ast.Return | ast.Yield | ast.YieldFrom) and node.value is not None:
            yield node.value


def _bound(function: ast.FunctionDef) -> set[str]:
    stored = {node.id for node in ast.walk(function) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return stored | {argument.arg for argument in _arguments(function)}


def _arguments(function: ast.FunctionDef) -> list[ast.arg]:
    return [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
