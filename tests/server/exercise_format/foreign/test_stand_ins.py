from server.exercise_format.foreign.stand_ins import stand_in


def test_nose_and_pytest_become_what_unittest_has() -> None:
    found = stand_in("from nose.tools import assert_equal, assert_raises as refuses, eq_\nimport pytest\neq_(1, 1)")
    assert found.body.strip() == "eq_(1, 1)"
    assert found.lines == (
        "assert_equal = CASE.assertEqual",
        "refuses = CASE.assertRaises",
        "eq_ = CASE.assertEqual",
        "from types import SimpleNamespace",
        "pytest = SimpleNamespace(raises=CASE.assertRaises, approx=approx)",
    )
    assert found.modules == ("nose.tools", "pytest")


def test_an_import_inside_a_function_leaves_a_line_that_does_nothing() -> None:
    assert stand_in("def test():\n    from nose.tools import ok_\n    ok_(1)").body.split("\n")[1] == "    pass"


def test_other_imports_stay() -> None:
    assert stand_in("import numpy\nfrom pytest import mark").body == "import numpy\nfrom pytest import mark"
