"""A layer of the isolation that this machine does not give."""

from collections.abc import Iterator
from contextlib import contextmanager

OWN_USER = "own user for each kernel"  # both kinds of walls have it


class LayerMissing(Exception):
    def __init__(self, layer: str, why: str, advice: str) -> None:
        super().__init__(f"{layer}: {why}")
        self.layer, self.why, self.advice = layer, why, advice

    def told(self) -> dict[str, str]:
        return {"layer": self.layer, "why": self.why, "advice": self.advice}


@contextmanager
def layer(name: str, advice: str) -> Iterator[None]:
    """Whatever the machine refuses in the block is told as this layer's absence."""
    try:
        yield
    except (OSError, LookupError) as error:
        raise LayerMissing(name, str(error), advice) from error
