"""The checks library between a real judge and a real suspect: arrays and tables, hidden and visible, handles, partial credit."""

import pytest

from sandbox.inside.checks.public import NAMES
from sandbox.processes.stacks import smallest_stack
from sandbox.trials.trial import CheckRun
from tests.trials import NUMPY, check_alone, grade, outcomes

IMPORT = f"from touchstone.checks import {', '.join(NAMES)}"
ECHO = "def f(x): return x"
TABLES = "import pandas as pd\nT = pd.DataFrame({'id': [1, 2, 3], 'share': [0.25, 0.5, np.nan], 'name': ['a', 'b', None]})"
SECRET = 123456.789


def told(checks: dict[str, str], cells: list[str], setup: tuple[str, ...] = (), **more: object) -> dict[str, tuple[str, str]]:
    report = grade([NUMPY, *cells], checks, setup=(NUMPY, IMPORT, *setup), **more)
    return {run.name: (run.outcome, run.text) for run in report.checks}


VALUES = {
    "close(f(2.0889), 1.0445)": "expected 1.0445, got 2.0889",
    "close(f([1.0, 2.0, 3.5]), np.array([1, 2, 3]))": "at [2]: expected 3, got 3.5; 1 of 3 values are off, by up to 0.5",
    "close(f(np.ones((2, 3))), np.ones((3, 2)))": "expected the shape (3, 2), got (2, 3)",
    "close(f(np.ones((2, 1))), np.ones(2))": "expected the shape (2,), got (2, 1)",
    "close(f(np.ones(2)), 1.0)": "expected one number, got an array of shape (2,)",
    "close(f(1.0), np.ones(2))": "expected the shape (2,), got one number",
    "close(f(np.float32([1])), [1.0], dtype='float64')": "expected the dtype float64, got float32",
    "close(f(np.array([1])), [1.0], dtype='float')": "expected the dtype float, got int64",
    "close(f('1'), 1)": "expected numbers, got a text",
    "close(f(None), 1)": "expected numbers, got None",
    "close(f(True), 1)": "expected numbers, got True or False",
    "close(f([[1], [2, 3]]), [1, 2])": "expected numbers, got a list",
    "close(f(float('nan')), 1.0)": "expected 1.0, got nan",
    "close(f(float('nan')), float('nan'))": "expected nan, got nan",
    "close(f(np.inf), 1.0)": "expected 1.0, got inf",
    "close(f(1e-9), 0.0)": "expected 0.0, got 1e-09",
    "close(f({'a': 1.0, 'b': 2.5}), {'a': 1.0, 'b': 2.0})": "['b']: expected 2.0, got 2.5",
    "close(f({'a': 1.0}), {'a': 1.0, 'b': 2.0})": "the key 'b' is missing",
    "close(f(2.0), 1.0, name='the loss', message='take the mean')": "take the mean: the loss: expected 1.0, got 2.0",
    "equal(f(np.array([1, 2])), [1, 3])": "at [1]: expected 3, got 2",
    "equal(f(np.float32([1])), np.float64([1]), same_type=True)": "expected float64 of shape (1,), got float32 of shape (1,)",
    "has_shape(f(np.ones((2, 3))), (None, 2))": "expected the shape (any, 2), got (2, 3)",
    "has_shape(f(np.ones(3)), (3,), dtype='int')": "expected the dtype int, got float64",
    "has_shape(f([1.0, np.nan]), (2,), finite=True)": "expected finite numbers only, without nan and inf",
    "has_shape(f([[1], [2, 3]]), (2, 2))": "expected rows of one length, got a ragged list",
}
RIGHT_VALUES = [
    "close(f(1.0000001), 1.0)",
    "close(f(1), 1.0)",
    "close(f([1, 2]), np.array([1.0, 2.0]))",
    "close(f(np.ones((2, 1))), np.ones(2), shape='squeezed')",
    "close(f(np.float32([0.1])), [0.1], rtol=1e-5, dtype='float')",
    "close(f(1e-9), 0.0, atol=1e-8)",
    "close(f([np.nan, np.inf]), [np.nan, np.inf], nan=True)",
    "close(f({'a': [1.0, 2.0]}), {'a': np.array([1.0, 2.0])})",
    "close(f(True), True)",
    "close(f(1 + 2j), 1 + 2j)",
    "close(f(np.ones((0, 3))), np.ones((0, 3)))",
    "equal(f({'a': (1, np.array([2]))}), {'a': [1, [2]]})",
    "has_shape(f(np.ones((2, 3))), (2, None), dtype='float', finite=True)",
    "has_shape(f(1.5), ())",
]
FRAMES = {
    "same_frame(f(T[['id', 'name']]), T)": "missing columns: 'share'",
    "same_frame(f(T.assign(more=1)), T)": "columns that should not be there: 'more'",
    "same_frame(f(T[['share', 'id', 'name']]), T)":
        "expected the columns in the order 'id', 'share', 'name', got 'share', 'id', 'name'",
    "same_frame(f(T.iloc[:2]), T)": "expected 3 rows, got 2",
    "same_frame(f(T[::-1]), T)": "column 'id', row 0 (counted from 0): expected 1, got 3",
    "same_frame(f(T.assign(share=[0.25, 0.75, np.nan])), T, row_order=False)":
        "no row of the result is id=2, share=0.5, name='b'",
    "same_frame(f(T.assign(share=[0.25, 0.5, 0.0])), T)": "column 'share', row 2 (counted from 0): expected None, got 0.0",
    "same_frame(f(T.assign(id=T['id'].astype(str))), T)": "column 'id': expected numbers (int64), got",
    "same_frame(f(T.assign(id=T['id'].astype(float))), T, dtypes='exact')": "column 'id': expected the dtype int64, got float64",
    "same_frame(f(T.set_index('id')), T.set_index('id').iloc[[0, 2, 1]], index=True)":
        "column 'index id', row 1 (counted from 0): expected 3, got 2",
    "same_frame(f(T['id']), T[['id']])": "expected a DataFrame, got a value of type Series",
    "same_frame(f([1, 2]), T)": "expected a DataFrame, got a list",
    "same_frame(f(T['id'] * 2), T['id'], name='the ranks')": "the ranks: column 'id', row 0 (counted from 0): expected 1, got 2",
}  # fmt: skip
RIGHT_FRAMES = [
    "same_frame(f(T), T, dtypes='exact', index=True)",
    "same_frame(f(T[::-1]), T, row_order=False)",
    "same_frame(f(T[['share', 'name', 'id']]), T, column_order=False)",
    "same_frame(f(T.assign(id=T['id'].astype(float))), T)",
    "same_frame(f(T.assign(id=T['id'].astype(str))).astype({'id': int}), T, dtypes='any')",
    "same_frame(f(T.set_index('id')), T[['share', 'name']])",
    "same_frame(f(T.assign(share=T['share'] * (1 + 1e-12))), T)",
    "same_frame(f(T['id'][::-1]), T['id'], row_order=False)",
    "same_frame(f(T.assign(name=T['name'].astype('category'))), T)",
    "same_frame(f(T.iloc[:0]), T.iloc[:0])",
]


