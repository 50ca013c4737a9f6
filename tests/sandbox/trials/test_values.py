"""Which values cross between judge and suspect, there and back, in real processes: numpy, pandas and what is refused."""

from tests.trials import NUMPY, check_alone, grade, outcomes

ECHO = "def f(x): return x"
PLAIN = """
import collections, datetime, decimal, fractions
values = [
    None, True, 1, -1, 2**64, -2**70, 1.5, float("inf"), "", "é" * 5000, b"x" * 9000, [1.0, None], [1, "a"], list(range(1000)),
          tuple(range(300)), {1: 2, "a": [1]}, {1, 2}, frozenset([1]), 1 + 2j, range(3), slice(1, None, 2), {(1, 2): {3}},
          datetime.datetime(2020, 1, 2, 3, 4, 5, 6), datetime.timedelta(1, 2), decimal.Decimal("1.10"), fractions.Fraction(1, 3),
          collections.Counter("aab"), collections.deque([1, 2], 5), int, float, type(None)]
for value in values:
    back = f(value)
    assert back == value and type(back) is type(value), value
"""
ARRAYS = """
arrays = [np.arange(5), np.zeros((2, 3)), np.ones((3, 0)), np.array(3.5), np.array([True, False]), np.array(["a", "bcd"]),
          np.array([b"x"]), np.array(["2020-01-01"], "M8[D]"), np.array([1, 2], "m8[ns]"),
          np.arange(6, dtype=">i4").reshape(2, 3), np.array([1 + 2j]), np.float32([1.5]),
          np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(10)[::2], np.array([""]),
          rng.normal(size=(300, 300)), np.float16([1]), np.array(["a", None, [1]], dtype=object)]
for array in arrays:
    back = f(array)
    assert type(back) is np.ndarray and back.shape == array.shape and back.dtype == array.dtype, array
    assert np.array_equal(back, array) and back.flags.writeable and back is not array, array
for scalar in [np.float64(1.5), np.int8(3), np.bool_(True), np.str_("a"), np.datetime64("2020-01-01"), np.complex64(1j)]:
    back = f(scalar)
    assert type(back) is type(scalar) and back == scalar, scalar
row = [np.float64(i) for i in range(500)]
assert f(row) == row and type(f(row)[0]) is np.float64
assert f(np.dtype("f4")) == np.dtype("f4") and f(np.float64) is np.float64
"""
TABLES = """
import pandas as pd
from pandas.testing import assert_frame_equal, assert_index_equal, assert_series_equal
table = pd.DataFrame({
    "int": [1, 2, 3], "float": [1.5, np.nan, 2], "text": ["a", None, "c"], "bool": [True, False, True],
    "day": pd.date_range("2020", periods=3), "zoned": pd.date_range("2020", periods=3, tz="Europe/Paris"),
    "category": pd.Categorical(["u", "v", "u"]), "ordered": pd.Categorical(["u", "v", "u"], ["v", "u"], ordered=True),
    "Int": pd.array([1, None, 3], dtype="Int64"), "Float": pd.array([1.0, None, 3], dtype="Float64"),
    "Bool": pd.array([True, None, False], dtype="boolean"), "object": pd.Series([1, "a", None], dtype=object),
    "string": pd.array(["a", None, "b"], dtype="string")})
tables = [table, table.set_index("text"), table.set_index(["int", "category"]), table.iloc[:0], table[[]], pd.DataFrame(),
          table.rename(columns={"int": 1}), pd.DataFrame(np.zeros((2, 2))), pd.DataFrame({"a": [1, 2]}, index=[5, 5]),
          pd.concat([table[["int", "float"]]] * 2, axis=1), table.set_index("day"), table.set_index("zoned"), table[::-1],
          table.groupby("category", observed=True)[["float"]].agg(["mean", "sum"]),
          pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2, freq="D"))]
for one in tables:
    assert_frame_equal(f(one), one)
for one in [table["int"], table["text"], table["category"], table["zoned"], table["float"].rename(None), table["day"].diff(),
            table["category"].value_counts(), pd.Series([], dtype=float), pd.Series({"a": 1}, name=("x", 1))]:
    assert_series_equal(f(one), one)
for one in [pd.RangeIndex(3), pd.Index(["a", "b"], name="q"), pd.date_range("2020", periods=3, freq="h"), pd.Index([1.5, 2]),
            pd.MultiIndex.from_product([[1, 2], ["a"]], names=["x", "y"]), pd.timedelta_range("1h", periods=2)]:
    assert_index_equal(f(one), one, exact=True)
for one in [pd.Timestamp("2020-01-01 01:02:03.5"), pd.Timestamp("2020", tz="UTC"), pd.Timedelta("1h")]:
    assert f(one) == one and type(f(one)) is type(one)
assert f(pd.NaT) is pd.NaT and f(pd.NA) is pd.NA
"""


