"""What the text of an answer uses: `uses`, `avoids`. It tells what is written there, not what runs."""

from .failing import fail, require
from .syntax import first_line, parsed


def uses(text: str, *things: str, message: str = "") -> None:
    """An answer's text uses each of these things.

    `text` is `source("answer-name")`. A thing is a word of the language (for, while, comprehension, loop for any of these
    three, lambda, import, class, try, global), a dotted name such as numpy.einsum, also when imported under another name, or
    a method of anything, such as `.transform`. Code that is never reached counts: let value checks decide, and let this one
    be worth little.
    Fails with the first thing that is not used."""
    require(bool(things) and all(things), "uses() needs something to look for")
    tree = parsed(text)
    for thing in things:
        if tree is None or first_line(tree, thing) is None:
            fail(message, f"expected the answer to use `{thing}`")


def avoids(text: str, *things: str, message: str = "") -> None:
    """An answer's text uses none of these things; they are named as for `uses`.

    `avoids(source("answer-name"), "loop")` asks for whole-array code. A dotted name forbids all that lies below it. What is
    reached by another way (getattr, a text that is executed) is not seen. Text that does not parse passes: it fails by
    itself.
    Fails with the thing and its line."""
    require(bool(things) and all(things), "avoids() needs something to look for")
    tree = parsed(text)
    for thing in things:
        line = first_line(tree, thing) if tree is not None else None
        if line is not None:
            fail(message, f"line {line} of the answer uses `{thing}`")
