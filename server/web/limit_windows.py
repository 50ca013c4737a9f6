"""Where the limits of `limits.py` count: the moments of each key's latest requests, in memory.

The storage that comes with the library starts a thread after each counted request, which goes through all keys; with some
hundred people that was a tenth of the server's work. Here one pass a minute forgets what is over.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from dataclasses import dataclass, field

from limits.storage import MovingWindowSupport, Storage

SWEEP_SECONDS = 60.0
ONLY_MOVING = "This storage counts moving windows only."


@dataclass(slots=True)
class Window:
    """Oldest first; `seconds` is how long a moment counts."""

    seconds: float
    moments: deque[float] = field(default_factory=deque)

    def forget_before(self, moment: float) -> None:
        while self.moments and self.moments[0] < moment:
            self.moments.popleft()


class MovingWindows(Storage, MovingWindowSupport):
    STORAGE_SCHEME = ["windows"]  # noqa: RUF012 - the library reads it from the class

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)
        self._windows: dict[str, Window] = {}
        self._lock = threading.Lock()
        self._swept_at = time.time()

    def acquire_entry(self, key: str, limit: int, expiry: int, amount: int = 1) -> bool:
        """Whether `amount` more requests are within the limit; they are counted if so."""
        now = time.time()
        with self._lock:
            self._sweep(now)
            window = self._windows.setdefault(key, Window(expiry))
            window.forget_before(now - expiry)
            if len(window.moments) + amount > limit:
                return False
            window.moments.extend([now] * amount)
            return True

    def get_moving_window(self, key: str, limit: int, expiry: int) -> tuple[float, int]:
        """The moment of the oldest request that still counts, and how many count."""
        now = time.time()
        with self._lock:
            window = self._windows.get(key)
            counted = [moment for moment in window.moments if moment >= now - expiry] if window else []
        return (counted[0] if counted else now), len(counted)

    def clear(self, key: str) -> None:
        with self._lock:
            self._windows.pop(key, None)

    def reset(self) -> int:
        with self._lock:
            count = len(self._windows)
            self._windows.clear()
        return count

    def check(self) -> bool:
        return True

    def _sweep(self, now: float) -> None:
        if now - self._swept_at >= SWEEP_SECONDS:
            self._swept_at = now
            for window in self._windows.values():
                window.forget_before(now - window.seconds)
            self._windows = {key: window for key, window in self._windows.items() if window.moments}

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        raise NotImplementedError(ONLY_MOVING)

    def get(self, key: str) -> int:
        raise NotImplementedError(ONLY_MOVING)

    def get_expiry(self, key: str) -> float:
        raise NotImplementedError(ONLY_MOVING)