def test_plain_values_arrays_and_tables_come_back_as_they_went() -> None:
    report = grade([NUMPY, ECHO], {"plain": PLAIN, "arrays": ARRAYS, "tables": TABLES})
    assert {run.name: (run.outcome, run.text) for run in report.checks} == dict.fromkeys(
        ("plain", "arrays", "tables"), ("passed", "")
    )


def test_a_random_generator_can_be_an_argument_and_is_a_copy() -> None:
    checks = {
        "draws": "draw = np.random.default_rng(rng.integers(99))\n"
        "expected = np.random.default_rng(0)\nexpected.bit_generator.state = draw.bit_generator.state\n"
        "assert f(draw) == expected.random() == draw.random()",
        "own": "assert f(2) == 2 or f(rng)",
        "returned": "g().random(); assert g() == 1",
    }
    report = grade(
        [NUMPY, "def f(draw): return float(draw.random()) if draw != 2 else 0.0\ndef g(): return np.random.default_rng()"],
        checks,
        remote="f g",
    )
    assert outcomes(report) == {"draws": "passed", "own": "our_fault", "returned": "failed"}
    assert "a check's own rng would tell what it draws next" in report.checks[1].text


def test_what_cannot_be_sent_is_the_authors_fault() -> None:
    report = grade([ECHO], {"object": "f(1)\nf(object())", "large": "f(1)\nf(np.zeros(10_000_000))"})
    assert outcomes(report) == {"object": "our_fault", "large": "our_fault"}
    assert "an object of type object cannot be sent to the notebook" in report.checks[0].text


def test_what_is_too_large_to_come_back_is_the_answers_fault() -> None:
    checks = {"array": "f(10_000_000)", "text": "g(100_000_000)", "deep": "h(200)"}
    deep = "def h(n):\n    value = []\n    for _ in range(n): value = [value]\n    return value"
    report = grade([NUMPY, "def f(n): return np.zeros(n)\ndef g(n): return 'x' * n", deep], checks, remote="f g h")
    assert outcomes(report) == dict.fromkeys(checks, "crashed")
    assert [run.text for run in report.checks] == [
        "`f(...)` is larger than 64 MB.",
        "`g(...)` is larger than 64 MB.",
        "`h(...)` is nested more than 40 levels deep, or holds itself.",
    ]


def test_an_array_without_items_that_takes_for_ever_to_walk_is_refused() -> None:
    shapes = ["(2**40, 0)", "(0, 10**4, 10**4)"]
    answer = "def f(shape, kind): return np.empty(shape, kind)"
    checks = {f"{shape} {kind}": f"f({shape}, {kind!r})" for shape in shapes for kind in ("f8", "O", "U3")}
    runs = grade([NUMPY, answer], checks).checks
    assert [(run.outcome, "has no items and axes longer than" in run.text) for run in runs] == [("crashed", True)] * len(checks)
    assert check_alone(answer, "assert f((0, 10**6), 'f8').shape == (0, 10**6)").outcome == "passed"
