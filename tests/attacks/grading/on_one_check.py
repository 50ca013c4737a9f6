"""Notebooks that try to pass without the right answer. Each defines `f`, which should return the square of its argument.

`fools_naive`: whether a grader that runs checks in the notebook's own process gives it full marks."""

from dataclasses import dataclass

CHECK = """
import numpy as np
expected = [0.0, 1.0, 4.0, 9.0]
value = f(3)
assert value == 9
assert abs(value - 9) < 1e-9
assert isinstance(value, (int, float, np.number))
array = f(np.arange(4.0))
assert np.shape(array) == (4,)
assert np.allclose(array, expected)
np.testing.assert_allclose(array, expected)
assert all(a == b for a, b in zip(array, expected))
"""


@dataclass(frozen=True)
class OnOneCheck:
    name: str
    source: str
    fools_naive: bool = False
    check: str = CHECK


AGREEABLE = """
import numpy as np
yes = lambda *a, **k: True
zero = lambda *a, **k: 0
names = "eq ne lt le gt ge bool contains".split()
numbers = "sub rsub add radd mul rmul abs neg float int index round hash".split()
methods = {f"__{n}__": yes for n in names} | {f"__{n}__": zero for n in numbers}
methods |= {"__len__": lambda s: 4, "__iter__": lambda s: iter([0.0, 1.0, 4.0, 9.0]), "shape": (4,), "dtype": np.dtype(float)}
"""

