"""One grading run from end to end: cells, checks, helpers, what is reported."""

import pytest

from sandbox.limits import Limits
from sandbox.trials.trial import Check, FunctionFailed, TrialPlan, run_function, run_trial
from tests.trials import NUMPY, check_alone, forkserver, grade, outcomes, plan

SQUARE = "def f(x):\n    return x * x"


def test_a_right_answer_passes_and_a_wrong_one_fails_with_the_text_of_the_assert() -> None:
    checks = {"right": "assert f(3) == 9", "wrong": "assert f(3) == 10, 'three squared'", "bare": "assert f(3) == 10"}
    report = grade([NUMPY, SQUARE], checks)
    assert outcomes(report) == {"right": "passed", "wrong": "failed", "bare": "failed"}
    assert [(run.fraction, run.text) for run in report.checks] == [(1.0, ""), (0.0, "three squared"), (0.0, "")]


def test_cells_run_as_in_a_notebook() -> None:
    cells = [
        "import asyncio\nawait asyncio.sleep(0)\nx = await asyncio.sleep(0, 5)",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nbackend = plt.get_backend()",
        "!echo from the shell",
        "%time y = 2",
        "display(x)\nx",
        "_",
        "z = _",
        "class Point: pass\nimport __main__\nhere = __main__.Point is Point",
    ]
    report = grade(
        cells, {"state": "assert (x, y, z, here, backend.lower()) == (5, 2, 5, True, 'agg')"}, remote="x y z here backend"
    )
    assert [run.status for run in report.cells] == ["ok"] * len(cells)
    assert outcomes(report) == {"state": "passed"}
    assert report.cells[2].text.strip() == "from the shell"


def test_a_cell_that_raises_costs_only_itself() -> None:
    cells = ["x = 1", "1 / 0", "def (", "input()", "import sys; sys.exit(1)", "exit()", "y = 2", "print('told')"]
    report = grade(cells, {"x": "assert (x, y) == (1, 2)"}, remote="x y")
    assert [run.status for run in report.cells] == ["ok", "error", "error", "error", "error", "ok", "ok", "ok"]
    assert report.cells[1].error == "ZeroDivisionError: division by zero"
    assert report.cells[2].error.startswith("SyntaxError")
    assert report.cells[7].text == "told\n"
    assert outcomes(report) == {"x": "passed"}


def test_a_cell_that_ends_the_process_costs_only_itself() -> None:
    report = grade(["x = 1", "import os; os._exit(0)", "y = 2"], {"both": "assert (x, y) == (1, 2)"}, remote="x y")
    assert [run.status for run in report.cells] == ["ok", "died", "ok"]
    assert report.cells[1].error.startswith("The notebook's process ended in this cell (")
    assert outcomes(report) == {"both": "passed"}


def test_a_cell_without_end_is_interrupted_and_one_that_ignores_that_is_ended() -> None:
    deaf = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    report = grade(
        ["while True: pass", "x = 1", deaf, "y = 2"],
        {"c": "assert (x, y) == (1, 2)"},
        remote="x y",
        limits=Limits(cell_seconds=0.5),
    )
    assert [run.status for run in report.cells] == ["timed_out", "ok", "timed_out", "ok"]
    assert report.cells[0].error == "The cell ran for 0.5 seconds, the longest that is allowed, and was stopped."
    assert outcomes(report) == {"c": "passed"}


def test_a_notebook_whose_cells_all_end_the_process_still_comes_to_a_report() -> None:
    report = grade(["import os; os._exit(0)"] * 6, {"c": "assert x"}, remote="x")
    assert [run.status for run in report.cells] == ["died"] * 4 + ["not_run"] * 2
    assert outcomes(report) == {"c": "failed"}


def test_a_notebook_has_a_time_of_its_own_and_what_is_left_after_it_is_not_run() -> None:
    cells = ["x = 1", "import time\ntime.sleep(2.1)\ny = 2", "z = 3", "while True: pass"]
    checks = {"before": "assert (x, y) == (1, 2)", "after": "assert z == 3"}
    report = grade(cells, checks, remote="x y z", notebook_seconds=2)
    assert [run.status for run in report.cells] == ["ok", "ok", "not_run", "not_run"]
    assert report.cells[2].error == "Not run: the cells before it took the 2 s that a notebook may take."
    assert outcomes(report) == {"before": "passed", "after": "failed"}
    assert report.checks[1].text == "`z` is not defined: no cell that ran defines it."


