"""What a call does besides returning: `raises`, `pure`."""

import copy
from collections.abc import Callable
from typing import Any

from ..handles.faults import AuthorFault, FromNotebook, HandleMisuse, NotDefined, TooLarge, with_article
from ..handles.remote import NotebookFunction, is_handle, path_of, type_of
from . import setting
from .difference import first_difference
from .failing import CheckFailed, about, fail, require
from .showing import shown

NOT_MEANT = (AuthorFault, CheckFailed, HandleMisuse, NotDefined, TooLarge)


def raises(
    error: type[Exception] | str,
    function: Callable[..., Any],
    /,
    *arguments: Any,
    mentions: str = "",
    message: str = "",
    **named: Any,
) -> Exception:
    """A call raises this error, or one derived from it; gives the error back.

    `error` is a built-in class, or the name of any class: a class of the notebook's own counts by its name and by its
    built-in base. `mentions` must occur in the error's text, large or small letters alike. That a name is missing in the
    notebook is no error that counts.
    Fails when nothing, or something else, is raised, and when the text lacks what it should mention."""
    require(callable(function) or is_handle(function), "raises() needs a function: raises(ValueError, f, argument)")
    if is_handle(function) and not isinstance(function, NotebookFunction):
        raise HandleMisuse(path_of(function), type_of(function), "a function")
    wanted = error if isinstance(error, str) else error.__name__
    raised = what_is_raised(function, arguments, named)
    if raised is None:
        fail(message, f"expected {with_article(wanted)}, but nothing was raised")
    if not is_meant(raised, error):
        fail(message, f"expected {with_article(wanted)}, got {name_of(raised)}: {raised}")
    if mentions.lower() not in str(raised).lower():
        fail(message, f"the text of the {wanted} should mention {shown(mentions)}, got {shown(str(raised))}")
    return raised


def what_is_raised(function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> Exception | None:
    try:
        function(*arguments, **named)
    except NOT_MEANT:
        raise
    except Exception as raised:  # whatever it raises is compared with what it should raise
        return raised
    return None


def is_meant(raised: Exception, wanted: type[Exception] | str) -> bool:
    if isinstance(wanted, str):
        return wanted in (name_of(raised), *(kind.__name__ for kind in type(raised).__mro__))
    return isinstance(raised, wanted)


def name_of(raised: Exception) -> str:
    return raised.kind if isinstance(raised, FromNotebook) else type(raised).__name__


def pure(function: Callable[..., Any], /, *arguments: Any, message: str = "", **named: Any) -> Any:
    """A call leaves its arguments as they were, down to dtypes; gives the result back.

    *Reported*: what became of the arguments only the submission can tell, so the outcome is marked so, and the linter lets
    such checks have a tenth of the points. Let it stand behind a value check by `needs`: a stub changes nothing either.
    Fails with the argument that was changed, counted from 1, and the first place in it."""
    before = copy.deepcopy(list(arguments)), copy.deepcopy(named)
    seen = setting.current().observe(function, *arguments, **named)
    result = seen.result
    pairs = [(f"argument {number}", *both) for number, both in enumerate(zip(seen.arguments, before[0], strict=True), 1)]
    pairs += [(f"argument {name}", seen.named[name], before[1][name]) for name in named]
    for name, after, original in pairs:
        found = None if callable(original) else first_difference(after, original, same_type=True)
        if found is not None:
            fail(message, about(name, found.place, f"it was changed by the call: {found.details}"))
    return result
