"""The sentence that a learner reads about one check. Pure.

A visible check says what it expected. A hidden check follows the exercise's policy: its name alone, its message, or (in
practice) the text of the failed assert too; never its code, its inputs, a traceback or anything that the code printed.
"""

from __future__ import annotations

from server.exercise_format.exercise import Check
from server.grading.outcome import State

HIDDEN_FAILURE = "A hidden check failed."
FIXED = {
    State.timed_out: "It did not finish within {seconds:g} s.",
    State.out_of_memory: "It used more memory than the exercise allows.",
    State.blocked: "Not counted yet: it needs {needs} to pass first.",
    State.our_fault: "This check could not be run. That is our fault, not yours; it is tried again.",
    State.not_attempted: "Not attempted: the answer cell is still as given.",
}


def check_message(check: Check, state: State, text: str, note: str, policy: str, blocked_by: str = "") -> str:
    """The message of one outcome. `text` is the failed assert's or the exception's, `note` what `award` said."""
    if state is State.passed:
        return note
    if state in FIXED:
        return FIXED[state].format(seconds=check.seconds, needs=blocked_by or " and ".join(check.needs))
    if check.hidden and policy == "name":
        return HIDDEN_FAILURE
    if check.hidden and policy == "message":
        return check.message
    if check.hidden and state is State.crashed:
        text = f"Your code raised {text.partition(':')[0]}."  # its words are the candidate's: they could carry hidden inputs out
    return " ".join(part for part in (_joined(check.message, text), note) if part)


def _joined(message: str, text: str) -> str:
    """What is wrong, then where to look; an assert's text that begins small goes on after a colon."""
    if text[:1].islower():
        return f"{message.rstrip('.')}: {text}"
    return f"{message} {text}".strip()