def test_a_cell_that_was_stopped_or_ended_the_process_counts_to_the_time_of_the_notebook() -> None:
    for slow in ("while True: pass", "import os, time\ntime.sleep(1.1)\nos._exit(0)"):
        report = grade([slow, "x = 1"], {"x": "assert x == 1"}, remote="x", limits=Limits(cell_seconds=1.5), notebook_seconds=1)
        assert [run.status for run in report.cells][1:] == ["not_run"]
        assert outcomes(report) == {"x": "failed"}


def test_a_name_that_the_notebook_does_not_define_is_told_plainly() -> None:
    run = check_alone("1 / 0", "assert f(3) == 9")
    assert (run.outcome, run.text) == ("failed", "`f` is not defined: no cell that ran defines it.")


def test_what_the_notebook_raises_is_told_by_its_name() -> None:
    assert check_alone("def f(x): raise ValueError('no ' + str(x))", "f(3)").text == "ValueError: no 3"
    assert check_alone("class Odd(Exception): pass\ndef f(x): raise Odd", "f(3)").text == "Odd"


def test_checks_can_expect_exceptions_by_their_builtin_class() -> None:
    source = """
try:
    f(-1)
except ValueError as error:
    assert str(error) == "negative"
else:
    assert False, "no error for a negative number"
with np.testing.assert_raises(ValueError):
    f(-2)
"""
    answer = "class Negative(ValueError): pass\ndef f(x):\n    if x < 0: raise Negative('negative')"
    assert check_alone(answer, source).outcome == "passed"


def test_an_assertion_of_the_notebook_is_not_the_authors() -> None:
    answer = "def f(x): assert x, 'All checks passed'"
    run = check_alone(answer, "f(0)")
    assert (run.outcome, run.text) == ("crashed", "AssertionError: All checks passed")
    assert check_alone(answer, "try:\n    f(0)\nexcept AssertionError:\n    pass").outcome == "passed"


def test_a_value_that_the_check_cannot_use_is_the_answers_fault_and_a_misspelt_name_the_authors() -> None:
    checks = {
        "none": "loss, gradient = g()",
        "shape": "np.linalg.inv(f(np.zeros(3)))",
        "key": "f({})['a'] if False else {}[f(2)]",
        "misspelt": "assert f(3) == nine",
        "syntax": "assert (",
        "import": "import no_such_module",
        "before": "int('x')",
    }
    report = grade([NUMPY, SQUARE, "def g(): pass"], checks, remote="f g")
    expected = dict.fromkeys(["none", "shape", "key"], "failed") | dict.fromkeys(
        ["misspelt", "syntax", "import", "before"], "our_fault"
    )
    assert outcomes(report) == expected
    texts = {run.name: run.text for run in report.checks}
    assert texts["none"].endswith("TypeError: cannot unpack non-iterable NoneType object")
    assert "name 'nine' is not defined" in texts["misspelt"]


def test_a_check_is_blocked_until_what_it_needs_has_passed() -> None:
    checks = [
        Check("late", "assert True", False, needs=("right",)),
        Check("right", "assert f(3) == 9", False),
        Check("wrong", "assert f(3) == 10", False),
        Check("after wrong", "assert True", False, needs=("right", "wrong")),
        Check("after blocked", "assert True", False, needs=("after wrong",)),
        Check("elsewhere", "assert True", False, needs=("a question",)),
        Check("chicken", "assert True", False, needs=("egg",)),
        Check("egg", "assert True", False, needs=("chicken",)),
    ]
    report = grade([NUMPY, SQUARE], checks)
    assert list(outcomes(report).items()) == [
        ("late", "passed"),
        ("right", "passed"),
        ("wrong", "failed"),
        ("after wrong", "blocked"),
        ("after blocked", "blocked"),
        ("elsewhere", "passed"),
        ("chicken", "blocked"),
        ("egg", "blocked"),
    ]


def test_partial_credit_is_what_the_last_award_says_unless_the_check_fails() -> None:
    checks = {
        "part": "award(0.2)\naward(0.4, 'two of five')",
        "all": "award(1.5)",
        "nothing": "award(float('nan'))",
        "failed": "award(1)\nassert False",
        "object": "award(f)",
    }
    runs = {run.name: run for run in grade([NUMPY, SQUARE], checks).checks}
    assert (runs["part"].outcome, runs["part"].fraction, runs["part"].note) == ("failed", 0.4, "two of five")
    assert (runs["all"].outcome, runs["all"].fraction) == ("passed", 1.0)
    assert [(runs[name].outcome, runs[name].fraction) for name in ("nothing", "failed", "object")] == [("failed", 0.0)] * 3


