"""A field of a page, of which somebody else may have changed meanwhile what is stored."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Change(Generic[T]):
    """A field as the page showed it, and as it came back. `tried`: what the same page sent before and got no answer to."""

    was: T
    now: T
    tried: tuple[T, ...] = ()

    def over(self, stored: T) -> T:
        """What a page did not change stays as it is stored."""
        return stored if self.now == self.was and stored not in self.tried else self.now

    def collides(self, stored: T) -> bool:
        """Somebody else, or another tab, changed the field too, to something else."""
        return self.now != self.was and stored not in (self.was, self.now, *self.tried)
