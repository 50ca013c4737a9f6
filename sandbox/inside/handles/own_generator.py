"""A check's `rng`: it stays with the check, because its state tells what is drawn next."""

import random
import sys
from functools import cache
from typing import Any


def own_generator(seed: int) -> Any:
    """Draws what `numpy.random.default_rng(seed)` draws; without NumPy a `random.Random`."""
    numpy = sys.modules.get("numpy")
    return random.Random(seed) if numpy is None else _kind()(numpy.random.PCG64(seed))


def is_own_generator(value: object) -> bool:
    return isinstance(value, random.Random if "numpy" not in sys.modules else _kind())


@cache
def _kind() -> Any:
    """A class of its own: the codec sends only what it knows by its exact type."""
    return type("CheckGenerator", (sys.modules["numpy"].random.Generator,), {})
