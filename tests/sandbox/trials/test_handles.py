"""What a check can do with an object of the notebook, and that nothing else of it ever decides."""

import pytest

from tests.trials import NUMPY, check_alone, grade, outcomes

POINT = """
import numpy as np
class Point:
    name = "p"
    def __init__(self, n=4): self.n, self.data = n, [1, 2]
    def plus(self, x, *, by=1): return self.n + x * by
    def copy(self): return Point(self.n)
    def me(self): return self
    def __len__(self): return self.n
    def __getitem__(self, key): return (key, self.n)
    def __iter__(self): return iter([1, self, 3, 4])
    def __call__(self, x): return x + 1
    def fails(self): raise ValueError("inside")
class Rigged(Point):
    pass
yes = lambda self, *others: True
for name in '''eq ne lt le gt ge bool contains hash index int float complex round trunc abs neg add radd sub rsub mul rmul
               matmul rmatmul truediv array_ufunc array_function format bytes'''.split():
    setattr(Rigged, f"__{name}__", yes)
Rigged.__array__ = lambda self, *a, **k: np.ones(3)
Rigged.__reduce__ = lambda self: (int, ())
Rigged.__call__ = None
del Point.__call__
f = Point()
rigged = Rigged()
def count():
    n = 0
    while True:
        yield n
        n += 1
def echo(x): return x
"""
ALLOWED = {
    "attribute": "assert f.n == 4 and f.data == [1, 2] and f.name == 'p'",
    "method": "assert f.plus(2) == 6 and f.plus(2, by=3) == 10",
    "method that returns an object": "assert f.copy().copy().n == 4",
    "identity": "assert f.me() is f and echo(f) is f and echo([f])[0] is f and f.copy() is not f",
    "class": "p = Point(n=2)\nassert p.n == 2",
    "length": "assert len(f) == 4",
    "item": "assert f[1] == (1, 4) and f[1:2] == (slice(1, 2), 4) and f['a', 2] == (('a', 2), 4)",
    "iteration": "first, second, third, _ = f\nassert (first, third) == (1, 3) and second is f and list(f)[0] == 1",
    "generator": "g = count()\nassert [next(g), next(g)] == [0, 1]\nassert [item for item, _ in zip(g, 'abc')] == [2, 3, 4]",
    "callable": "assert callable(echo) and callable(Point) and not callable(f)",
    "hasattr": "assert hasattr(f, 'n') and not hasattr(f, 'fit') and getattr(f, 'fit', None) is None",
    "key of a dict": "assert {f: 1}[f] == 1 and f in {f}",
    "text": "assert repr(f) == str(f) == f'{f}' == '<Point object of the notebook>'",
    "none": "assert f is not None",
    "exception": "try:\n    f.fails()\nexcept ValueError as error:\n    assert str(error) == 'inside'",
}
REFUSED = {
    "equal": "assert rigged == 3",
    "equal from the left": "assert 3 == rigged",
    "not equal": "assert rigged != 3",
    "less": "assert rigged < 3",
    "greater from the left": "assert 3 < rigged",
    "truth": "assert rigged",
    "not": "assert not rigged or True",
    "in the object": "assert 3 in rigged",
    "the object in": "assert rigged in [3]",
    "sorted": "sorted([rigged, rigged])",
    "max": "max(rigged, 3)",
    "sum": "sum([rigged])",
    "difference": "assert abs(rigged - 3) < 1e-9",
    "difference from the left": "assert abs(3 - rigged) < 1e-9",
    "float": "float(rigged)",
    "int": "int(rigged)",
    "index": "[1, 2][rigged]",
    "range": "range(rigged)",
    "round": "round(rigged)",
    "format": "f'{rigged:.3f}'",
    "percent": "'%d' % rigged",
    "join": "''.join([rigged])",
    "bytes": "bytes(rigged)",
    "isclose": "assert np.isclose(rigged, 1)",
    "allclose": "assert np.allclose(rigged, [1, 1, 1])",
    "array_equal": "assert np.array_equal(rigged, [1, 1, 1])",
    "asarray": "assert np.asarray(rigged).sum() == 3",
    "array operator": "assert (np.ones(3) == rigged).all()",
    "array sum": "np.ones(3) + rigged",
    "matmul": "np.ones(3) @ rigged",
    "isfinite": "assert np.isfinite(rigged)",
    "mean": "np.mean(rigged)",
    "testing": "np.testing.assert_allclose(rigged, [1, 1, 1])",
    "math": "import math\nmath.isclose(rigged, 1)",
    "json": "import json\njson.dumps(rigged)",
    "pickle": "import pickle\npickle.dumps(rigged)",
    "copy": "import copy\ncopy.deepcopy(rigged)",
    "series": "import pandas as pd\nassert (pd.Series([1.0]) + rigged)[0]",
    "set attribute": "f.n = 5",
    "set item": "f[1] = 5",
    "with": "with f: pass",
    "call": "f()",
    "dunder": "assert f.__dict__",
    "missing attribute": "f.fit",
    "no length": "len(echo)",
    "no items": "echo[0]",
    "no iteration": "list(echo)",
    "isinstance": "assert isinstance(rigged, (int, float, str, list, dict, np.ndarray, np.generic))",
    "what only a table would know": "assert rigged.equals(3)",
}
PRETENDER = """
class Table:
    shape, columns = (3, 2), ["a", "b"]
    def __len__(self): return 3
    def __getitem__(self, key): return 1.0
    def __iter__(self): return iter([])
    def equals(self, other): return True
    def isin(self, other): return [True]
    def tolist(self): return [1, 2, 3]
def f(x=None): return Table()
def pair(): return 1, Table()
"""
UNDECLARED = {
    "attribute": "assert f().shape == (3, 2)",
    "method": "assert f().equals(3)",
    "method of a part": "assert pair()[1].equals(3)",
    "value of its own": "assert f().tolist() == [1, 2, 3]",
    "length": "assert len(f()) == 3",
    "item": "assert f()['a'] == 1.0",
    "attribute of a function": "assert f.__name__ and f.shape",
    "getattr with a way out": "assert getattr(f(), 'shape', (3, 2)) == (3, 2)",
    "swallowed": "try:\n    f().equals(3)\nexcept Exception:\n    pass",
}
FICKLE = """
class Fickle:
    def __init__(self): self.asked = 0
    @property
    def value(self):
        self.asked += 1
        return self.asked
    def __len__(self): return 4
    def __getitem__(self, key): return self.value
    def __iter__(self): return iter([])
class Loader:
    def __init__(self): self.turn = 0
    def __len__(self): return 2
    def __iter__(self):
        self.turn += 1
        return iter([self.turn, 0])
class Twice:
    def __init__(self): self.rows = [[1, 2], []]
    def __iter__(self): return iter(self.rows.pop())
f = Fickle()
loader = Loader()
def twice(): return Twice()
"""
CONSISTENT = {
    "attribute": "assert f.value == f.value == 1",
    "item": "assert f[0] == f[0] == 1",
    "anew after a call": "first = f.value\ntwice()\nassert f.value == first + 1",
    "a loader that shuffles": "assert [*loader] == [1, 0] and len(loader) == 2 and [*loader] == [2, 0]",
    "the same items twice": "rows = twice()\nassert [*rows] == [*rows] == []",
}
CONTRADICTING = {
    "fewer items than its length": "assert len(f) == 4\nfor got, want in zip(f, [1, 2, 3, 4]): assert got == want",
    "a length after its items": "for got, want in zip(f, [1, 2, 3, 4]): assert got == want\nassert len(f) == 4",
}


