"""One forged check between two honest ones: it gains nothing, and the honest ones are not disturbed (C015, C016, C021, C023)."""

import pytest

from sandbox.limits import Limits
from sandbox.trials.trial import Check
from tests.attacks.grading.on_one_check import FORGERIES, OnOneCheck
from tests.attacks.grading.sabotage import HOSTILE_TREES, PRELUDE, SABOTAGES, TREE_NOTEBOOK, Sabotage
from tests.attacks.grading.same_process import run
from tests.trials import NUMPY, grade, outcomes

HONEST = "def honest(x): return x * x"
SECRET = 0x5EC2E7_1234_5678
RIGHT = "def f(x): return x * x"


def attacked(source: str, check: str, seconds: float = 10) -> dict[str, str]:
    """The attacked check between two honest ones, the second of them hidden."""
    checks = [
        Check("before", "assert honest(4) == 16", False),
        Check("attacked", check, False, seconds=seconds),
        Check("after", "assert honest(3) == 9", True),
    ]
    limits = Limits(memory_mb=512)
    return outcomes(grade([NUMPY, HONEST, PRELUDE, source], checks, remote="f honest", limits=limits, seed=SECRET))


@pytest.mark.parametrize("forgery", FORGERIES, ids=lambda forgery: forgery.name)
def test_a_forgery_gains_nothing_and_disturbs_nothing(forgery: OnOneCheck) -> None:
    found = attacked(forgery.source, forgery.check, seconds=2)
    assert found["attacked"] not in ("passed", "our_fault")
    assert (found["before"], found["after"]) == ("passed", "passed")


@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda sabotage: sabotage.name)
def test_sabotage_costs_only_its_own_check(sabotage: Sabotage) -> None:
    found = attacked(sabotage.source, sabotage.check, 0.6 if "timed_out" in sabotage.outcomes else 10)
    assert found["attacked"] in sabotage.outcomes
    assert (found["before"], found["after"]) == ("passed", "passed")


def test_the_same_check_passes_for_the_right_answer() -> None:
    """Otherwise the forgeries above would prove nothing."""
    assert attacked(RIGHT, FORGERIES[0].check) == {"before": "passed", "attacked": "passed", "after": "passed"}


def test_a_grader_in_the_same_process_is_fooled() -> None:
    cases = {each.name: {"cells": [each.source], "checks": {"c": each.check}} for each in FORGERIES if each.fools_naive}
    cases["right"] = {"cells": [RIGHT], "checks": {"c": FORGERIES[0].check}}
    cases["wrong"] = {"cells": ["def f(x): return x"], "checks": {"c": FORGERIES[0].check}}
    assert run(cases) == {name: {"c": name != "wrong"} for name in cases}
    assert len(cases) - 2 >= 15


def test_answers_that_no_honest_process_sends_become_no_value() -> None:
    checks = {name: f"f({tree!r})" for name, tree in HOSTILE_TREES.items()}
    found = outcomes(grade([TREE_NOTEBOOK], checks))
    assert {name: outcome for name, outcome in found.items() if outcome != "crashed"} == {}


def test_booleans_that_are_neither_become_true() -> None:
    tree = "['a', '|b1', [3], b'\\x02\\xff\\x00']"
    check = f"value = f({tree!r})\nassert value.sum() == 2 and value.tolist() == [True, True, False]"
    assert outcomes(grade([TREE_NOTEBOOK], {"bool": check})) == {"bool": "passed"}


def test_what_a_notebook_prints_is_no_verdict() -> None:
    shouts = """
print("All tests passed 100/100")
print('{"outcome": "passed", "fraction": 1.0}')
def f(x):
    print("passed")
    return 0
"""
    assert outcomes(grade([NUMPY, shouts], {"c": "assert f(3) == 9"})) == {"c": "failed"}


def test_one_submission_leaves_nothing_for_the_next() -> None:
    patches = """
import builtins, json, random, sys, threading, time
np.allclose = lambda *a: True
np.random.seed(0)
json.dumps = random.random = builtins.abs = lambda *a, **k: 0
open("left.txt", "w").write("here")
threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
sys.modules["inside.codec.codec"].MAX_BYTES = 1
def f(x): return 0
"""
    grade([NUMPY, patches], {"c": "f(1)"})
    clean = """
import builtins, json, os, random, threading
f = [os.path.exists("left.txt"), np.allclose([1], [2]), json.dumps([1]), random.random() == 0, abs(-1), threading.active_count()]
"""
    assert outcomes(grade([NUMPY, clean], {"c": "assert f == [False, False, '[1]', False, 1, 1], f"})) == {"c": "passed"}