@pytest.mark.parametrize(("wrong", "right", "setup"), [(VALUES, RIGHT_VALUES, ()), (FRAMES, RIGHT_FRAMES, (TABLES,))])
def test_a_wrong_value_fails_with_what_was_expected_and_a_right_one_passes(
    wrong: dict[str, str], right: list[str], setup: tuple[str, ...]
) -> None:
    found = told({source: source for source in [*wrong, *right]}, [ECHO], setup)
    assert {source: found[source] for source in right} == dict.fromkeys(right, ("passed", ""))
    assert {source: (found[source][0], found[source][1][: len(says)]) for source, says in wrong.items()} == {
        source: ("failed", says) for source, says in wrong.items()
    }


FAIL_WITH_THE_SECRET = {
    "close": f"close(f({SECRET}), 1.0, message='M')",
    "equal": f"equal(f([{SECRET}]), [1], message='M')",
    "has_shape": "has_shape(f(np.ones((123456,))), (1,), message='M')",
    "same_frame": f"same_frame(f(T.assign(share={SECRET})), T, message='M')",
    "raises": "raises(ValueError, shout, 'hidden 123456', message='M')",
    "mentions": "raises(KeyError, shout, 'hidden 123456', mentions='x', message='M')",
    "pure": "pure(spoil, [123456], message='M')",
    "metric_at_least": "metric_at_least('accuracy', f({123456: 0}), {123456: 1}, 0.9, decide='strict', message='M')",
    "metric_at_most": "metric_at_most('mae', f({123456: 0}), {123456: 123456}, 0.9, rng=rng, message='M')",
    "mean_is": f"mean_is(f([{SECRET}] * 9), 1.0, message='M')",
    "share_is": "share_is(f(123456), 200000, 0.1, message='M')",
    "counts_fit": "counts_fit(f({'a': 123456, 'b': 1}), {'a': 0.5, 'b': 0.5}, message='M')",
    "follows": f"follows(f([{SECRET}] * 90), lambda x: 0.5, message='M')",
    "grows_at_most": "grows_at_most(slow, lambda n: (n,), start=123456, budget=0.01, message='M')",
    "uses": "uses(source('f'), 'for', message='M')",
    "avoids": "avoids(source('f'), 'print123456', message='M')",
    "labelled_axes": "labelled_axes(f(dict(axes=[dict(title='123456')])), message='M')",
}
WRONG = [
    ECHO,
    "def shout(x): raise KeyError(x)",
    "def spoil(x): x[0] += 1",
    "def slow(n):\n    for i in range(10 ** 6): pass",
]