def test_a_handle_can_be_used_as_the_format_says() -> None:
    report = grade([POINT], ALLOWED, remote="f Point count echo", objects="f Point count echo")
    assert {run.name: (run.outcome, run.text) for run in report.checks} == dict.fromkeys(ALLOWED, ("passed", ""))


def test_what_is_not_declared_as_an_object_has_no_say_at_all() -> None:
    report = grade([PRETENDER], UNDECLARED, remote="f pair")
    assert {name: outcome for name, outcome in outcomes(report).items() if outcome != "failed"} == {}


def test_what_is_not_declared_can_be_handed_back_and_gone_through() -> None:
    names = "def g(model): return type(model).__name__\ndef keys(): return {'a': 1}.keys()"
    cells = [f"class Model: pass\ndef f(): return Model()\n{names}"]
    checks = {"back": "assert g(f()) == 'Model'", "through": "assert list(keys()) == ['a'] and sorted(keys()) == ['a']"}
    assert outcomes(grade(cells, checks, remote="f g keys")) == {"back": "passed", "through": "passed"}


def test_an_object_says_the_same_thing_until_something_is_called() -> None:
    report = grade([FICKLE], CONSISTENT, remote="f loader twice", objects="f loader")
    assert {run.name: (run.outcome, run.text) for run in report.checks} == dict.fromkeys(CONSISTENT, ("passed", ""))