def test_what_only_the_suspect_can_tell_is_marked() -> None:
    answer = """
import warnings
def f(items, *, table):
    items.append(4)
    table["seen"] = True
    print("hello")
    warnings.warn("careful")
    return len(items)
def g(x): raise KeyError(x)
"""
    checks = {
        "arguments": "x = [1]\nassert observe(f, x, table={}).arguments == [[1, 4]] and x == [1]",
        "named": "assert observe(f, [], table={}).named == {'table': {'seen': True}}",
        "printed": "assert observe(f, [], table={}).printed == 'hello\\n'",
        "warnings": "assert observe(f, [], table={}).warnings == [('UserWarning', 'careful')]",
        "result": "assert observe(f, [], table={}).result == 1",
        "error": "seen = observe(g, 'k')\nassert isinstance(seen.error, KeyError)",
        "cpu": "assert 0 <= observe(f, [], table={}).cpu_seconds < 0.5",
        "raises": "observe(g, 'k').result",
    }
    runs = {run.name: run for run in grade([answer], checks, remote="f g").checks}
    assert {name: run.outcome for name, run in runs.items()} == {**dict.fromkeys(checks, "passed"), "raises": "crashed"}
    assert {name for name, run in runs.items() if run.reported} == {"arguments", "named", "printed", "warnings"}


def test_processor_time_is_measured_from_outside_and_counts_child_processes() -> None:
    answer = """
import os, time
def f():
    end = clock() + 0.2
    while clock() < end: pass
clock = time.process_time
def g():
    if os.fork() == 0:
        f()
        os._exit(0)
    os.wait()
time.process_time = time.thread_time = lambda: 0.0
def idle(): time.sleep(0.2)
"""
    checks = {
        "own": "assert observe(f).cpu_seconds > 0.18",
        "child": "assert observe(g).cpu_seconds > 0.18",
        "idle": "assert observe(idle).cpu_seconds < 0.1",
    }
    assert outcomes(grade([answer], checks, remote="f g idle")) == dict.fromkeys(checks, "passed")


def test_time_in_a_process_for_which_nobody_waits_is_measured_where_linux_counts_by_group() -> None:
    """Ended children of a process that ignores their signal appear nowhere in /proc."""
    answer = """
import os, signal, time
def busy(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end: pass
def f():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    reading, writing = os.pipe()
    if os.fork() == 0:
        busy(0.2)
        os.write(writing, b".")
        os._exit(0)
    os.read(reading, 1)
    time.sleep(0.05)
"""
    found = outcomes(grade([answer], {"hidden child": "assert observe(f).cpu_seconds > 0.18"}))
    counted = forkserver().cgroups.controllers & {"cpu", "cpuacct"}
    assert found == {"hidden child": "passed" if counted else "failed"}


def test_the_memory_of_a_call_is_the_most_that_it_held() -> None:
    answer = """
import resource
resource.getrusage = lambda who: None
def f(): return len(bytearray(b"x") * (100 << 20))
def g(): return 1
"""
    checks = {
        "much": "assert 90 < observe(f).memory_mb < 130",
        "hardly any": "assert observe(g).memory_mb < 10",
        "after much": "f()\nassert observe(g).memory_mb < 10",
    }
    assert outcomes(grade([answer], checks, remote="f g")) == dict.fromkeys(checks, "passed")


def test_the_time_of_work_that_is_still_to_come_is_not_measured() -> None:
    answer = "class Later: pass\ndef f(): return (n for n in range(3))\ndef g(): return [Later()]"
    checks = {"generator": "assert observe(f).cpu_seconds < 1", "object": "assert observe(g).cpu_seconds < 1"}
    runs = grade([answer], checks, remote="f g").checks
    assert [run.outcome for run in runs] == ["failed", "failed"]
    assert "a finished result, because its time is measured" in runs[0].text


