"""The option type `25,50,100`."""

from __future__ import annotations

import click


class Sizes(click.ParamType):  # type: ignore[type-arg]  # generic in click's annotations only
    """Whole numbers with commas between them."""

    name = "numbers"

    def __init__(self, largest: int) -> None:
        self.largest = largest

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        parts = [part.strip() for part in str(value).split(",")]
        if not all(part.isdecimal() and 1 <= int(part) <= self.largest for part in parts):
            self.fail(f"{value!r} must be whole numbers from 1 to {self.largest}, with commas between them.", param, ctx)
        return tuple(map(int, parts))
