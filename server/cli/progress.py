"""The bar that long work shows at a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


def progress_bar(*, with_rest: bool = False) -> Progress:
    """On standard error, so that standard output holds the results alone; it vanishes at the end. `with_rest`: also how long it
    will probably still take."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    rest = (TimeRemainingColumn(),) if with_rest else ()
    return Progress(*columns, *rest, console=Console(stderr=True), transient=True, redirect_stdout=False)