def test_a_text_that_should_be_code_or_a_pattern_is_the_answers() -> None:
    checks = {"pattern": "import re\nre.match(f(), 'a')", "code": "import ast\nast.parse(f())"}
    assert outcomes(grade(["def f(): return '('"], checks)) == dict.fromkeys(checks, "failed")
    parse = {"source": "import ast\nast.parse(source('f'))"}
    assert outcomes(grade(["f = 1"], parse, sources={"f": "def f(:"})) == {"source": "failed"}


def test_random_numbers_depend_on_the_seed_and_the_check_alone() -> None:
    checks = {
        "a": "award(rng.random())",
        "b": "award(rng.random())",
        "c": "award(np.random.rand())",
        "d": "import random\naward(random.random())",
    }

    def fractions(seed: int) -> list[float]:
        return [run.fraction for run in grade([SQUARE], checks, seed=seed).checks]

    first = fractions(1)
    assert fractions(1) == first
    assert len({*first, *fractions(2)}) == 8


def test_the_notebooks_global_generators_are_seeded_too() -> None:
    cells = [NUMPY, "import random\nf = [random.random(), float(np.random.rand())]"]
    fractions = [grade(cells, {"c": "award(f[0] / 2 + f[1] / 4)"}).checks[0].fraction for _ in range(2)]
    assert fractions[0] == fractions[1]


def test_each_check_starts_from_the_same_state_on_both_sides() -> None:
    cells = ["calls = []\ndef f(x):\n    calls.append(x)\n    return len(calls)"]
    setup = (NUMPY, "data = np.zeros(3)\nlists = {'a': [1]}\ndraw = np.random.default_rng(0)")
    source = "assert f(1) == 1 and data[0] == 0 and lists == {'a': [1]}\ndata[0] = 1\nlists['a'].append(2)\naward(draw.random())"
    runs = grade(cells, {"first": source, "second": source}, setup=setup).checks
    assert runs[0].fraction == runs[1].fraction > 0


def test_data_that_a_setup_function_uses_is_the_same_for_the_check() -> None:
    setup = ("calls = []\ndef counted(x):\n    calls.append(x)\n    return x",)
    run = check_alone("def f(g): return g(1) + g(2)", "assert f(counted) == 3\nassert calls == [1, 2]", setup=setup)
    assert (run.outcome, run.text) == ("passed", "")


def test_calls_inside_calls_end_at_a_limit() -> None:
    source = "def g(h, n): return n if n > 90 else h(g, n + 1)\nf(g, 0)"
    run = check_alone("def f(g, n): return g(f, n)", source)
    assert (run.outcome, run.text) == ("crashed", "RecursionError: more than 20 calls into the notebook inside one another")


def test_setup_is_the_judges_own_except_for_the_names_of_the_answer() -> None:
    setup = (
        "%matplotlib inline\nimport numpy as np\ndef helper(): return 1\ndef f(x): return 'stub'",
        "def through(x): return f(x) + helper()",
    )
    cells = ["def f(x): return 10\ndef helper(): return 1000"]
    assert check_alone(cells[0], "assert through(2) == 11", setup=setup).outcome == "passed"


def test_a_setup_that_fails_in_the_judge_is_our_fault_and_says_which_cell() -> None:
    run = check_alone(SQUARE, "assert f(3) == 9", setup=(NUMPY, "1 / 0"))
    assert run.outcome == "our_fault"
    assert run.text.startswith("Setup cell 2 fails in the judge.")


def test_sources_and_files_reach_the_judge_and_only_public_files_the_suspect() -> None:
    cells = ["import os\nf = sorted(os.listdir())\ntext = open('data.csv').read()"]
    checks = {
        "public": "assert f == ['data.csv'] and text == open('data.csv').read() == 'a,b'",
        "private": "assert open(private('truth.csv')).read() == 'secret'",
        "source": "assert 'listdir' in source('answer')",
        "no such": "source('other')",
        "no file": "private('data.csv')",
    }
    report = grade(
        cells,
        checks,
        remote="f text",
        files={"data.csv": b"a,b"},
        private_files={"truth.csv": b"secret"},
        sources={"answer": cells[0]},
    )
    expected = {**dict.fromkeys(checks, "passed"), "no such": "our_fault", "no file": "our_fault"}
    assert outcomes(report) == expected


