"""Whose fault it is when a check did not come to its own end. Pure."""

from dataclasses import dataclass

from sandbox.errors import Death
from sandbox.inside.messages import Verdict
from sandbox.sentences import seconds
from sandbox.trials.types import Outcome

JUDGED: tuple[Outcome, ...] = ("passed", "failed", "crashed", "out_of_memory", "our_fault")
ENDED = "The process that ran your code ended: it crashed or left by itself."
TOO_MUCH_MEMORY = "Your code used more memory than it may."
SLOW_CHECK = "The check itself took too long; the time did not go into the learner's code."
LOST_JUDGE = "The judge's process ended during this check."


@dataclass(frozen=True, slots=True)
class Ended:
    """How the judge's work on one check ended, seen from the referee."""

    verdict: Verdict | None  # None: the judge did not answer, or is gone
    limit: float
    seconds: float
    over_time: bool = False
    waited: float = 0.0  # how long the judge waited for the suspect
    in_flight: bool = False  # a call into the suspect was not yet answered at the end
    idle: bool = False  # the suspect's copy hardly computed while it was waited for
    death: Death | None = None  # of the whole suspect


def decide(ended: Ended) -> tuple[Outcome, str]:
    if ended.over_time and (ended.in_flight or ended.waited >= ended.limit / 2):
        return "timed_out", f"Your code did not finish within {seconds(ended.limit)}."
    if ended.verdict is None:
        return "our_fault", SLOW_CHECK if ended.over_time else LOST_JUDGE
    if ended.verdict.outcome != "gone":
        told = ended.verdict.outcome
        return next((outcome for outcome in JUDGED if outcome == told), "our_fault"), ended.verdict.text
    if ended.over_time:
        return "our_fault", SLOW_CHECK
    return ("out_of_memory", TOO_MUCH_MEMORY) if ended.death is Death.memory else ("crashed", ENDED)


def deserves_second_run(ended: Ended) -> bool:
    """A copy that hangs without computing may be stuck in a pool of threads that did not survive the fork."""
    return decide(ended)[0] == "timed_out" and ended.idle