def run_with_secret(hidden: bool) -> dict[str, CheckRun]:
    report = grade(
        [NUMPY, *WRONG],
        FAIL_WITH_THE_SECRET,
        setup=(NUMPY, IMPORT, TABLES),
        remote="f shout spoil slow",
        hidden=hidden,
        sources={"f": "print123456()"},
    )
    return {run.name: run for run in report.checks}


def test_every_function_is_tried() -> None:
    assert set(FAIL_WITH_THE_SECRET) - {"mentions"} == set(NAMES) - {"seed_family", "estimator", "cases"}


def test_hidden_checks_show_the_authors_message_and_no_value() -> None:
    found = run_with_secret(hidden=True)
    assert {name: (run.outcome, run.text, run.note) for name, run in found.items()} == dict.fromkeys(found, ("failed", "M", ""))
    assert {name for name, run in found.items() if run.reported} == {"pure"}


def test_visible_checks_say_more() -> None:
    found = run_with_secret(hidden=False)
    assert {name: run.outcome for name, run in found.items()} == dict.fromkeys(found, "failed")
    assert [name for name, run in found.items() if not run.text.startswith("M: ") or len(run.text) < 12] == []


def test_an_object_of_the_notebook_decides_nothing() -> None:
    evil = "class Evil:\n    def __getattr__(self, name): return lambda *a, **k: self\n" + "\n".join(
        f"    def __{name}__(self, *a): return True" for name in ("eq", "le", "ge", "bool", "contains", "ne")
    )
    checks = {
        "close": "close(e(), 1.0)",
        "in a list": "close([1.0, e()], [1.0, 2.0])",
        "equal": "equal({'a': [e()]}, {'a': [1]})",
        "has_shape": "has_shape(e(), (1,))",
        "same_frame": "same_frame(e(), T)",
        "metric": "metric_at_least('accuracy', e(), {1: 1}, 0.5)",
        "metric row": "metric_at_least('accuracy', {1: e()}, {1: 1}, 0.5)",
        "mean_is": "mean_is(e(), 1.0)",
        "share_is": "share_is(e(), 10, 0.5)",
        "counts_fit": "counts_fit(e(), {'a': 0.5, 'b': 0.5})",
        "follows": "follows([e()], lambda x: x)",
        "labelled_axes": "labelled_axes(e())",
        "raises": "raises(TypeError, e())",
    }
    found = told(checks, [evil, "def e(): return Evil()"], (TABLES,), remote="e")
    wanted = "a function" if "raises" in found else ""
    for name, (outcome, text) in found.items():
        assert outcome == "failed", (name, text)
        assert text.startswith("`e(...)` is an Evil object; this check needs "), (name, text)
    assert wanted in found["raises"][1]