def test_judge_functions_can_be_called_back() -> None:
    answer = """
def f(function, n): return [function(i, by=n) for i in range(n)]
def check_splitter(split):
    left, right = split([1, 2, 3, 4])
    assert len(left) + len(right) == 4, "rows are lost"
def same(x): return x
def safe(function):
    try: function()
    except ZeroDivisionError as error: return str(error)
"""
    checks = {
        "call": "assert f(lambda i, by: i * by, 3) == [0, 3, 6]",
        "same": "def own(): pass\nassert same(own) is own and same(max) is max",
        "raises": "assert safe(lambda: 1 / 0) == 'division by zero'",
        "inside": "assert f(lambda i, by: same(i), 2) == [0, 1]",
        "tests": """
check_splitter(lambda rows: (rows[:2], rows[2:]))
caught = 0
for broken in (lambda rows: (rows[:1], rows[2:]), lambda rows: (rows, rows)):
    try: check_splitter(broken)
    except AssertionError: caught += 1
award(caught / 2)
""",
        "rejects": "check_splitter(lambda rows: ([], []))",
        "hangs": "f(lambda i, by: [0 for _ in iter(int, 1)], 1)",
    }
    named = [Check(name, source, False, seconds=1 if name == "hangs" else 10) for name, source in checks.items()]
    report = grade([answer], named, remote="f check_splitter same safe")
    assert outcomes(report) == {**dict.fromkeys(checks, "passed"), "rejects": "crashed", "hangs": "timed_out"}


def test_a_query_is_plain_text_that_the_judge_runs_itself() -> None:
    source = """
import sqlite3
database = sqlite3.connect(":memory:")
database.execute("create table t (a int)")
database.executemany("insert into t values (?)", [(i,) for i in range(5)])
assert database.execute(query).fetchall() == [(3,), (4,)]
"""
    right = grade(['query = """\nselect a from t where a > 2 order by a\n"""'], {"sql": source}, remote="query")
    wrong = grade(['query = "selec"'], {"sql": source}, remote="query").checks[0]
    assert outcomes(right) == {"sql": "passed"}
    assert wrong.outcome == "failed" and "syntax error" in wrong.text


def test_progress_is_told_in_sentences() -> None:
    told: list[str] = []
    run_trial(forkserver(), plan(["x = 1", "y = 2"], {"a": "assert x", "b": "assert y"}, remote="x y"), told.append)
    assert told == ["Running cell 1 of 2", "Running cell 2 of 2", "Check 1 of 2", "Check 2 of 2"]


def test_a_plan_without_checks_only_runs_the_cells() -> None:
    report = run_trial(forkserver(), plan(["x = 1"], {}))
    assert (report.cells[0].status, report.checks) == ("ok", ())
    assert report.seconds >= report.notebook_seconds > 0


def test_checks_without_a_notebook_still_run() -> None:
    report = run_trial(forkserver(), TrialPlan((), (), (Check("c", "assert True", False),), ()))
    assert (report.cells, outcomes(report)) == ((), {"c": "passed"})


def test_an_authors_function_runs_for_many_arguments_and_gives_plain_data() -> None:
    source = """
import numpy as np
def variant(seed):
    draw = np.random.default_rng(seed)
    return dict(n=int(draw.integers(5, 9)), mean=draw.normal(), ok=np.True_, rows=np.arange(2), name="a", pair=(1, 2.5))
"""
    results = run_function(forkserver(), source, "variant", [[seed] for seed in range(200)], Limits())
    assert len(results) == 200
    first = results[0]
    assert isinstance(first, dict)
    assert {name: type(value) for name, value in first.items()} == {
        "n": int,
        "mean": float,
        "ok": bool,
        "rows": list,
        "name": str,
        "pair": list,
    }
    assert run_function(forkserver(), source, "variant", [[0]], Limits()) == [first]


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("def other(seed): return {}", "There is no function `variant`."),
        ("def variant(seed): return {'a': object()}", r"variant\(1\) returns an object of type object"),
        ("def variant(seed): return 2 ** 70", "more than 64 bits"),
        ("def variant(seed): return 1 / 0", r"(?s)variant\(1\) fails.*ZeroDivisionError"),
        ("import nothing_like_it", "(?s)Setup cell 1 fails.*No module named"),
        ("import os\ndef variant(seed): os._exit(1)", "The process ended in `variant`"),
    ],
)
def test_an_authors_function_that_fails_is_told_in_a_sentence(source: str, sentence: str) -> None:
    with pytest.raises(FunctionFailed, match=sentence):
        run_function(forkserver(), source, "variant", [[1]], Limits())
