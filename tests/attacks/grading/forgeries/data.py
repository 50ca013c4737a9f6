"""Plain data that is odd: shapes that hold nothing, numbers that compare with nothing, values of parts that lie."""

from tests.attacks.grading.forgeries.forgery import Forgery

TAKEN_APART = "pandas takes it apart, and compares what was in it"
PLAIN = "plain data, which a sound check refuses in any process"

DATA = [
    Forgery(
        "empty_array_that_broadcasts",
        "an array without rows, which NumPy stretches to any shape",
        """
def forged(data): return np.empty((0, *np.shape(globals().get("expected", [[0]]))[1:]))
""",
        no_gain=PLAIN,
    ),
    Forgery("nothing_at_all", "an empty list", "def forged(data): return []\ndef single(data): return []", no_gain=PLAIN),
    Forgery("none", "None for everything", "def forged(data): return None\nsingle = several = forged", no_gain=PLAIN),
    Forgery(
        "not_implemented",
        "NotImplemented, which Python's operators take for a hint",
        "def forged(data): return NotImplemented\nsingle = several = forged",
        no_gain=PLAIN,
    ),
    Forgery(
        "everything_is_nan",
        "NaN in the right shape",
        "def forged(data): return np.full(np.shape(data), np.nan)\ndef single(data): return float('nan')",
        no_gain=PLAIN,
    ),
    Forgery(
        "everything_is_infinite",
        "infinity in the right shape",
        "def forged(data): return np.full(np.shape(data), np.inf)\ndef single(data): return float('inf')",
        no_gain=PLAIN,
    ),
    Forgery(
        "nan_without_dimensions",
        "one NaN in an array without axes",
        "def forged(data): return np.array(np.nan)\nsingle = several = forged",
        no_gain=PLAIN,
    ),
    Forgery(
        "complex_nan",
        "complex NaN in the right shape",
        "def forged(data): return np.full(np.shape(data), complex('nan+nanj'))",
        no_gain=PLAIN,
    ),
    Forgery(
        "truth_for_numbers",
        "True where numbers are asked for",
        "def forged(data): return np.ones(np.shape(data), bool)\ndef single(data): return True",
        no_gain=PLAIN,
    ),
    Forgery(
        "all_masked",
        "a masked array: every comparison with it is masked, and masked is not false",
        "def forged(data): return np.ma.masked_all(np.shape(data))\ndef single(data): return np.ma.masked",
    ),
    Forgery("matrix", "a matrix of one item", "def forged(data): return np.matrix(np.zeros((1, 1)))", no_gain=PLAIN),
    Forgery(
        "objects_in_an_array",
        "an array of objects that are equal to everything",
        """
class E:
    __eq__ = __lt__ = __le__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = lambda self, *other: E()
    __float__ = lambda self: 0.25
    __hash__ = lambda self: 0
def forged(data):
    shape = np.shape(blank(data)) if type(blank(data)) is np.ndarray else (3, 3)
    found = np.empty(shape, object)
    for place in np.ndindex(*shape): found[place] = E()
    return found
""",
    ),
    Forgery(
        "objects_in_a_table",
        "a table of objects that are equal to everything",
        """
import pandas as pd
class E:
    __eq__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __sub__ = __rsub__ = __abs__ = lambda self, *other: 0.0
    __hash__ = lambda self: hash("shop A")
def forged(data):
    size = len(globals().get("expected", [0] * 6))
    return pd.DataFrame({name: [E() for _ in range(size)] for name in ("shop", "total", "orders")})
def single(data): return E()
""",
    ),
    Forgery(
        "structured_array",
        "an array of records with a field of objects",
        """
def forged(data): return np.zeros(np.shape(data)[:1], dtype=[("a", object), ("b", "f8", np.shape(data)[1:])])
""",
        no_gain=PLAIN,
    ),
    Forgery(
        "void_and_dates",
        "moments that are no moment, in the right shape",
        "def forged(data): return np.full(np.shape(data), np.datetime64('NaT'))",
        no_gain=PLAIN,
    ),
    Forgery(
        "dtype_with_metadata",
        "an outcome in the metadata of a dtype",
        "def forged(data): return np.zeros(np.shape(data), np.dtype('f8', metadata={'outcome': 'passed'}))",
        no_gain=PLAIN,
    ),
    Forgery(
        "dtype_instead_of_a_value",
        "a type where a value is asked for",
        "def forged(data): return np.dtype(float)\ndef single(data): return float",
        no_gain=PLAIN,
    ),
    Forgery(
        "numbers_as_text",
        "texts that look like numbers",
        "def forged(data): return np.full(np.shape(data), '0.25')\ndef single(data): return '1'",
        no_gain=PLAIN,
    ),
    Forgery(
        "custom_index",
        "a table with an index that is equal to every index",
        """
import pandas as pd
class Same(pd.Index):
    equals = identical = lambda self, other: True
    __eq__ = lambda self, other: np.ones(len(other), bool)
def forged(data):
    frame = blank(data) if type(blank(data)) is pd.DataFrame else pd.DataFrame(blank(data))
    frame.attrs["outcome"], frame.flags.allows_duplicate_labels = "passed", True
    index = Same(frame.index)
    index.__class__ = Same
    frame.index = index
    return frame
""",
        no_gain=TAKEN_APART,
    ),
    Forgery(
        "extension_array",
        "a table with columns of an array type of its own that is equal to everything",
        """
import pandas as pd
class Always(pd.arrays.NumpyExtensionArray):
    equals = lambda self, other: True
    def __eq__(self, other): return np.ones(len(self), bool)
def forged(data):
    size = len(globals().get("expected", [0] * 6))
    columns = {name: pd.Series(Always(np.zeros(size))) for name in ("shop", "total", "orders")}
    return pd.DataFrame(columns)
""",
        no_gain=TAKEN_APART,
    ),
    Forgery(
        "columns_with_one_name",
        "a table whose three columns have the same name",
        "import pandas as pd\ndef forged(data): return pd.DataFrame([[0, 0, 0]] * 6, columns=['total', 'total', 'total'])",
        no_gain=PLAIN,
    ),
    Forgery(
        "moments_that_are_none",
        "pandas' own missing values in a table",
        "import pandas as pd\ndef forged(data): return pd.DataFrame({'shop': [pd.NaT], 'total': [pd.NA], 'orders': [None]})",
        no_gain=PLAIN,
    ),
    Forgery(
        "huge_number",
        "a number of 500,000 bits",
        "def forged(data): return 1 << 500_000\nsingle = several = forged",
        no_gain=PLAIN,
    ),
    Forgery(
        "number_without_end",
        "a number of 50 million bits",
        "def forged(data): return 1 << 50_000_000\nsingle = several = forged",
        no_gain=PLAIN,
    ),
    Forgery(
        "decimal_nan",
        "a decimal that raises when it is compared",
        "import decimal\ndef forged(data): return decimal.Decimal('sNaN')\nsingle = several = forged",
        no_gain=PLAIN,
    ),
    Forgery("range_without_end", "a range of 10^18 numbers", "def forged(data): return range(10**18)", no_gain=PLAIN),
    Forgery(
        "text_of_300_mb",
        "a text that fills the memory",
        "def forged(data): return '9' * 300_000_000 if once('sent') else blank(data)",
        not_there="too large to be of use there",
    ),
    Forgery(
        "array_of_300_mb",
        "an array that fills the memory",
        "def forged(data): return np.zeros(300_000_000, 'u1') if once('sent') else blank(data)",
        not_there="too large to be of use there",
    ),
    Forgery(
        "nested_too_deep",
        "5,000 lists inside one another",
        "def forged(data):\n    found = 0.25\n    for _ in range(5000): found = [found]\n    return found",
        no_gain=PLAIN,
    ),
    Forgery(
        "holds_itself",
        "a list that holds itself",
        "def forged(data):\n    found = []\n    found.append(found)\n    return found",
        no_gain=PLAIN,
    ),
    Forgery(
        "doubles_itself",
        "a list of 2^35 parts in little memory",
        """
def forged(data):
    found = [0.25]
    for _ in range(35): found = [found, found]
    return found if once("sent") else blank(data)
""",
        seconds=5,
        not_there="too large to be of use there",
    ),
    Forgery(
        "counter_that_knows_every_key",
        "a counter, which has 0 for every key",
        "import collections\ndef forged(data): return collections.Counter()\nsingle = several = forged",
        no_gain=PLAIN,
    ),
]