def test_a_name_that_is_missing_is_no_error_that_was_asked_for() -> None:
    found = told(
        {"missing": "raises(NameError, f, 1)", "inside": "raises(NameError, g)"}, ["def g(): return nowhere"], remote="f g"
    )
    assert found["missing"] == ("failed", "`f` is not defined: no cell that ran defines it.")
    assert found["inside"] == ("passed", "")


def test_an_error_class_of_the_notebook_counts_by_its_name_and_by_its_base() -> None:
    own = "class NotFitted(ValueError): pass\ndef f(): raise NotFitted('call fit first')"
    checks = {
        "name": "raises('NotFitted', f)",
        "base": "raises(ValueError, f, mentions='fit first')",
        "other": "raises(KeyError, f)",
    }
    assert told(checks, [own]) == {
        "name": ("passed", ""),
        "base": ("passed", ""),
        "other": ("failed", "expected a KeyError, got NotFitted: call fit first"),
    }


PARTS = """
with cases() as case:
    with case("one", weight=2):
        close(f(1), 1)
    with case("two"):
        close(f(2), 3, message="three is right")
    with case("an error", weight=3):
        f("x") + 1
    with case("an object", weight=1):
        close(g(), 1)
"""


def test_partial_credit_names_the_failing_cases_of_a_visible_check() -> None:
    cells = ["def f(x):\n    if x == 'x': raise KeyError('no')\n    return x", "class Own: pass\ndef g(): return Own()"]
    visible = grade([NUMPY, *cells], {"parts": PARTS}, setup=(IMPORT,), remote="f g").checks[0]
    assert (visible.outcome, visible.fraction, visible.text) == ("failed", 2 / 7, "")
    assert visible.note == (
        "1 of 4 cases pass. Not: two: three is right: expected 3, got 2; an error: KeyError: 'no'; "
        "an object: `g(...)` is an Own object; this check needs plain data (a number, text, a list, an array or a table) there."
    )
    hidden = grade([NUMPY, *cells], {"parts": PARTS}, setup=(IMPORT,), remote="f g", hidden=True).checks[0]
    assert (hidden.fraction, hidden.text, hidden.note) == (2 / 7, "", "1 of 4 cases pass.")


def test_a_case_cannot_hide_that_the_process_ended_or_that_the_check_is_wrong() -> None:
    run = "with cases() as case:\n    with case('a'):\n        {}\n    with case('b'):\n        close(f(1), 1)"
    cells = ["import os\ndef f(x): return x\ndef leave(): os._exit(0)"]
    found = told({"leaves": run.format("leave()"), "author": run.format("nowhere")}, cells, remote="f leave")
    assert found["leaves"][0] == "crashed"
    assert found["author"][0] == "our_fault"


def test_the_authors_mistakes_are_the_authors() -> None:
    checks = {
        "tolerance": "close(f(1), 1, rtol=-1)",
        "dtype": "close(f(1), 1, dtype='floot')",
        "text": "close(f('a'), 'a')",
        "table": "same_frame(f([1]), [1])",
        "rate": "mean_is(f([1, 2]), 1, false_alarm=2)",
    }
    assert {outcome for outcome, _ in told(checks, [ECHO]).values()} == {"our_fault"}


