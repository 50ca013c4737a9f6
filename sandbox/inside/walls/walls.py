"""How processes are walled in: the zygote asks, `ConfinedWalls` or `OpenWalls` answer."""

from collections.abc import Callable
from typing import Any, Protocol


class Walls(Protocol):
    def enter(self) -> None: ...  # the zygote itself, before it imports anything large

    def finish(self) -> None: ...  # the zygote, after its imports

    def close(self) -> None: ...  # the zygote ends

    def facts(self) -> dict[str, Any]: ...  # which layers are there, for the operator

    def fork(self) -> int: ...

    def confine(self, limits: dict[str, Any], keep: list[int], show_home: Callable[[], None]) -> None: ...  # in the child

    def left(self, pid: int, living: set[int]) -> None: ...  # a child ended; `living` are the others