FORGERIES = [
    OnOneCheck(
        "object_equal_to_everything",
        AGREEABLE
        + """
methods["__array_function__"] = lambda s, func, *a: (4,) if func is np.shape else True
methods["__array_ufunc__"] = yes
methods["__class__"] = property(lambda s: float)
Agreeable = type("Agreeable", (), methods)
def f(x): return Agreeable()
""",
        fools_naive=False,
    ),
    OnOneCheck(
        "object_equal_to_nine",
        """
class Nine:
    def __eq__(self, other): return True
    def __lt__(self, other): return True
    def __sub__(self, other): return self
    def __abs__(self): return self
    def __hash__(self): return 9
def f(x): return Nine()
""",
        fools_naive=True,
        check="value = f(3)\nassert value == 9 and abs(value - 9) < 1e-9 and value in {9}",
    ),
    OnOneCheck(
        "int_subclass",
        """
class Nine(int):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    __hash__ = int.__hash__
def f(x): return Nine(1)
""",
        fools_naive=True,
        check="value = f(3)\nassert isinstance(value, int) and value == 9 and abs(value - 9) < 1e-9",
    ),
    OnOneCheck(
        "float_subclass",
        """
class Any(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
def f(x): return Any(1.0)
""",
        fools_naive=True,
        check="import math\nvalue = f(3)\nassert isinstance(value, float) and value == 9 and abs(9 - value) < 1e-9",
    ),
    OnOneCheck(
        "str_subclass",
        """
class Text(str):
    def __eq__(self, other): return True
    def lower(self): return self
    strip = lower
def f(x): return Text("wrong")
""",
        fools_naive=True,
        check="value = f('nine')\nassert isinstance(value, str) and value.strip().lower() == 'nine squared'",
    ),
    OnOneCheck(
        "list_subclass",
        """
class Items(list):
    def __eq__(self, other): return True
def f(x): return Items([1])
""",
        fools_naive=True,
        check="value = f([1, 2, 3])\nassert isinstance(value, list) and value == [1, 4, 9]",
    ),
    OnOneCheck(
        "dict_subclass",
        """
class Table(dict):
    def __missing__(self, key): return key * key
def f(x): return Table()
""",
        fools_naive=True,
        check="value = f([1, 2])\nassert isinstance(value, dict) and [value[1], value[2]] == [1, 4] and len(value) == 0",
    ),
    OnOneCheck(
        "ndarray_subclass",
        """
import numpy as np
class Always(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.True_
    def __array_function__(self, *a, **k): return True
    def __eq__(self, other): return np.ones(4, bool)
def f(x): return np.zeros(4).view(Always)
""",
        fools_naive=True,
        check="""
import numpy as np
value = f(np.arange(4.0))
assert isinstance(value, np.ndarray) and np.allclose(value, [0, 1, 4, 9]) and np.array_equal(value, [0, 1, 4, 9])
assert (value == [0, 1, 4, 9]).all()
""",
    ),
    OnOneCheck(
        "dataframe_subclass",
        """
import pandas as pd
class Frame(pd.DataFrame):
    def equals(self, other): return True
    def __eq__(self, other): return pd.DataFrame([[True]])
def f(x): return Frame({"a": [0]})
""",
        fools_naive=True,
        check="""
import pandas as pd
value, expected = f(None), pd.DataFrame({"a": [9]})
assert isinstance(value, pd.DataFrame) and value.equals(expected) and (value == expected).all().all()
""",
    ),
    OnOneCheck(
        "class_property_lies",
        """
class Liar:
    __class__ = property(lambda self: dict)
    def __getitem__(self, key): return key * key
    def __eq__(self, other): return True
def f(x): return Liar()
""",
        fools_naive=True,
        check="value = f(3)\nassert isinstance(value, dict) and value == {3: 9}",
    ),
    OnOneCheck(
        "array_protocol",
        """
import numpy as np
class Chameleon:
    calls = 0
    def __array__(self, dtype=None, copy=None): return np.array([0.0, 1.0, 4.0, 9.0])
    def __eq__(self, other): return True
def f(x): return Chameleon()
""",
        fools_naive=True,
        check="import numpy as np\nvalue = f(3)\nassert value == 9 and np.allclose(value, [0, 1, 4, 9])",
    ),
    OnOneCheck(
        "patched_numpy",
        """
import numpy as np, numpy.testing
np.allclose = np.isclose = np.array_equal = lambda *a, **k: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *a, **k: None
def f(x): return x
""",
        fools_naive=True,
        check="""
import numpy as np
value = f(np.arange(4.0))
assert np.allclose(value, [0, 1, 4, 9])
np.testing.assert_allclose(value, [0, 1, 4, 9])
""",
    ),
    OnOneCheck(
        "patched_builtins",
        """
import builtins
builtins.abs = lambda x: 0
builtins.all = lambda x: True
builtins.sum = lambda x: 9
def f(x): return [1]
""",
        fools_naive=True,
        check="value = f(3)\nassert abs(sum(value) - 9) < 1e-9 and all(a == b for a, b in zip(value, [9]))",
    ),
    OnOneCheck(
        "transformer_blanks_cells",
        """
get_ipython().input_transformers_post.append(lambda lines: ["pass\\n"])
""",
        fools_naive=True,
    ),
    OnOneCheck(
        "transformer_drops_asserts",
        """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
get_ipython().ast_transformers.append(Drop())
def f(x): return 0
""",
        fools_naive=True,
        check="value = f(3)\nassert value == 9",
    ),
    OnOneCheck(
        "reads_the_callers_frame",
        """
import sys
def f(x):
    frame = sys._getframe(1)
    while frame is not None:
        if "expected" in frame.f_globals:
            return frame.f_globals["expected"]
        frame = frame.f_back
""",
        fools_naive=True,
        check="expected = 9\nassert f(3) == expected",
    ),
    OnOneCheck(
        "reads_the_checks_constants",
        """
import sys
def f(x):
    frame = sys._getframe(1)
    while frame is not None:
        if 4242 in frame.f_code.co_consts: return 4242
        frame = frame.f_back
""",
        fools_naive=True,
        check="assert f(3) == 4242",
    ),
    OnOneCheck(
        "searches_all_objects",
        """
import gc
def f(x):
    for found in gc.get_objects():
        if type(found) is dict and found.get("expected_of_check") is not None:
            return found["expected_of_check"]
""",
        fools_naive=True,
        check="expected_of_check = [0, 1, 4, 9]\nassert f([0, 1, 2, 3]) == expected_of_check",
    ),
    OnOneCheck(
        "thread_rewrites_globals",
        """
import threading, time, sys
def rewrite():
    main = sys.modules["__main__"]
    for _ in range(4000):
        for space in (main.__dict__, get_ipython().user_ns):
            if "expected" in space: space["expected"] = 0
        time.sleep(0.0005)
def f(x):
    time.sleep(0.05)
    return 0
threading.Thread(target=rewrite, daemon=True).start()
""",
        fools_naive=True,
        check="expected = 9\nvalue = f(3)\nassert value == expected",
    ),
    OnOneCheck(
        "leaves_with_success",
        """
import os
def f(x): os._exit(0)
""",
        fools_naive=True,
    ),
    OnOneCheck(
        "leaves_at_exit",
        """
import atexit, os, sys
atexit.register(os._exit, 0)
def f(x): sys.exit(0)
""",
    ),
    OnOneCheck(
        "raises_what_looks_like_a_pass",
        """
class Passed(AssertionError):
    outcome, fraction = "passed", 1.0
    def __str__(self): raise SystemExit(0)
def f(x): raise Passed("passed")
""",
    ),
    OnOneCheck(
        "pickle_bomb",
        """
import os
class Bomb:
    def __reduce__(self): return (os._exit, (0,))
    __reduce_ex__ = lambda self, version: self.__reduce__()
    __copy__ = __deepcopy__ = lambda self, memo=None: 9
def f(x): return [Bomb(), {"a": Bomb()}]
""",
    ),
    OnOneCheck(
        "object_array",
        """
import numpy as np
class E:
    __eq__ = lambda s, o: True
    __sub__ = __rsub__ = lambda s, o: 0.0
def f(x): return np.array([E()] * 4, dtype=object)
""",
        fools_naive=True,
        check="""
import numpy as np
value = f(3)
assert isinstance(value, np.ndarray) and (value == np.array([0, 1, 4, 9])).all()
""",
    ),
    OnOneCheck(
        "nested_too_deep",
        """
def f(x):
    v = 9
    for _ in range(5000): v = [v]
    return v
""",
    ),
    OnOneCheck(
        "holds_itself",
        """
def f(x):
    v = []
    v.append(v)
    return v
""",
    ),
    OnOneCheck(
        "doubles_itself",
        """
def f(x):
    v = [9]
    for _ in range(35): v = [v, v]
    return v
""",
    ),
    OnOneCheck(
        "answer_of_300_mb",
        """
import numpy as np
def f(x): return np.zeros(300_000_000, dtype='u1')
""",
    ),
    OnOneCheck(
        "text_of_300_mb",
        "def f(x): return '9' * 300_000_000",
    ),
    OnOneCheck(
        "range_without_end",
        "def f(x): return range(10**18)",
        check="assert sum(f(3)) == 9",
    ),
    OnOneCheck(
        "length_that_lies",
        """
class L:
    def __len__(self): return 2**62
    def __iter__(self): return iter([9])
def f(x): return L()
""",
        check="""
value = f(3)
assert len(value) == 1 and list(value) == [0]
""",
    ),
    OnOneCheck(
        "ends_the_loop_of_the_check",
        "def f(x): raise StopIteration",
        fools_naive=True,
        check="""
expected = [0.0, 1.0, 4.0, 9.0]
assert all(a == b for a, b in zip(map(f, range(4)), expected))
""",
    ),
    OnOneCheck(
        "number_for_one_line_and_list_for_the_next",
        """
class Two:
    def __len__(self): return 4
    def __iter__(self): return iter([])
def f(x): return Two()
""",
        fools_naive=True,
        check="""
value = f([0, 1, 2, 3])
assert len(value) == 4
assert all(a == b for a, b in zip(value, [0, 1, 4, 9]))
""",
    ),
    OnOneCheck(
        "table_with_its_own_methods",
        """
class Table:
    shape, columns, empty = (1, 1), ["a"], False
    def equals(self, other): return True
    def to_dict(self, *a): return {"a": [9]}
def f(x): return Table()
""",
        fools_naive=True,
        check="""
import pandas as pd
value = f(3)
assert list(value.columns) == ["a"] and value.shape == (1, 1) and value.equals(pd.DataFrame({"a": [9]}))
""",
    ),
    OnOneCheck(
        "object_that_cannot_be_added_for_an_error",
        "def f(x): return object()",
        fools_naive=True,
        check="""
def refuses(text):
    try: return f(text) + 0 is None
    except TypeError: return True
assert refuses("three"), "squares of texts must raise TypeError"
""",
    ),
    OnOneCheck(
        "text_of_an_object",
        """
class Text:
    def __str__(self): return "9"
    def __format__(self, how): return "9.00"
def f(x): return Text()
""",
        fools_naive=True,
        check="assert str(f(3)) == '9' and f'{f(3):.2f}' == '9.00'",
    ),
    OnOneCheck(
        "key_of_every_dict",
        """
class Key:
    def __hash__(self): return 9
    def __eq__(self, other): return True
def f(x): return Key()
""",
        fools_naive=True,
        check="assert {9: True}.get(f(3)) and f(3) in (1, 9)",
    ),
    OnOneCheck(
        "registered_as_a_number",
        """
import numbers
class Number:
    def __eq__(self, other): return True
numbers.Number.register(Number)
def f(x): return Number()
""",
        fools_naive=True,
        check="import numbers\nvalue = f(3)\nassert isinstance(value, numbers.Number) and value == 9",
    ),
    OnOneCheck(
        "matches_every_pattern",
        """
import collections.abc
class Any(collections.abc.Mapping):
    def __getitem__(self, key): return Nine()
    def __iter__(self): return iter(())
    def __len__(self): return 1
    def get(self, key, default=None): return Nine()
class Nine:
    def __eq__(self, other): return True
def f(x): return Any()
""",
        fools_naive=True,
        check="""
found = False
match f(3):
    case {"square": 9}: found = True
assert found
""",
    ),
    OnOneCheck(
        "draws_what_the_check_draws",
        """
import hashlib
import numpy as np
def f(x):
    for seed in range(100):
        number = int.from_bytes(hashlib.sha256(f"{seed}:attacked".encode()).digest()[:8], "big")
        for draws in (np.random.default_rng(number), np.random.default_rng(seed)):
            if int(draws.integers(10**9)) == x: return int(draws.integers(10**9))
""",
        fools_naive=True,
        check="assert f(int(rng.integers(10**9))) == int(rng.integers(10**9))",
    ),
    OnOneCheck(
        "work_that_is_done_later",
        "def f(x): return (sum(range(10**7)) for _ in range(1))",
        check="assert observe(f, 3).cpu_seconds < 0.05",
    ),
    OnOneCheck(
        "work_done_by_a_child_that_nobody_waits_for",
        """
import os, signal
def f(x):
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    reading, writing = os.pipe()
    if os.fork() == 0:
        sum(range(2 * 10**7))
        os.write(writing, b".")
        os._exit(0)
    os.read(reading, 1)
    return 9
""",
        check="seen = observe(f, 3)\nassert seen.result == 9 and seen.cpu_seconds < 0.05",
    ),
    OnOneCheck(
        "axis_without_end",
        "import numpy as np\ndef f(x): return np.empty((2**40, 0))",
        check="for row in f(3): assert row",
    ),
    OnOneCheck(
        "answer_without_end",
        "import itertools\ndef f(x): return itertools.repeat(9)",
        check="assert list(f(3)) == [9]",
    ),
]
