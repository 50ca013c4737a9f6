"""When a running cell is asked to stop, and when it is stopped. Decides; does nothing."""

from dataclasses import dataclass

from sandbox.errors import Death

AFTER_TIME, AFTER_FLOOD, AFTER_STOP = 2.0, 2.0, 5.0  # seconds from the interrupt to the kill
AFTER_ANSWER = 1.0  # reply and last outputs come over two connections; either may be missing


@dataclass
class Patience:
    """The moments of one cell's run, on the monotonic clock."""

    deadline: float
    time_over_at: float | None = None
    flooded_at: float | None = None
    stopped_at: float | None = None  # a person asked
    ask_again_at: float | None = None  # the stop may have come before anybody listened
    answered_at: float | None = None  # the reply, or the sign that the kernel is idle again

    def time_is_over(self, now: float) -> bool:
        return self.time_over_at is None and self.answered_at is None and now >= self.deadline

    def asks_again(self, now: float) -> bool:
        return self.ask_again_at is not None and self.answered_at is None and now >= self.ask_again_at

    def kill(self, now: float) -> Death | None:
        """The reason for which the process must go now."""
        for asked_at, grace, why in self._requests():
            if asked_at is not None and now >= asked_at + grace and self.answered_at is None:
                return why
        return None

    def gave_up_waiting(self, now: float) -> bool:
        return self.answered_at is not None and now >= self.answered_at + AFTER_ANSWER

    def next_moment(self) -> float:
        """When there is something to decide again, if nothing happens before."""
        moments = [asked_at + grace for asked_at, grace, _ in self._requests() if asked_at is not None]
        if self.answered_at is not None:
            return self.answered_at + AFTER_ANSWER
        again = [self.ask_again_at] if self.ask_again_at is not None else []
        return min([*moments, *again, *([self.deadline] if self.time_over_at is None else [])])

    def _requests(self) -> list[tuple[float | None, float, Death]]:
        return [
            (self.time_over_at, AFTER_TIME, Death.time),
            (self.flooded_at, AFTER_FLOOD, Death.output),
            (self.stopped_at, AFTER_STOP, Death.killed),
        ]
