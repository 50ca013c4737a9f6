"""How a check of this library fails: with a sentence for the learner, made for whoever may read it.

In a hidden check the details (expected and got) are never even put into the exception: the author's message is all it holds."""

from typing import NoReturn

from ..handles.faults import AuthorFault, clean_text
from . import setting

LONGEST = 600


class CheckFailed(AssertionError):
    """Its text is fit to be shown for the check that raised it: judge/judging.py tells it as it stands."""


def fail(message: str, details: str) -> NoReturn:
    raise CheckFailed(sentence(message, details, setting.current().hidden))


def sentence(message: str, details: str, hidden: bool) -> str:
    """`message` is the author's; `details` may hold values of the check and of the learner's code."""
    told = clean_text(message).strip()
    if hidden:
        return told
    details = cut(clean_text(details), LONGEST)
    return f"{told.rstrip('.:')}: {details}" if told and details else told or details


def cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def about(name: str, place: str, details: str) -> str:
    """`the gradient at [0, 2]: expected 1, got 2`, with as much of it as there is."""
    subject = " ".join(part for part in (name, f"at {place}" if place else "") if part)
    return f"{subject}: {details}" if subject else details


def require(sensible: bool, why: str) -> None:
    """The author's own arguments: what is wrong with them is never the learner's failure."""
    if not sensible:
        raise AuthorFault(why)
