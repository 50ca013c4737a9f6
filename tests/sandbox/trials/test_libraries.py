"""What libraries make crosses the wall as plain data: sparse matrices, figures, files, rows of databases; and models stand in."""

from tests.trials import NUMPY, check_alone, grade, outcomes

SPARSE = """
import scipy.sparse as sp
def f(kind): return getattr(sp, kind)(sp.random(5, 7, density=0.4, random_state=0, format="coo"))
def echo(m): return m
def dense(m): return m.toarray()
"""
KINDS = "coo_matrix csr_matrix csc_matrix coo_array csr_array csc_array lil_matrix dok_array dia_matrix"
FIGURES = """
import matplotlib.pyplot as plt
import numpy as np
def f(x):
    figure, axes = plt.subplots()
    axes.plot(x, x ** 2, label="square")
    axes.bar([1, 2], [3, 4])
    axes.scatter([1, 2], [5, 6], label="dots")
    axes.set(xlabel="x", ylabel="y", title="Squares", yscale="log")
    axes.legend()
    return figure
def pair(): return plt.subplots(1, 2)
def draws():
    plt.figure()
    plt.imshow(np.zeros((4, 5)))
"""
MODELS = """
from sklearn.linear_model import LogisticRegression
import numpy as np
class Majority:
    def fit(self, X, y): self.answer = np.bincount(y).argmax()
    def predict(self, X): return np.full(len(X), self.answer)
class Liar(Majority):
    def predict(self, X): return [Anything() for _ in X]
class Anything:
    __eq__ = lambda self, other: True
def make(): return LogisticRegression()
def other(): return 1
"""
FOLDS = """
from sklearn.model_selection import cross_val_score
from touchstone.checks import estimator
X = rng.normal(size=(120, 2))
y = (X[:, 0] > 0).astype(int)
"""


def test_no_library_takes_the_place_of_another_in_the_codec() -> None:
    """A tag that two of them use would make honest answers unreadable as soon as both are loaded."""
    setup = (NUMPY, "import datetime, decimal, fractions, pandas as pd, scipy.sparse as sp")
    values = (
        "[datetime.date(2020, 1, 2), decimal.Decimal('1.5'), fractions.Fraction(1, 3), pd.Timestamp(0), np.float32(1), 'text']"
    )
    check = f"for value in {values}:\n    assert echo(value) == value\nassert echo(sp.csr_array(np.eye(2))).nnz == 2"
    report = grade([NUMPY, SPARSE], {"all": check}, remote="echo", setup=setup)
    assert (report.checks[0].outcome, report.checks[0].text) == ("passed", "")


def test_a_sparse_matrix_with_axes_that_take_the_memory_is_refused() -> None:
    answer = "import scipy.sparse as sp\ndef f(kind): return sp.coo_matrix((2**30, 2)).asformat(kind)"
    run = check_alone(answer, "f('coo')", setup=(NUMPY, "import scipy.sparse"))
    assert (run.outcome, "a sparse matrix with more than" in run.text) == ("crashed", True)


def test_sparse_matrices_cross_in_both_directions() -> None:
    checks = {
        "kinds": f"for kind in '{KINDS}'.split():\n    got = f(kind)\n"
        "    want = sp.random(5, 7, density=0.4, random_state=0).toarray()\n"
        "    assert np.array_equal(got.toarray(), want) and isinstance(got, sp.sparray) == kind.endswith('array')",
        "format": "assert f('csc_matrix').format == 'csc' and f('lil_matrix').format == 'csr'",
        "sent": "m = sp.csr_array(np.eye(3))\nassert np.array_equal(dense(m), np.eye(3)) and (echo(m) != m).nnz == 0",
        "empty": "assert echo(sp.csr_matrix((0, 4))).shape == (0, 4)",
    }
    report = grade([NUMPY, SPARSE], checks, remote="f echo dense", setup=(NUMPY, "import scipy.sparse as sp"))
    assert {run.name: (run.outcome, run.text) for run in report.checks} == dict.fromkeys(checks, ("passed", ""))


def test_a_forged_sparse_matrix_is_no_answer() -> None:
    forged = """
import scipy.sparse as sp, numpy as np
def f():
    m = sp.coo_matrix((np.ones(1), ([1], [0])), shape=(3, 3))
    m.coords[0][0] = 7
    return m
"""
    run = check_alone(forged, "f().sum()", setup=(NUMPY, "import scipy.sparse"))
    assert (run.outcome, run.text) == ("crashed", "Your code's process sent something that is no plain answer.")


