"""An estimator, scored on labels that are held out."""

import random

from tests.attacks.grading.assignments.assignment import Assignment, make_exercise

CENTRES = ((0.0, 0.0), (4.0, 0.0), (0.0, 4.0))
COLUMNS = "x,y,label\n"


def table(seed: int, rows: int) -> bytes:
    draw = random.Random(seed)
    lines = []
    for row in range(rows):
        across, up = CENTRES[row % 3]
        lines.append(f"{draw.gauss(across, 0.6):.4f},{draw.gauss(up, 0.6):.4f},{row % 3}\n")
    draw.shuffle(lines)
    return (COLUMNS + "".join(lines)).encode()


CELLS = [
    ("setup", "import numpy as np\nimport pandas as pd\n\ntrain = pd.read_csv('train.csv')"),
    (
        "answer",
        '''
#| name: NearestMean
class NearestMean:
    """Predicts the class whose mean is nearest. means_ has one row for each class, in order."""

    def fit(self, points, labels):
        ### BEGIN SOLUTION
        self.classes_ = np.unique(labels)
        self.means_ = np.array([points[labels == kind].mean(axis=0) for kind in self.classes_])
        ### END SOLUTION
        return self

    def predict(self, points):
        ### BEGIN SOLUTION
        distances = ((points[:, None, :] - self.means_[None]) ** 2).sum(axis=2)
        return self.classes_[distances.argmin(axis=1)]
        ### END SOLUTION

    def accuracy(self, points, labels):
        """The share of right predictions."""
        ### BEGIN SOLUTION
        return float(np.mean(self.predict(points) == labels))
        ### END SOLUTION

    def found(self, points):
        """The classes that are predicted for at least one of the points, in order, as a list."""
        ### BEGIN SOLUTION
        return sorted(set(self.predict(points).tolist()))
        ### END SOLUTION
''',
    ),
    (
        "check",
        """
#| name: example
#| points: 1
#| message: Two points near two means are not told apart.
points, labels = np.array([[0.0, 0.0], [0.0, 2.0], [9.0, 9.0]]), np.array([1, 1, 0])
expected = np.array([0, 1])
value = NearestMean().fit(points, labels).predict(np.array([[8.0, 8.0], [1.0, 1.0]]))
assert np.shape(value) == (2,) and np.array_equal(value, expected), "the far point is of class 0, the near one of class 1"
""",
    ),
    (
        "setup",
        """
#| for: checks
def held_out(path):
    table = pd.read_csv(path)
    return table[["x", "y"]].to_numpy(), table["label"].to_numpy()

def fitted():
    return NearestMean().fit(train[["x", "y"]].to_numpy(), train["label"].to_numpy())
""",
    ),
    (
        "hidden-check",
        """
#| name: means
#| points: 2
#| message: The means of the classes are wrong.
points = rng.normal(size=(30, 3))
labels = np.arange(30) % 2
expected = np.array([points[labels == 0].mean(axis=0), points[labels == 1].mean(axis=0)])
value = NearestMean().fit(points, labels).means_
assert isinstance(value, np.ndarray) and value.shape == (2, 3)
np.testing.assert_allclose(value, expected, atol=1e-9)
""",
    ),
    (
        "hidden-check",
        """
#| name: held-out
#| points: 4
#| message: Too few of the held-out points are told apart.
points, expected = held_out(private("held_out.csv"))
value = fitted().predict(points)
assert np.shape(value) == np.shape(expected)
assert np.mean(np.equal(value, expected)) > 0.9
""",
    ),
    (
        "hidden-check",
        """
#| name: names-as-labels
#| points: 2
#| message: Labels may be words.
points = np.concatenate([rng.normal(size=(8, 2)), rng.normal(loc=50, size=(8, 2))])
expected = np.array(["near"] * 8 + ["far"] * 8)
value = NearestMean().fit(points, expected).predict(points[::-1])
assert len(value) == 16 and list(value) == list(expected[::-1])
""",
    ),
    (
        "hidden-check",
        """
#| name: accuracy
#| points: 1
#| message: The accuracy is wrong.
points, labels = held_out(private("held_out.csv"))
expected = float(np.mean(labels == 1))
value = fitted().accuracy(points, np.ones(len(points), int))
assert isinstance(value, (int, float)) and abs(value - expected) < 0.02
""",
    ),
    (
        "hidden-check",
        """
#| name: batches
#| points: 1
#| message: Several batches of points are not told apart.
points, labels = held_out(private("held_out.csv"))
expected = np.array_split(labels, 4)
assert all(np.mean(a == b) > 0.9 for a, b in zip(map(fitted().predict, np.array_split(points, 4)), expected))
""",
    ),
    (
        "hidden-check",
        """
#| name: found
#| points: 1
#| message: The classes that occur are wrong.
expected = sorted(rng.choice(["a", "b", "c", "d"], size=3, replace=False).tolist())
points = np.arange(3.0)[:, None] * 50
value = NearestMean().fit(points, np.array(expected)).found(points)
assert list(value) == expected
""",
    ),
]
PRELUDE = """
import numpy as np
wrong, wrongs = -1.0, []
def blank(data): return np.zeros(len(data), int)

"""
ENTRY = """
class NearestMean:
    def fit(self, points, labels):
        self.means_ = forged(points)
        return self
    def predict(self, points): return forged(points)
    def accuracy(self, points, labels): return single(points)
    def found(self, points): return several(points)
"""
ODD = {
    "numpy_scalars": """
class NearestMean(NearestMean):
    def accuracy(self, points, labels): return np.float64(super().accuracy(points, labels))
    def found(self, points): return [np.array(kind)[()] for kind in super().found(points)]
""",
    "lists_for_arrays": """
class NearestMean(NearestMean):
    def predict(self, points): return list(super().predict(points))
    def found(self, points): return sorted(set(self.predict(points)))
""",
    "slots_and_properties": """
class Fitted(NearestMean):
    __slots__ = ("held",)
    @property
    def means_(self): return self.held
    @means_.setter
    def means_(self, means): self.held = means
    def __repr__(self): raise NotImplementedError
    def __eq__(self, other): raise NotImplementedError
    __hash__ = None
NearestMean = Fitted
""",
}
SLIP = "NearestMean.found = lambda self, points: []"
NEAREST = Assignment(
    "estimator",
    make_exercise("nearest-mean", "numpy, pandas", CELLS, {"train.csv": table(1, 90)}, {"held_out.csv": table(2, 120)}),
    PRELUDE,
    ENTRY,
    SLIP,
    ODD,
)
