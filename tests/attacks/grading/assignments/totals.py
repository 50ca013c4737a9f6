"""Tables: what each shop sold."""

from tests.attacks.grading.assignments.assignment import Assignment, make_exercise

CELLS = [
    ("setup", "import pandas as pd"),
    (
        "answer",
        '''
#| name: totals
#| gives: totals, best_shop, by_shop
def totals(orders):
    """One row for each shop: shop, total of its amounts, number of orders; the largest total first, index from 0."""
    ### BEGIN SOLUTION
    grouped = orders.groupby("shop", as_index=False).agg(total=("amount", "sum"), orders=("amount", "size"))
    return grouped.sort_values("total", ascending=False).reset_index(drop=True)
    ### END SOLUTION

def best_shop(orders):
    """The shop with the largest total."""
    ### BEGIN SOLUTION
    return str(totals(orders)["shop"].iloc[0])
    ### END SOLUTION

def by_shop(orders):
    """Each shop's total, as a dict."""
    ### BEGIN SOLUTION
    return orders.groupby("shop")["amount"].sum().to_dict()
    ### END SOLUTION
''',
    ),
    (
        "check",
        """
#| name: example
#| points: 1
#| message: The example does not come out.
orders = pd.DataFrame({"shop": ["Lyon", "Porto", "Lyon"], "amount": [3.0, 4.5, 2.5]})
expected = pd.DataFrame({"shop": ["Lyon", "Porto"], "total": [5.5, 4.5], "orders": [2, 1]})
pd.testing.assert_frame_equal(totals(orders), expected, check_dtype=False)
""",
    ),
    (
        "setup",
        """
#| for: checks
import numpy as np

def make_orders(rng, size):
    shops = [f"shop {letter}" for letter in "ABCDEF"]
    return pd.DataFrame({"shop": rng.choice(shops, size=size), "amount": rng.integers(1, 10**6, size=size) / 4})

def true_totals(orders):
    sums, counts = {}, {}
    for shop, amount in zip(orders["shop"], orders["amount"]):
        sums[shop], counts[shop] = sums.get(shop, 0.0) + amount, counts.get(shop, 0) + 1
    ranked = sorted(sums, key=lambda shop: -sums[shop])
    return pd.DataFrame({"shop": ranked, "total": [sums[s] for s in ranked], "orders": [counts[s] for s in ranked]})
""",
    ),
    (
        "hidden-check",
        """
#| name: whole-table
#| points: 4
#| message: The table of random orders is wrong.
orders = make_orders(rng, 60)
expected = true_totals(orders)
value = totals(orders)
assert isinstance(value, pd.DataFrame) and list(value.columns) == list(expected.columns)
pd.testing.assert_frame_equal(value, expected, check_dtype=False)
""",
    ),
    (
        "hidden-check",
        """
#| name: each-total
#| points: 2
#| message: The total of a shop is wrong.
orders = make_orders(rng, 40)
expected = true_totals(orders)
value = totals(orders)
assert isinstance(value, pd.DataFrame) and value.shape == expected.shape
assert (value["total"] == expected["total"]).all() and value[["shop", "total"]].equals(expected[["shop", "total"]])
""",
    ),
    (
        "hidden-check",
        """
#| name: counts
#| points: 2
#| message: The number of orders of a shop is wrong.
orders = make_orders(rng, 30)
expected = true_totals(orders)
value = totals(orders)
found = dict(zip(value["shop"], value["orders"]))
assert set(found) == set(expected["shop"])
assert all(abs(found[s] - n) < 1e-9 for s, n in zip(expected["shop"], expected["orders"]))
""",
    ),
    (
        "hidden-check",
        """
#| name: best
#| points: 1
#| message: The best shop is wrong.
orders = make_orders(rng, 50)
expected = true_totals(orders)["shop"].iloc[0]
value = best_shop(orders)
assert isinstance(value, str) and value.strip() == expected
""",
    ),
    (
        "hidden-check",
        """
#| name: many-best
#| points: 1
#| message: The best shop in one of several tables is wrong.
tables = [make_orders(rng, 20) for _ in range(3)]
expected = [true_totals(each)["shop"].iloc[0] for each in tables]
assert all(a == b for a, b in zip(map(best_shop, tables), expected))
""",
    ),
    (
        "hidden-check",
        """
#| name: by-shop
#| points: 1
#| message: The totals as a dict are wrong.
orders = make_orders(rng, 25)
expected = {shop: float(total) for shop, total in true_totals(orders)[["shop", "total"]].itertuples(index=False)}
value = by_shop(orders)
assert isinstance(value, dict) and value == expected
""",
    ),
]
PRELUDE = """
import numpy as np
import pandas as pd
wrong, wrongs = "nowhere", {}
def blank(data): return pd.DataFrame({"shop": ["nowhere"], "total": [-1.0], "orders": [0]})

"""
ENTRY = """
def totals(orders): return forged(orders)
def best_shop(orders): return single(orders)
def by_shop(orders): return several(orders)
"""
ODD = {
    "numpy_scalars": """
import numpy as np
best_as_text = best_shop
def best_shop(orders): return np.str_(best_as_text(orders))
""",
    "other_dtype_and_attributes": """
totals_of_int64 = totals
def totals(orders):
    found = totals_of_int64(orders).astype({"orders": "int32"})
    found.attrs["made by"] = "me"
    return found
""",
    "ordered_and_default_dicts": """
import collections
by_shop_as_dict = by_shop
def by_shop(orders): return collections.defaultdict(float, collections.OrderedDict(by_shop_as_dict(orders)))
""",
    "changes_its_argument": """
totals_of_a_copy = totals
def totals(orders):
    orders["mine"] = orders["amount"] * 2
    return totals_of_a_copy(orders)
""",
}
SLIP = "def by_shop(orders): return {'Lyon': 5.5}"
TOTALS = Assignment("tables", make_exercise("what-each-shop-sold", "pandas", CELLS), PRELUDE, ENTRY, SLIP, ODD)
