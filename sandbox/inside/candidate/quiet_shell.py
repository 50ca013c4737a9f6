"""IPython without a screen: magics, `!command` and top-level await work, nothing is displayed, plots are drawn into memory."""

import sys
import warnings
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

LONGEST_ERROR = 2_000
LONGEST_TEXT = 20_000


class NoDisplay(DisplayPublisher):
    def publish(self, *parts: Any, **named: Any) -> None:
        pass

    def clear_output(self, wait: bool = False) -> None:
        pass


class NoFormatter(DisplayFormatter):
    """Rendering a table or a plot costs time and nobody looks."""

    def format(self, obj: object, include: Any = None, exclude: Any = None) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {}


class LastValue(DisplayHook):
    """The value of a cell's last line goes to `_` and nowhere else."""

    def __call__(self, result: Any = None) -> None:
        if result is not None and not self.quiet():
            self.update_user_ns(result)


class Output:
    """What the cell prints, as far as anybody will read it."""

    encoding, errors = "utf-8", "replace"

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.room = LONGEST_TEXT

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        if self.room > 0:
            self.parts.append(text[: self.room])
            self.room -= len(text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1

    def take(self) -> str:
        text, self.parts, self.room = "".join(self.parts), [], LONGEST_TEXT
        return text


class QuietShell(InteractiveShell):
    def init_display_pub(self) -> None:
        self.display_pub = NoDisplay(parent=self, shell=self)

    def init_display_formatter(self) -> None:
        self.display_formatter = NoFormatter(parent=self)

    def init_displayhook(self) -> None:
        self.displayhook_class = LastValue
        super().init_displayhook()

    def showtraceback(self, *parts: Any, **named: Any) -> None:
        """The error is read from the cell's result."""

    def showsyntaxerror(self, *parts: Any, **named: Any) -> None:
        pass

    def showindentationerror(self) -> None:
        pass

    def enable_gui(self, gui: Any = None) -> None:
        pass

    def enable_matplotlib(self, gui: Any = None) -> tuple[Any, str]:
        """`%matplotlib inline` and the like change nothing: plots are drawn into memory."""
        return None, "agg"

    def ask_exit(self) -> None:
        pass


def build_shell() -> QuietShell:
    """In the zygote, once: it takes longer than a fork. The process that uses it calls `settle_in`."""
    main = sys.modules["__main__"]
    shell = QuietShell(config=configuration())
    shell.run_cell("None", store_history=False, silent=True)  # fills the caches of compiling and running
    sys.modules["__main__"] = main
    return shell


def settle_in(shell: QuietShell) -> None:
    """Makes it the shell of this process; the zygote may have another one ready for kernels."""
    InteractiveShell.clear_instance()
    for kind in QuietShell._walk_mro():
        kind._instance = shell
    sys.modules["__main__"] = shell.user_module


def configuration() -> Config:
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.history_load_length = 0
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.xmode = "Minimal"
    return config


def draw_into_memory() -> None:
    matplotlib = sys.modules.get("matplotlib")
    if matplotlib is not None:
        matplotlib.rcParams["backend"] = "agg"


def describe_error(error: BaseException) -> str:
    try:
        text = str(error)
    except BaseException:  # a learner's own __str__ can raise anything
        text = ""
    name = type(error).__name__
    return (f"{name}: {text}" if text else name)[:LONGEST_ERROR].encode("utf-8", "replace").decode()


def run_cell(shell: QuietShell, source: str) -> str:
    """-> the error's text, or nothing."""
    with warnings.catch_warnings():
        result = shell.run_cell(source, store_history=True)
    error = result.error_before_exec or result.error_in_exec
    return "" if error is None else describe_error(error)
