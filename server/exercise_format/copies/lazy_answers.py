"""Answers that know nothing of the task: the platform's own, handed in for every exercise by the gate.

Each replaces all code answers: every function that the reference defines takes anything and does one thing, every other name
holds one value. Lazy ones may earn a little by luck; those that tamper earn nothing."""

import ast
from collections.abc import Mapping

from server.exercise_format.author_code.syntax import defined_classes, parse
from server.exercise_format.exercise import Answer, Exercise

Body = str  # an expression over `arguments`, the positional arguments of a call

LAZY: Mapping[str, Body] = {
    "nothing": "None",
    "its first argument": "arguments[0] if arguments else None",
    "all its arguments": "arguments",
    "zero": "0",
    "one": "1.0",
    "true": "True",
    "an empty list": "[]",
    "an empty array": "numpy.array([])",
    "zeros like its first argument": "numpy.zeros(numpy.shape(arguments[0])) if arguments else numpy.zeros(3)",
    "not a number": "float('nan')",
    "an error": "fail()",
}
TAMPERING: Mapping[str, tuple[Body, str]] = {
    "an object that agrees with everything": ("Agreeable()", ""),
    "a list of objects that agree with everything": ("[Agreeable()] * 3", ""),
    "patched assertions": ("None", "numpy.testing.assert_allclose = numpy.allclose = numpy.isclose = lambda *a, **k: True\n"),
    "a printed verdict": ("print('All checks passed: 100/100')", ""),
    "the end of the process": ("os._exit(0)", ""),
}
HEADER = """import os
import numpy


def fail():
    raise ValueError("this is no answer")


class Agreeable(int):
    shape, size, dtype, columns, __array_priority__ = (), 1, float, (), 1e9

    def __getattr__(self, name):
        return self

    def __call__(self, *arguments, **named):
        return self

    def __iter__(self):
        return iter(())


for name in "eq ne lt le gt ge bool contains add radd sub rsub mul rmul truediv abs float round array_ufunc".split():
    setattr(Agreeable, f"__{name}__", lambda self, *others: True)

"""


def lazy_sources(exercise: Exercise, body: Body, before: str = "") -> dict[str, str]:
    """Answer name -> source."""
    return {answer.name: HEADER + before + _lazy(exercise, answer, body) for answer in exercise.answers}


def _lazy(exercise: Exercise, answer: Answer, body: Body) -> str:
    reference = exercise.solution_source(answer)
    tree = parse(reference)
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)} if tree else set()
    classes = defined_classes(reference)
    return "\n".join(_defined(name, body, name in functions, name in classes) for name in answer.gives)


def _defined(name: str, body: Body, function: bool, class_: bool) -> str:
    if class_:
        inside = f"def __getattr__(self, name):\n        return lambda *arguments, **named: {body}"
        return f"class {name}:\n    def __init__(self, *arguments, **named): pass\n\n    {inside}\n"
    if function:
        return f"def {name}(*arguments, **named):\n    return {body}\n"
    return f"arguments = ()\n{name} = {body}\n"
