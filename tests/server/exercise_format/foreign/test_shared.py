from server.exercise_format.foreign.shared import Earlier


def earlier(*bodies: str) -> Earlier:
    found = Earlier()
    for body in bodies:
        found.add(body)
    return found


def test_a_value_is_made_as_it_was_at_the_end_whatever_had_its_name_before() -> None:
    tests = earlier("a = 5", "a = make(3)\nu = f(a)\nr = g(a, u)\na = make(4)\nu = f(a)")
    assert tests.find(frozenset({"r"}), frozenset({"f", "g", "make"})).setting == ["a = make(3)", "u = f(a)", "r = g(a, u)"]


def test_a_statement_that_may_not_bind_leaves_what_was_before() -> None:
    tests = earlier("total = 0\nfor x in (1, 2):\n    total += x")
    assert tests.find(frozenset({"total"}), frozenset()).setting == ["total = 0", "for x in (1, 2):\n    total += x"]


def test_definitions_come_apart_and_may_use_later_ones() -> None:
    tests = earlier("import math\ndef near(x):\n    return limit(x)\ndef limit(x):\n    return math.pi")
    found = tests.find(frozenset({"near"}), frozenset())
    assert found.defining == ["import math", "def near(x):\n    return limit(x)", "def limit(x):\n    return math.pi"]
    assert (found.setting, found.missing) == ([], [])


def test_what_nothing_makes_is_missing() -> None:
    assert earlier("y = x").find(frozenset({"y"}), frozenset()).missing == ["x"]
