"""What a check was told about the notebook's objects holds until it calls something: asked again, an object cannot say otherwise.

Without this an object could show one list to the line that counts and another to the line that compares."""

from collections.abc import Callable, Iterator
from typing import Any


class Taken:
    def __init__(self) -> None:
        self.answers: dict[tuple[Any, ...], Any] = {}
        self.lengths: dict[int, int] = {}  # by the object's number: its length, as it said or as its items were counted

    def forget(self) -> None:
        """The notebook's code is about to run: its objects may change."""
        self.forget_answers()
        self.lengths.clear()

    def forget_answers(self) -> None:
        self.answers.clear()

    def once(self, question: tuple[Any, ...], ask: Callable[[], Any]) -> Any:
        try:
            known = question in self.answers
        except TypeError:  # a key without a hash
            return ask()
        if not known:
            self.answers[question] = ask()
        return self.answers[question]

    def items(self, number: int, begin: Callable[[], Iterator[Any]]) -> Iterator[Any]:
        """From the beginning: those that were seen before, then new ones."""
        seen, source = self.once(("items", number), lambda: ([], begin()))
        place = 0
        while True:
            if place == len(seen):
                try:
                    seen.append(next(source))
                except StopIteration:
                    return
                except BaseException:  # what failed is not over: the next time it is asked anew
                    self.answers.pop(("items", number), None)
                    raise
            yield seen[place]
            place += 1

    def agrees(self, number: int, length: int) -> bool:
        return self.lengths.setdefault(number, length) == length
