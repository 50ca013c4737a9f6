"""The line of those who wait for a kernel: owners take turns, and within one owner first come is first served. Pure."""

from collections import deque
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True, eq=False, slots=True)
class Ticket:
    """One place in the line; two tickets of one owner are two."""

    owner: str


class Line:
    """Not safe to use from several threads by itself."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Ticket]] = {}  # owners in the order of their turns

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    @property
    def order(self) -> list[Ticket]:
        """The next one first: the first ticket of each owner, then the second of each, and so on."""
        rounds = zip_longest(*self._waiting.values())
        return [ticket for one_of_each in rounds for ticket in one_of_each if ticket is not None]

    def join(self, owner: str) -> Ticket:
        ticket = Ticket(owner)
        self._waiting.setdefault(owner, deque()).append(ticket)
        return ticket

    def place(self, ticket: Ticket) -> int:
        """From 1; the line must hold the ticket."""
        return self.order.index(ticket) + 1

    def leave(self, ticket: Ticket) -> None:
        """Without having been served. A ticket that is not in the line any more does no harm."""
        own = self._waiting.get(ticket.owner, deque())
        if ticket in own:
            own.remove(ticket)
        if not own:
            self._waiting.pop(ticket.owner, None)

    def serve(self, ticket: Ticket) -> None:
        """Its owner's further tickets wait until every other owner had a turn."""
        self.leave(ticket)
        rest = self._waiting.pop(ticket.owner, None)
        if rest is not None:
            self._waiting[ticket.owner] = rest
