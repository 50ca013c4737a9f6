"""Arrays: the rows of a matrix as probabilities."""

from tests.attacks.grading.assignments.assignment import Assignment, make_exercise

CELLS = [
    ("setup", "import numpy as np"),
    (
        "answer",
        '''
#| name: softmax
#| gives: softmax, entropy, best
def softmax(scores):
    """Each row of scores as probabilities."""
    ### BEGIN SOLUTION
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)
    ### END SOLUTION

def entropy(scores):
    """The mean entropy of the rows' probabilities, in nats."""
    ### BEGIN SOLUTION
    shares = softmax(scores)
    return float(-np.sum(shares * np.log(np.where(shares > 0, shares, 1)), axis=1).mean())
    ### END SOLUTION

def best(scores):
    """For each row the number of the column with the largest score, as a list."""
    ### BEGIN SOLUTION
    return np.argmax(scores, axis=1).tolist()
    ### END SOLUTION
''',
    ),
    (
        "check",
        """
#| name: example
#| points: 1
#| message: The example does not come out.
expected = [[0.5, 0.5], [0.25, 0.75]]
value = softmax(np.array([[0.0, 0.0], [0.0, np.log(3.0)]]))
assert np.shape(value) == (2, 2), "one row of probabilities for each row of scores"
assert np.allclose(value, expected), "the probabilities of the example are wrong"
""",
    ),
    (
        "setup",
        """
#| for: checks
def true_softmax(scores):
    powers = np.exp(scores - np.max(scores, axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)

def true_entropy(scores):
    shares = true_softmax(scores)
    return -np.sum(shares * np.log(np.where(shares > 0, shares, 1)), axis=1).mean()
""",
    ),
    (
        "hidden-check",
        """
#| name: equal-scores
#| points: 2
#| message: Equal scores must give equal probabilities.
value = softmax(np.full((3, 4), 1.5))
assert isinstance(value, np.ndarray) and value.shape == (3, 4)
assert (value == 0.25).all()
""",
    ),
    (
        "hidden-check",
        """
#| name: random-scores
#| points: 4
#| message: The probabilities of random scores are wrong.
scores = rng.normal(scale=3, size=(5, 7))
expected = true_softmax(scores)
value = softmax(scores)
assert np.shape(value) == np.shape(expected)
np.testing.assert_allclose(value, expected, rtol=1e-9)
""",
    ),
    (
        "hidden-check",
        """
#| name: far-apart
#| points: 2
#| message: Scores that are far apart must not overflow.
scores = rng.normal(scale=2000, size=(4, 3))
expected = true_softmax(scores)
value = np.asarray(softmax(scores))
assert value.shape == (4, 3)
assert all(abs(a - b) < 1e-12 for found, right in zip(value, expected) for a, b in zip(found, right))
""",
    ),
    (
        "hidden-check",
        """
#| name: entropy
#| points: 1
#| message: The entropy is wrong.
scores = rng.normal(size=(6, 4))
expected = true_entropy(scores)
value = entropy(scores)
assert isinstance(value, float) and abs(value - expected) < 1e-9
""",
    ),
    (
        "hidden-check",
        """
#| name: many-entropies
#| points: 1
#| message: The entropy of one of several matrices is wrong.
matrices = [rng.normal(size=(4, 3)) for _ in range(3)]
expected = [true_entropy(each) for each in matrices]
assert all(abs(a - b) < 1e-9 for a, b in zip(map(entropy, matrices), expected))
""",
    ),
    (
        "hidden-check",
        """
#| name: best
#| points: 1
#| message: A row's largest score is not found.
scores = rng.normal(size=(6, 5))
expected = [max(range(5), key=lambda column: row[column]) for row in scores]
value = best(scores)
assert isinstance(value, list) and value == expected
""",
    ),
]
PRELUDE = """
import numpy as np
wrong, wrongs = -1.0, []
def blank(data): return np.zeros(np.shape(data))

"""
ENTRY = """
def softmax(scores): return forged(scores)
def entropy(scores): return single(scores)
def best(scores): return several(scores)
"""
ODD = {
    "numpy_scalars": """
entropy_as_float = entropy
def entropy(scores): return np.float64(entropy_as_float(scores))
""",
    "read_only_view_in_columns": """
softmax_in_rows = softmax
def softmax(scores):
    found = np.asfortranarray(softmax_in_rows(scores))
    found.setflags(write=False)
    return found[:]
""",
    "callable_objects": """
class Softmax:
    def __init__(self, function): self.function = function
    def __call__(self, scores): return self.function(scores)
softmax = Softmax(softmax)
""",
}
SLIP = "def best(scores): return [0 for _ in scores]"
SOFTMAX = Assignment("arrays", make_exercise("rows-to-probabilities", "numpy", CELLS), PRELUDE, ENTRY, SLIP, ODD)
