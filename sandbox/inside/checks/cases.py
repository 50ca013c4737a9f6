"""Partial credit, case by case: `cases`."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from types import TracebackType
from typing import NamedTuple

from ..handles.faults import HandleMisuse, TooLarge
from . import setting
from .failing import cut, require

LONGEST_TEXT, MOST_NAMED = 160, 6


class Case(NamedTuple):
    name: str
    weight: Fraction
    passed: bool
    text: str


class cases:
    """Runs every case of a check and awards the share of their weights that passed.

    `with cases() as case:` around the check, `with case("a name", weight=2):` around each case. A case fails by whatever
    would have failed the check alone: an assert, a function of this library, an error of the notebook's, an object where
    plain data is needed; the next case runs all the same. Weights are whole numbers or fractions above 0, added up exactly.
    The learner is told which cases failed and why; of a hidden check only how many passed. An error in the check itself, or
    the end of the notebook's process, ends the check as it would without cases."""

    def __init__(self) -> None:
        self.run: list[Case] = []

    def __enter__(self) -> "cases":
        return self

    @contextmanager
    def __call__(self, name: str, weight: int | float | Fraction = 1) -> Iterator[None]:
        require(weight > 0, f"the weight of the case {name!r} must be above 0")
        try:
            yield
        except (Exception, HandleMisuse, TooLarge) as error:  # the judge knows whose fault it is
            text = setting.current().excuse(error)
            if text is None:
                raise
            self.run.append(Case(name, exactly(weight), False, text))
        else:
            self.run.append(Case(name, exactly(weight), True, ""))

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            return
        require(bool(self.run), "cases() without a case")
        now = setting.current()
        now.award(fraction(self.run), note(self.run, now.hidden))


def exactly(weight: int | float | Fraction) -> Fraction:
    """0.1 is a tenth, as it is written."""
    return Fraction(str(weight))


def fraction(run: list[Case]) -> Fraction:
    return sum((case.weight for case in run if case.passed), Fraction()) / sum(case.weight for case in run)


def note(run: list[Case], hidden: bool) -> str:
    failed = [case for case in run if not case.passed]
    if not failed:
        return ""
    counted = f"{len(run) - len(failed)} of {len(run)} cases pass."
    if hidden:
        return counted
    told = [
        f"{case.name}: {cut(case.text.rstrip('.'), LONGEST_TEXT)}" if case.text else case.name for case in failed[:MOST_NAMED]
    ]
    more = f"; and {len(failed) - MOST_NAMED} more" if len(failed) > MOST_NAMED else ""
    return f"{counted} Not: {'; '.join(told)}{more}."
