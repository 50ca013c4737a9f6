import pytest

from server.exercise_format.foreign.code import Modules, bound_by, imports, roots, tree_of, used_names


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("y = f(x)", {"f", "x"}),
        ("x = 1\ny = x", set()),
        ("squares = squares", {"squares"}),
        ("del squares", {"squares"}),
        ("for x in xs:\n    print(x)", {"xs"}),
        ("with make() as thing:\n    thing.use()", {"make"}),
        ("def f(a):\n    return a + outer", {"outer"}),
        ("import numpy as np\nnp.zeros(3)", set()),
        ("[x for x in xs]", {"xs"}),
        ("%matplotlib inline\nx", {"x"}),
        ("not python at all", set()),
    ],
)
def test_names_that_come_from_outside(source: str, names: set[str]) -> None:
    assert used_names(source) == names


def test_imports_are_found_at_any_depth_with_their_statement() -> None:
    source = "import numpy as np\ndef f():\n    from math import sqrt as root\n    import os.path"
    assert imports(source) == {"np": "import numpy as np", "root": "from math import sqrt as root", "os": "import os.path"}
    assert roots(source) == {"numpy", "math", "os"}


def test_a_statement_binds_what_it_stores_defines_and_imports() -> None:
    tree = tree_of("def f():\n    pass\nx, y = 1, 2\nimport a.b")
    assert tree is not None
    assert [bound_by(statement) for statement in tree.body] == [{"f"}, {"x", "y"}, {"a"}]


def test_modules_that_are_not_there() -> None:
    source = "import math, numpy, statsmodels.api, helper"
    assert Modules(frozenset({"helper"})).absent(source) == ["helper", "statsmodels"]
    assert Modules(frozenset({"helper"}), any_library=True).absent(source) == ["helper"]


def test_a_name_of_pythons_own_counts_where_the_notebook_makes_it_anew() -> None:
    assert used_names("assert sum(1, 2) == 3") == set()
    assert used_names("assert sum(1, 2) == 3", {"sum"}) == {"sum"}
