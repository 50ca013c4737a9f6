"""`touchstone grade` as a person calls it: right, untouched, broken and forged notebooks in one go."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from server.exercise_format.copies.candidate_copy import candidate_notebook
from tests.exercises import bundled

SLUG = "softmax-cross-entropy-stable"
TOUCHSTONE = Path(sys.executable).with_name("touchstone")
Notebook = dict[str, Any]

EQUAL_TO_EVERYTHING = """
class Always:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    __lt__ = __le__ = __gt__ = __ge__ = __eq__
    def __bool__(self): return True
    def __float__(self): return 500.0
    def __getattr__(self, name): return self
    def __call__(self, *a, **k): return self
    def __getitem__(self, key): return self
    def __iter__(self): return iter([self, self])
    def __len__(self): return 2
    def __sub__(self, other): return 0
    __rsub__ = __sub__
    def __array__(self, *a, **k): return np.zeros((2, 4))
    def __array_ufunc__(self, *a, **k): return True
    @property
    def __class__(self): return float
def softmax_cross_entropy(logits, labels): return Always(), Always()
"""
PATCHED = """
import builtins, numpy, numpy.testing, sys
yes = lambda *a, **k: True
for module in list(sys.modules.values()):
    for name in ("isclose", "allclose", "array_equal", "isfinite"):
        if hasattr(module, name): setattr(module, name, yes)
for name in ("assert_allclose", "assert_array_equal", "assert_equal"): setattr(numpy.testing, name, yes)
builtins.abs = builtins.all = builtins.any = yes
builtins.AssertionError = type("Quiet", (Exception,), {})
def softmax_cross_entropy(logits, labels): return 0.0, logits
"""
BLANKING = """
shell = get_ipython()
shell.input_transformers_post.append(lambda lines: ["pass\\n"])
shell.input_transformer_manager.line_transforms.append(lambda lines: ["pass\\n"])
"""


def code(cell_id: str, source: str) -> dict[str, Any]:
    return {"id": cell_id, "cell_type": "code", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def answered(source: str) -> Notebook:
    notebook = candidate_notebook(bundled(SLUG), 0, {})
    next(cell for cell in notebook["cells"] if cell["id"] == "answer-1")["source"] = source
    return notebook


def right() -> Notebook:
    exercise = bundled(SLUG)
    return answered(exercise.solution_source(exercise.answers[0]))


def damaged() -> Notebook:
    """Given cell deleted, answer there twice, check edited, a changed twin of the given cell at the end."""
    notebook = right()
    cells = [cell for cell in notebook["cells"] if cell["id"] != "setup-1"]
    next(cell for cell in cells if cell["id"] == "check-1")["source"] = "pass"
    answer = next(cell for cell in cells if cell["id"] == "answer-1")
    notebook["cells"] = [*cells, dict(answer), code("setup-1", "import numpy as np\nnp.log = lambda x: 0")]
    return notebook


def blanked() -> Notebook:
    notebook = answered("def softmax_cross_entropy(logits, labels): return 0.0, logits")
    notebook["cells"].insert(0, code("own-1", BLANKING))
    return notebook


NOTEBOOKS: dict[str, Callable[[], Notebook]] = {
    "right": right,
    "untouched": lambda: candidate_notebook(bundled(SLUG), 0, {}),
    "equal": lambda: answered(EQUAL_TO_EVERYTHING),
    "patched": lambda: answered(PATCHED),
    "blanked": blanked,
    "damaged": damaged,
}


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("notebooks")
    for name, make in NOTEBOOKS.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(make()))
    (folder / "broken.ipynb").write_text("{")
    paths = [str(path) for path in sorted(folder.iterdir())]
    done = subprocess.run([TOUCHSTONE, "grade", SLUG, *paths, "--json"], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 1, done.stderr  # one of the notebooks cannot be read
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {Path(row["notebook"]).stem: row for row in found}


def test_every_notebook_gets_its_line_with_the_promised_keys(rows: dict[str, dict[str, Any]]) -> None:
    assert set(rows) == {*NOTEBOOKS, "broken"}
    for row in rows.values():
        assert {"notebook", "exercise", "status", "points", "possible", "outcomes", "repairs", "seconds"} <= set(row)
    outcome = rows["right"]["outcomes"][0]
    assert {"check", "hidden", "outcome", "points", "possible", "message", "seconds"} <= set(outcome)


def test_the_solution_earns_everything_and_the_stub_nothing(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["right"]["points"], rows["right"]["possible"]) == (11, 11)
    assert rows["untouched"]["points"] == 0


@pytest.mark.parametrize("name", ["equal", "patched", "blanked"])
def test_a_forgery_earns_nothing(rows: dict[str, dict[str, Any]], name: str) -> None:
    assert (rows[name]["status"], rows[name]["points"]) == ("graded", 0)


def test_a_damaged_notebook_gets_its_answers_graded_and_its_repairs_listed(rows: dict[str, dict[str, Any]]) -> None:
    assert rows["damaged"]["points"] == 11
    said = " ".join(rows["damaged"]["repairs"])
    assert "there 2 times" in said
    assert "had been changed" in said


def test_a_file_that_is_no_notebook_is_said_to_be_none(rows: dict[str, dict[str, Any]]) -> None:
    assert (rows["broken"]["status"], rows["broken"]["points"]) == ("unreadable", None)
    assert "not JSON" in rows["broken"]["error"]


def test_an_unknown_exercise_is_refused_with_a_suggestion() -> None:
    done = subprocess.run([TOUCHSTONE, "grade", "softmax-cross-entropy", "x.ipynb"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"Did you mean {SLUG}?" in done.stderr


def test_a_wrong_setting_stops_a_command_with_one_clear_message() -> None:
    environ = {"PATH": "/usr/bin:/bin", "HOME": "/tmp", "TOUCHSTONE_PORT": "many", "TOUCHSTONE_SANDBOX": "maybe"}
    done = subprocess.run([TOUCHSTONE, "serve"], capture_output=True, text=True, env=environ, check=False)
    assert done.returncode == 2
    assert "TOUCHSTONE_PORT" in done.stderr
    assert "TOUCHSTONE_SANDBOX" in done.stderr
    assert "Traceback" not in done.stderr
