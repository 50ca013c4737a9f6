import pytest

from server.exercise_format.foreign.crossing import MissingName, missing_name_test, obstacle

ANSWERED = {"f": "def f(x): return g(x)", "g": "def g(x): return x", "h": "def h(x): return x * rate"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("assert globals()['f']", "globals()"),
        ("del f", "deletes `f`"),
        ("from unittest.mock import patch\nwith patch('f'): f(1)", "`patch`"),
        ("assert monkeypatch", "monkeypatch"),
        ("def g(x): return 2\nassert f(1) == 2", "makes `g`, which answers read"),
        ("rate = 2\nassert h(1) == 2", "makes `rate`, which answers read"),
        ("!ls", "magic or shell"),
        ("assert f(1", "no plain Python"),
    ],
)
def test_what_reaches_into_the_notebook_is_named_with_a_next_step(body: str, says: str) -> None:
    found = obstacle(body, ANSWERED)
    assert says in found
    assert "docs/importing.md" in found


@pytest.mark.parametrize(
    "body", ["assert f(1) == 1", "x = 2\nassert value == x", "x = f(1)\nassert x", "def test():\n    assert g(2) == 2\ntest()"]
)
def test_an_ordinary_test_crosses(body: str) -> None:
    assert obstacle(body, ANSWERED | {"value": "value = f(x)"}) == ""


def test_a_name_deleted_to_be_missed_is_recognised() -> None:
    body = "old = g\ndel g\ntry:\n    f(1)\nexcept NameError:\n    pass\nelse:\n    raise AssertionError\nfinally:\n    g = old"
    assert missing_name_test(body, ANSWERED) == MissingName("f", "g", "f(1)")
    assert missing_name_test("del g\nassert_raises(NameError, f, 2, k=3)", ANSWERED) == MissingName("f", "g", "f(2, k=3)")
    assert missing_name_test("del g\nf(1)", ANSWERED) is None
