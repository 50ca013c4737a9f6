"""What can go wrong inside a check, seen from the judge, and the sentence that a learner gets for it.

Gone (parcels)         the suspect's copy ended: time, memory or its own doing; the referee knows which
Forged                 it sent something that is no plain data
FromNotebook           the learner's code raised; each such class is also the built-in one, so that `except ValueError` works
└── NotDefined         a name, attribute or operation that the learner's notebook does not have
TooLarge               the learner's code gave back more than can be sent
HandleMisuse           plain data was needed where the learner's code gave an object of its own
AuthorFault            the check asks for something that is not possible: never the learner's fault
"""

import builtins
import re
from typing import Any

LONGEST_TEXT = 2_000
LONGEST_NAME = 60
NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9_.]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Python gives these a meaning of its own: raised by a call inside `map` or `zip`, StopIteration would end the check's loop early,
# and a loop over nothing finds nothing wrong. A group needs more than a text.
TOLD_AS_EXCEPTION = (StopIteration, StopAsyncIteration, BaseExceptionGroup)
FALLBACK = "Exception"
PLAIN_DATA = "plain data (a number, text, a list, an array or a table)"


class Forged(BaseException):
    """Not an Exception, as Gone: a check cannot swallow it."""


class FromNotebook(Exception):
    """Mixed into a built-in exception. `kind` and the text are the learner's own words: cleaned, never trusted."""

    kind = ""
    base = FALLBACK
    text = ""

    def __init__(self, *arguments: object) -> None:
        """Some built-in classes want several arguments; ours have one text."""

    def __str__(self) -> str:
        return self.text

    def sentence(self, hidden: bool) -> str:
        """In a hidden check the learner's own words could carry the hidden inputs out: only the built-in class is told."""
        if hidden:
            return f"Your code raised {with_article(self.base)}."
        return f"{self.kind}: {self.text}" if self.text else self.kind


class NotDefined(FromNotebook):
    ours = ""  # a text that holds nothing of the learner's

    def sentence(self, hidden: bool) -> str:
        return self.ours or ("Something that this check uses is missing in your code." if hidden else self.text)


class TooLarge(BaseException):
    """What the learner's code gave back is more than can be sent. No Exception: the check that waits for an error of the
    learner's code must not take this for it."""

    def sentence(self, hidden: bool) -> str:
        return "What your code returned is too large or too deep to be looked at." if hidden else clean_text(str(self))


class AuthorFault(Exception):
    """The check itself asks for something that is not possible."""


class HandleMisuse(BaseException):
    """`path` is how the check reached the object, in the check's own words. No Exception, as TooLarge."""

    def __init__(self, path: str, type_name: str, needed: str = PLAIN_DATA) -> None:
        super().__init__(f"{path} is {with_article(type_name)} object; this check needs {needed} there")
        self.path, self.needed = path, needed

    def sentence(self, hidden: bool) -> str:
        return f"{self.path} must be {self.needed}, not an object of your own." if hidden else f"{self}."


def make_error(base: object, kind: object, text: object, marker: type[FromNotebook] = FromNotebook) -> FromNotebook:
    """An exception that the suspect reported, as one of our own. Whatever it sent, the result is harmless."""
    parent = find_parent(base)
    made = type(parent.__name__, (marker, parent), {"kind": clean_name(kind), "base": parent.__name__, "text": clean_text(text)})
    return made(clean_text(text))


def undefined(name: str) -> FromNotebook:
    error: Any = make_error("NameError", "NameError", f"`{name}` is not defined: no cell that ran defines it.", NotDefined)
    error.ours = str(error)
    return error


def unwritten(name: str) -> FromNotebook:
    error: Any = make_error("FileNotFoundError", "FileNotFoundError", f"Your notebook wrote no file `{name}`.", NotDefined)
    error.ours = str(error)
    return error


def find_parent(base: object) -> type[Exception]:
    found = getattr(builtins, base, None) if isinstance(base, str) else None
    if isinstance(found, type) and issubclass(found, Exception) and not issubclass(found, TOLD_AS_EXCEPTION):
        return found
    return Exception


def clean_name(name: object) -> str:
    return (NOT_IN_A_NAME.sub("", name)[:LONGEST_NAME] if isinstance(name, str) else "") or "object"


def clean_text(text: object) -> str:
    return CONTROLS.sub("", text[: LONGEST_TEXT * 2])[:LONGEST_TEXT] if isinstance(text, str) else ""


def with_article(noun: str) -> str:
    return f"an {noun}" if noun[:1].lower() in "aeiou" else f"a {noun}"