def test_an_object_whose_length_is_not_that_of_its_items_fails() -> None:
    report = grade([FICKLE], CONTRADICTING, remote="f", objects="f")
    assert outcomes(report) == dict.fromkeys(CONTRADICTING, "failed")


def test_an_error_that_a_check_waits_for_is_no_object_and_no_flood() -> None:
    waits = "try:\n    f() + 1\nexcept (TypeError, ValueError):\n    pass"
    assert check_alone("class Foo: pass\ndef f(): return Foo()", waits).outcome == "failed"
    waits = "try:\n    f()\nexcept ValueError:\n    pass"
    assert check_alone("def f(): return np.zeros(2 * 10**7)", waits).outcome == "crashed"


def test_a_handle_decides_nothing_and_touching_it_wrongly_is_the_answers_fault() -> None:
    report = grade([POINT], REFUSED, remote="f rigged echo", objects="f rigged echo")
    assert {name: outcome for name, outcome in outcomes(report).items() if outcome != "failed"} == {}


NEEDS = "this check needs plain data (a number, text, a list, an array or a table) there."
UNUSABLE = "What your code gave back is not of the kind that the task asks for: TypeError:"


@pytest.mark.parametrize(
    ("answer", "check", "text"),
    [
        ("f = Foo()", "assert f > 1", f"`f` is a Foo object; {NEEDS}"),
        ("def f(x): return Foo()", "assert f(3) == 9", f"`f(...)` is a Foo object; {NEEDS}"),
        ("def f(x): return 1, Foo()", "a, b = f(3)\nassert b == 9", f"a part of `f(...)` is a Foo object; {NEEDS}"),
        ("f = 3", "f(3)", f"{UNUSABLE} 'int' object is not callable"),
        ("f = Foo()", "f(3)", f"{UNUSABLE} an object of your notebook is not callable"),
    ],
)
def test_the_text_teaches_what_was_expected(answer: str, check: str, text: str) -> None:
    run = check_alone(f"class Foo: pass\n{answer}", check)
    assert (run.outcome, run.text) == ("failed", text)


def test_an_endless_iteration_ends_at_a_million_items() -> None:
    answer = "class Endless:\n    def __iter__(self): return iter(range(10**9))\nf = Endless()"
    run = check_alone(answer, "list(f)")
    assert (run.outcome, run.text) == (
        "failed",
        "`f` is an Endless object; this check needs something with at most 1,000,000 items there.",
    )


def test_items_before_an_error_are_not_lost() -> None:
    answer = """
class Breaks:
    def __iter__(self):
        yield from [1, 2]
        raise ValueError("third")
f = Breaks()
"""
    source = "seen = []\ntry:\n    for item in f: seen.append(item)\nexcept ValueError: pass\nassert seen == [1, 2]"
    assert check_alone(answer, source).outcome == "passed"
    assert check_alone(answer, "list(f)").text == "ValueError: third"


def test_estimators_of_libraries_are_handles_too() -> None:
    cells = [NUMPY, "from sklearn.linear_model import LinearRegression\ndef f(X, y): return LinearRegression().fit(X, y)"]
    source = """
X = rng.normal(size=(20, 2))
model = f(X, X @ [1, 2])
assert np.allclose(model.coef_, [1, 2])
assert model.predict(X).shape == (20,)
"""
    assert outcomes(grade(cells, {"fit": source}, objects="f")) == {"fit": "passed"}
    undeclared = grade(cells, {"fit": source}).checks[0]
    assert (undeclared.outcome, undeclared.text) == ("failed", f"`f(...)` is a LinearRegression object; {NEEDS}")