def test_a_figure_arrives_as_what_it_shows() -> None:
    checks = {
        "figure": "[axes] = f(np.arange(1.0, 4.0))['axes']\n"
        "assert (axes['xlabel'], axes['ylabel'], axes['title'], axes['yscale']) == ('x', 'y', 'Squares', 'log')\n"
        "assert axes['legend'] == ['square', 'dots'] and axes['lines'][0]['label'] == 'square'\n"
        "assert np.array_equal(axes['lines'][0]['y'], [1, 4, 9]) and np.array_equal(axes['bars'][0]['y'], [3, 4])\n"
        "assert np.allclose(axes['bars'][0]['x'], [1, 2]) and np.array_equal(axes['points'][0]['y'], [5, 6])",
        "library": "from touchstone.checks import labelled_axes\nlabelled_axes(f(np.arange(1.0, 4.0)), title=True, legend=True)",
        "axes": "figure, axes = pair()\nassert len(figure['axes']) == 2 and axes.shape == (2,) and axes[0]['lines'] == []",
        "left open": "[figure] = observe(draws).figures\nassert figure['axes'][0]['images'] == [(4, 5)]",
    }
    report = grade([NUMPY, FIGURES], checks, remote="f pair draws")
    assert {run.name: (run.outcome, run.text) for run in report.checks} == dict.fromkeys(checks, ("passed", ""))
    assert not any(run.reported for run in report.checks)


def test_looking_at_open_figures_leaves_the_current_one_as_it_was() -> None:
    answer = "import matplotlib.pyplot as plt\nplt.figure(1)\nplt.figure(2)\nplt.figure(1)\ndef f(): return plt.gcf().number"
    assert check_alone(answer, "observe(f)\nassert f() == 1").outcome == "passed"


def test_without_figures_there_are_none() -> None:
    assert check_alone("def f(): pass", "assert observe(f).figures == []").outcome == "passed"


def test_a_file_of_the_notebook_is_read_and_a_missing_one_is_told() -> None:
    cells = ["from pathlib import Path\nPath('out').mkdir()\nPath('out/rows.csv').write_text('id,y\\n1,2\\n')\ndef f(): pass"]
    checks = {"there": "assert written('out/rows.csv') == b'id,y\\n1,2\\n'", "missing": "written('none.csv')"}
    there, missing = grade(cells, checks, hidden=True).checks
    assert there.outcome == "passed"
    assert (missing.outcome, missing.text) == ("failed", "Your notebook wrote no file `none.csv`.")


def test_rows_of_databases_are_plain_data() -> None:
    answer = """
import sqlite3, duckdb
def f():
    return sqlite3.connect(":memory:").execute("select 1, 'a', null, 2.5").fetchall()
def frame():
    return duckdb.sql("select 1 as a, 'x' as b").df()
"""
    checks = {
        "rows": "assert f() == [(1, 'a', None, 2.5)]",
        "frame": "got = frame()\nassert list(got.columns) == ['a', 'b'] and got.to_dict('list') == {'a': [1], 'b': ['x']}",
    }
    assert outcomes(grade([answer], checks, remote="f frame")) == dict.fromkeys(checks, "passed")


def test_a_model_of_the_notebook_stands_where_scikit_learn_wants_one() -> None:
    checks = {
        "library": f"{FOLDS}assert cross_val_score(estimator(make), X, y, cv=3).mean() > 0.9",
        "ranks": f"{FOLDS}assert cross_val_score(estimator(make), X, y, cv=3, scoring='roc_auc').mean() > 0.9",
        "own class": f"{FOLDS}assert cross_val_score(estimator(Majority), X, y, cv=3).mean() < 0.7",
        "no data": f"{FOLDS}assert cross_val_score(estimator(Liar), X, y, cv=3, error_score='raise').mean() > 0.9",
        "undeclared": f"{FOLDS}other(); estimator(other)",
    }
    remote, objects = "make Majority Liar other", "make Majority Liar"
    runs = grade([NUMPY, MODELS], checks, remote=remote, objects=objects, setup=(NUMPY, "import sklearn")).checks
    assert [(run.outcome, run.text) for run in runs[:3]] == [("passed", "")] * 3
    assert all(run.reported for run in runs[:4])
    assert [run.outcome for run in runs[3:]] == ["failed", "our_fault"]
    assert "declare its maker with `objects`" in runs[-1].text
