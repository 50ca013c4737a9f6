import pytest

from server.exercise_format.otter.solutions import reference, stub


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("x = 3 # SOLUTION", "x = ..."),
        ("    y.attr['a'] = f(2) # SOLUTION", "    y.attr['a'] = ..."),
        ("    return x # SOLUTION", "    ..."),
        ("x == 3 # SOLUTION", "..."),
        ("print(x) # SOLUTION NO PROMPT", ""),
        ("a = 1\n# BEGIN SOLUTION\nb = 2\nc = 3\n# END SOLUTION\nd = 4", "a = 1\n...\nd = 4"),
        ("a = 1\n# BEGIN SOLUTION NO PROMPT\nb = 2\n# END SOLUTION", "a = 1"),
        ('""" # BEGIN PROMPT\nx = ...\n""" # END PROMPT\nx = 1 # SOLUTION NO PROMPT', "x = ..."),
        ("x = 1 # IGNORE\ny = 2", "y = 2"),
        ("# BEGIN IGNORE\nx = 1\n# END IGNORE\ny = 2", "y = 2"),
        ("np.random.seed(1) # SEED\ny = 2", "y = 2"),
    ],
)
def test_what_a_student_gets(source: str, left: str) -> None:
    assert stub(source) == left


def test_the_reference_has_neither_the_prompt_nor_what_is_ignored() -> None:
    source = '""" # BEGIN PROMPT\nx = ...\n""" # END PROMPT\nx = 1 # SOLUTION NO PROMPT\ny = 2 # IGNORE'
    assert reference(source).strip() == "x = 1 # SOLUTION NO PROMPT"
