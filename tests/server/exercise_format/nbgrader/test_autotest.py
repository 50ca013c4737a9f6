from server.exercise_format.nbgrader.autotest import translate


def test_each_expression_is_compared_with_what_the_reference_gave() -> None:
    found = translate("right", "x = 2\n### AUTOTEST f(x); g(x)")
    assert found.check.split("\n") == [
        "x = 2",
        "as_reference(f(x), 'right, line 2, 1', 'f(x)', show=True)",
        "as_reference(g(x), 'right, line 2, 2', 'g(x)', show=True)",
    ]
    assert found.reference.split("\n")[1] == "record('right, line 2, 1', lambda: f(x))"
    assert found.count == 2


def test_a_hashed_value_is_not_told_and_a_hidden_one_says_nothing() -> None:
    assert "show=False" in translate("right", "### HASHED AUTOTEST f(1)").check
    assert translate("right", "### AUTOTEST f(1)", hidden=True).check == "assert is_reference(f(1), 'right, line 1, 1')"


def test_lines_inside_a_loop_keep_their_indent() -> None:
    assert translate("right", "for k in (1, 2):\n    ### AUTOTEST f(k)").check.split("\n")[1].startswith("    as_reference(f(k)")


def test_an_ordinary_comment_stays() -> None:
    assert translate("right", "# about AUTOTEST\nassert f(1)").count == 0
