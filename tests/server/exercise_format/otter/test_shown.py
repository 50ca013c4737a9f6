import pytest

from server.exercise_format.otter.shown import plain_value


@pytest.mark.parametrize(
    ("shown", "value"),
    [
        ("True", "True"),
        ("np.True_", "True"),
        ("np.float64(0.5)", "0.5"),
        ("-3", "-3"),
        ("'tea'", "'tea'"),
        ("array([[1., 2.],\n       [3., nan]])", '[[1.0, 2.0], [3.0, float("nan")]]'),
        ("array(['a', 'b'], dtype='<U1')", "['a', 'b']"),
        ("(1, [2, {'a': inf}])", "(1, [2, {'a': float(\"inf\")}], )"),
        ("(1+2j)", "(1 + 2j)"),
        ("set()", "set()"),
        ("{1, 2}", "{1, 2}"),
    ],
)
def test_a_plain_value_is_read_back(shown: str, value: str) -> None:
    assert plain_value(shown) == value


@pytest.mark.parametrize(
    "shown",
    [
        "<function f>",
        "   a  b\n0  1  2",
        "array([1, 2, ..., 9])",
        "__import__('os')",
        "open('x')",
        "np.load('x')",
        "[x for x in y]",
        "a.b",
    ],
)
def test_anything_else_is_no_value(shown: str) -> None:
    assert plain_value(shown) is None
