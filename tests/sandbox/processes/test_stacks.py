"""A grading gets the smallest process that has its libraries ready, and means the same in all of them."""

import pytest

from sandbox.processes.stacks import smallest_stack
from sandbox.trials.trial import Cell, Check, TrialPlan, run_trial
from tests.trials import forkserver


@pytest.mark.parametrize(
    ("source", "stack"),
    [
        ("", "arrays"),
        ("x = 1", "arrays"),
        ("import math, json as j\nfrom collections import Counter", "arrays"),
        ("import numpy as np", "arrays"),
        ("import numpy as np, pandas as pd", "tables"),
        ("def plot():\n    from matplotlib import pyplot as plt", "tables"),
        ("if True: import pandas", "tables"),
        ("x = 1; import pandas.api.types", "tables"),
        ("importlib.import_module('pandas')", "tables"),
        ("%matplotlib inline\nimport numpy", "tables"),
        ("import pandas  # import sklearn, which is a comment", "tables"),
        ("from sklearn.linear_model import Ridge", "whole"),
        ("import scipy.stats as st", "whole"),
        ("import numpy as np, helper_of_the_author", "whole"),
        ("this is ( no Python\nimport sklearn", "whole"),
    ],
)
def test_the_smallest_stack_that_has_what_a_source_imports(source: str, stack: str) -> None:
    assert smallest_stack([source]) == stack


def test_all_sources_count_together() -> None:
    assert smallest_stack(["import numpy", "import pandas", ""]) == "tables"
    assert smallest_stack(["import pandas", "import torch"]) == "whole"


def test_checks_decide_as_cells_do() -> None:
    """A check that sends a table to a notebook without one must not send it a stranger."""
    plan = TrialPlan((Cell("a", "def rows(t): return len(t)"),), (), (Check("c", "import pandas as pd", True),), ("rows",))
    assert plan.stack == "tables"


@pytest.mark.parametrize(
    ("cell", "check"),
    [
        ("import numpy as np\nx = np.arange(3)", "assert x.sum() == 3 and type(x).__name__ == 'ndarray'"),
        ("import pandas as pd\nx = pd.DataFrame({'a': [1, 2]})", "assert list(x['a']) == [1, 2]"),
        ("m = __import__('pandas')\nx = m.DataFrame({'a': [1, 2]})", "assert x.shape == (2, 1)"),
        ("import sklearn.linear_model as l\nx = l.Ridge().alpha", "assert x == 1.0"),
    ],
)
def test_whatever_the_stack_the_values_arrive(cell: str, check: str) -> None:
    report = run_trial(forkserver(), TrialPlan((Cell("a", cell),), (), (Check("c", check, False),), ("x",)))
    assert [(run.outcome, run.text) for run in report.checks] == [("passed", "")]


def test_a_library_that_is_not_ready_is_imported_from_disk() -> None:
    """The name is put together, so that no process has it ready: slower, and nothing else."""
    cell = "import sys\nname = 'skl' + 'earn'\nready = name in sys.modules\nversion = __import__(name).__version__"
    check = "assert not ready and version.count('.') == 2"
    plan = TrialPlan((Cell("a", cell),), (), (Check("c", check, False),), ("ready", "version"))
    report = run_trial(forkserver(), plan)
    assert [(run.outcome, run.text) for run in report.checks] == [("passed", "")]


def test_each_stack_has_a_zygote_of_its_own() -> None:
    server = forkserver()
    server.start("arrays")
    server.start("tables")
    server.start()
    pids = server.zygote_pids
    assert len(pids) == len(set(pids)) == 3
    assert server.zygote_pid in pids
