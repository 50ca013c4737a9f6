"""Runs one check and says what came out. The rule of who is to blame is here."""

import re
import traceback
from collections.abc import Callable
from types import CodeType, TracebackType
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager

from ..checks import setting
from ..checks.failing import CheckFailed
from ..codec.parcels import Gone
from ..handles.faults import LONGEST_TEXT, Forged, FromNotebook, HandleMisuse, NotDefined, TooLarge, clean_text
from ..handles.link import Link
from ..messages import RunCheck, Verdict
from .helpers import Helpers
from .namespace import Namespace, SetupNamespace

CHECK, SETUP = "<check>", "<setup>"
FORGED = "Your code's process sent something that is no plain answer."
# What a check can stumble over when the value that came back is of a wrong kind or shape. A name that a check misspells or a
# module that is missing is not among them: that is the author's.
DATA_ERRORS = (
    *(TypeError, ValueError, LookupError, AttributeError, ArithmeticError, StopIteration, MemoryError, RecursionError),
    *(SyntaxError, re.error),  # a text that should be code or a pattern
)
LIBRARIES = ("sqlite3", "duckdb", "_duckdb", "pandas", "numpy")  # e.g. a query that does not parse
HANDLE_NAMES = re.compile(r"(object of type )?'?Notebook(Object|Function|Iterator)'?( object| instance)?")


def run_check(check: RunCheck, names: Namespace, helpers: Helpers, link: Link) -> Verdict:
    """The only place where a check's code runs."""
    error: BaseException | None = None
    setting.enter(setting_of(check, helpers, link))
    try:
        exec(compile_check(check.source), names)
    except BaseException as caught:  # every way in which a check can end is a verdict
        error = caught
    setting.leave()
    return conclude(error, check.hidden, helpers, link)


def setting_of(check: RunCheck, helpers: Helpers, link: Link) -> setting.Setting:
    """What the checks library sees of this check."""

    def excuse(error: BaseException) -> str | None:
        outcome, text = blame(error, check.hidden, has_learners_data(helpers, link))
        return None if outcome == "our_fault" else text

    return setting.Setting(check.hidden, helpers.observe, helpers.award, helpers.mark_reported, excuse)


def compile_check(source: str) -> CodeType:
    return compile(source, CHECK, "exec")


def conclude(error: BaseException | None, hidden: bool, helpers: Helpers, link: Link) -> Verdict:
    if isinstance(link.lost, Gone):
        return verdict("gone", "", helpers)
    if isinstance(link.lost, Forged):
        return verdict("crashed", FORGED, helpers)
    if error is None:
        outcome = "passed" if helpers.award.fraction >= 1 else "failed"
        return verdict(outcome, "", helpers, helpers.award.fraction)
    return verdict(*blame(error, hidden, has_learners_data(helpers, link)), helpers)


def has_learners_data(helpers: Helpers, link: Link) -> bool:
    return link.answers > 0 or helpers.read_source


def verdict(outcome: str, text: str, helpers: Helpers, fraction: float = 0.0) -> Verdict:
    return Verdict(outcome, fraction, text, clean_text(helpers.award.note), helpers.reported)


def blame(error: BaseException, hidden: bool, answered: bool) -> tuple[str, str]:
    """-> (outcome, text). In a hidden check the text holds nothing that the learner's code could have put there."""
    if isinstance(error, NotDefined):
        return "failed", error.sentence(hidden)
    if isinstance(error, FromNotebook):
        return "out_of_memory" if isinstance(error, MemoryError) else "crashed", error.sentence(hidden)
    if isinstance(error, TooLarge):
        return "crashed", error.sentence(hidden)
    if isinstance(error, HandleMisuse):
        return "failed", error.sentence(hidden)
    if isinstance(error, AssertionError):
        return "failed", assertion_text(error, hidden)
    if answered and is_of_the_answer(error):
        return "failed", unusable(error, hidden)
    return "our_fault", author_text(error)


def assertion_text(error: AssertionError, hidden: bool) -> str:
    """A library's assertion (numpy.testing) prints what it compared; hidden checks keep only what the author wrote. Our own
    checks library has left out everything else where it raised."""
    written = isinstance(error, CheckFailed) or not hidden or raised_in(error.__traceback__) in (CHECK, SETUP)
    if not error.args or not written:
        return ""
    return clean_text(str(error.args[0]))


def raised_in(trace: TracebackType | None) -> str:
    frames = list(traceback.walk_tb(trace))
    return frames[-1][0].f_code.co_filename if frames else ""


def is_of_the_answer(error: BaseException) -> bool:
    return isinstance(error, DATA_ERRORS) or type(error).__module__.split(".")[0] in LIBRARIES


def unusable(error: BaseException, hidden: bool) -> str:
    kind = next((base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"), "Exception")
    if hidden:
        return f"What your code gave back is not of the kind that the task asks for ({kind})."
    text = HANDLE_NAMES.sub("an object of your notebook", clean_text(str(error)))
    return f"What your code gave back is not of the kind that the task asks for: {type(error).__name__}: {text}"[:LONGEST_TEXT]


def author_text(error: BaseException) -> str:
    """For the exercise's author and for operators; never shown to a learner."""
    return clean_text("".join(traceback.format_exception(error, limit=-5))[-LONGEST_TEXT:])


def run_setup(sources: list[str], names: SetupNamespace) -> str:
    """-> what went wrong, for the author; or nothing."""
    for number, source in enumerate(sources, 1):
        try:
            names.run(compile_setup(source))
        except BaseException as error:  # an author's mistake of any kind is an answer, not our end
            return f"Setup cell {number} fails in the judge. {author_text(error)}"
    return ""


def compile_setup(source: str) -> CodeType:
    """A setup cell may hold magics for the learner; they mean nothing to the judge."""
    try:
        return compile(source, SETUP, "exec")
    except SyntaxError:
        return compile(TransformerManager().transform_cell(source), SETUP, "exec")


class Ignored:
    """Stands for the shell in the judge: `get_ipython().run_line_magic(...)` does nothing."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *_, **__: None