def test_growth_is_timed_by_the_judge_whatever_the_notebook_says_about_time() -> None:
    cells = [
        "import time\ntime.process_time = time.perf_counter = time.time = lambda: 0.0",
        "def linear(x): return sum(x)",
        "def quadratic(x):\n    return sum(1 for a in x for b in x if a < b)",
    ]
    make = "lambda n: (list(range(n)),)"
    checks = {
        "linear": f"grows_at_most(linear, {make})",
        "quadratic": f"grows_at_most(quadratic, {make}, start=200, message='look at each item once')",
    }
    found = told(checks, cells, remote="linear quadratic")
    assert found["linear"] == ("passed", "")
    assert found["quadratic"][0] == "failed"
    assert found["quadratic"][1].startswith("look at each item once: ")


def test_a_function_that_is_quick_because_it_does_nothing_is_found_out() -> None:
    lazy = "def f(x): return sorted(x) if len(x) < 100 else x"
    check = "grows_at_most(f, lambda n: (rng.permutation(n).tolist(),), largest=4000{})"
    verify = ", verify=lambda found, given: equal(found, sorted(given), message='sort it')"
    assert check_alone(lazy, f"{IMPORT}\n{check.format('')}").outcome == "passed"
    run = check_alone(lazy, f"{IMPORT}\n{check.format(verify)}")
    assert (run.outcome, run.text.split(":")[0]) == ("failed", "sort it")
    assert check_alone("f = sorted", f"{IMPORT}\n{check.format(verify)}").outcome == "passed"


def test_seeded_draws_are_tested_as_one_family() -> None:
    check = "mean_is([f(seed) for seed in seed_family(rng, 100)], 0.5, message='draw from 0 to 1')"
    fair = "def f(seed): return np.random.default_rng(seed).random()"
    assert check_alone(fair, f"{IMPORT}\n{check}").outcome == "passed"
    biased = check_alone(fair.replace("random()", "random() ** 3"), f"{IMPORT}\n{check}", hidden=True)
    assert (biased.outcome, biased.text) == ("failed", "draw from 0 to 1")


def test_an_array_exercise_loads_no_pandas_and_can_compare_a_table_all_the_same() -> None:
    lean = "from touchstone.checks import close, raises"
    assert smallest_stack([NUMPY, lean]) == "arrays"
    assert smallest_stack([NUMPY, "from touchstone.checks import close, same_frame"]) == "tables"
    checks = {
        "no pandas": "import sys\nclose(f(1.0), 1.0)\nassert 'pan' + 'das' not in sys.modules and 'scipy' not in sys.modules",
        "a table": "name = 'pan' + 'das'\nT = __import__(name).DataFrame({'a': [1]})\nvars()['same_' + 'frame'](T, T)",
    }
    report = grade([NUMPY, ECHO], checks, setup=(NUMPY, "from touchstone.checks import *"))
    assert outcomes(report) == dict.fromkeys(checks, "passed"), [run.text for run in report.checks]


def test_a_visible_check_can_be_run_by_hand_in_the_notebook() -> None:
    by_hand = f"{IMPORT}\nclose(2.0, 2.0)\npure(sorted, [2, 1])\nwith cases() as case, case('a'): equal(1, 1)\nran = True"
    report = grade([NUMPY, by_hand], {"ran": "assert ran"}, remote="ran")
    assert [cell.error for cell in report.cells] == ["", ""]
    assert outcomes(report) == {"ran": "passed"}


def test_what_is_imported_in_the_notebook_is_not_the_judges() -> None:
    spoilt = "import touchstone.checks as checks\nchecks.close = checks.equal = lambda *a, **k: None\ndef f(x): return 2"
    assert check_alone(spoilt, f"{IMPORT}\nclose(f(1), 1)").outcome == "failed"
