import base64
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox.errors import Death, KernelBusy
from sandbox.kernels.kernel import Kernel
from tests.kernels import borrowed, eventually, ran


def test_the_last_line_of_a_cell_is_its_result(kernel: Kernel) -> None:
    cell = ran(kernel, "1 + 1")
    assert cell.kinds == ["started", "result", "done"]
    assert cell.value == "2"
    assert cell.one("result")["count"] == cell.one("started")["count"] == cell.one("done")["count"]
    assert cell.status == "ok"


def test_printed_text_arrives_by_stream(kernel: Kernel) -> None:
    cell = ran(kernel, "import sys; print('to read'); print('to worry', file=sys.stderr)")
    assert [(each["name"], each["text"]) for each in cell.all("stream")] == [("stdout", "to read\n"), ("stderr", "to worry\n")]


def test_text_printed_below_python_arrives(kernel: Kernel) -> None:
    cell = ran(kernel, "import os, time; os.write(1, b'from below'); time.sleep(0.3)")
    assert "from below" in cell.text


def test_an_error_has_its_name_text_and_traceback(kernel: Kernel) -> None:
    cell = ran(kernel, "def divide(a): return a / 0\ndivide(1)")
    assert cell.error == "ZeroDivisionError: division by zero"
    assert any("divide" in line for line in cell.one("error")["traceback"])
    assert cell.status == "error"


def test_a_syntax_error_is_an_error(kernel: Kernel) -> None:
    assert ran(kernel, "def f(:").error.startswith("SyntaxError")


def test_a_plot_is_a_png_image(kernel: Kernel) -> None:
    shown = ran(kernel, "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3]); plt.show()").one("display")
    assert base64.b64decode(shown["data"]["image/png"]).startswith(b"\x89PNG")


def test_a_plot_without_show_is_shown_at_the_end_of_the_cell(kernel: Kernel) -> None:
    assert "image/png" in ran(kernel, "plt.hist([1, 1, 2]);").one("display")["data"]


def test_a_table_is_text_and_html(kernel: Kernel) -> None:
    data = ran(kernel, "import pandas as pd\npd.DataFrame({'a': [1, 2]})").one("result")["data"]
    assert set(data) == {"text/plain", "text/html"}


def test_formulas_and_markdown_are_kept(kernel: Kernel) -> None:
    cell = ran(kernel, "from IPython.display import Latex, Markdown\ndisplay(Latex('$x$'), Markdown('*m*'))")
    assert [set(each["data"]) for each in cell.all("display")] == [{"text/plain", "text/latex"}, {"text/plain", "text/markdown"}]


def test_scripts_and_widgets_are_dropped(kernel: Kernel) -> None:
    cell = ran(kernel, "display({'application/javascript': 'alert(1)', 'text/plain': 'x'}, raw=True)")
    assert cell.one("display")["data"] == {"text/plain": "x"}


def test_clearing_and_updating_outputs_is_told(kernel: Kernel) -> None:
    ran(kernel, "from IPython.display import clear_output")
    cell = ran(kernel, "shown = display('a', display_id=True); clear_output(); shown.update('b')")
    assert cell.kinds == ["started", "display", "clear", "update_display", "done"]
    assert cell.one("update_display")["display_id"] == cell.one("display")["display_id"]


def test_variables_stay_between_cells(kernel: Kernel) -> None:
    ran(kernel, "kept = 41")
    assert ran(kernel, "kept + 1").value == "42"


def test_shell_commands_print_into_the_cell(kernel: Kernel) -> None:
    assert ran(kernel, "!echo hello").text == "hello\r\n"


def test_forked_processes_print_into_the_cell(kernel: Kernel) -> None:
    source = "import multiprocessing\ndef square(x):\n    print('squaring')\n    return x * x\n"
    cell = ran(kernel, source + "with multiprocessing.Pool(2) as pool: print(pool.map(square, range(3)))")
    assert cell.text.count("squaring") == 3
    assert "[0, 1, 4]" in cell.text


def test_asking_for_input_fails_at_once(kernel: Kernel) -> None:
    assert ran(kernel, "input('name? ')").error.startswith("StdinNotImplementedError")


def test_the_user_has_a_name(kernel: Kernel) -> None:
    assert ran(kernel, "import getpass; getpass.getuser()").value == "'candidate'"


def test_async_code_runs(kernel: Kernel) -> None:
    assert ran(kernel, "import asyncio\nawait asyncio.sleep(0.01)\n'slept'").value == "'slept'"


def test_names_are_completed(kernel: Kernel) -> None:
    ran(kernel, "a_long_name = 1")
    assert kernel.complete("a_lon", 5) == ["a_long_name"]


def test_half_characters_do_no_harm(kernel: Kernel) -> None:
    cell = ran(kernel, "print('\\ud800 half')")
    assert cell.text == "? half\n"


def test_files_are_there_before_the_first_cell() -> None:
    with borrowed(files={"data/points.csv": b"x\n1\n"}) as kernel:
        assert ran(kernel, "open('data/points.csv').read()").value == "'x\\n1\\n'"


def test_two_kernels_draw_different_random_numbers() -> None:
    source = "import random, numpy as np; (np.random.rand(), random.random())"
    with borrowed() as first, borrowed() as second:
        assert ran(first, source).value != ran(second, source).value


def test_threads_and_pools_of_the_libraries_work_in_a_fork() -> None:
    source = """
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.cluster import KMeans
X, y = np.random.rand(200, 4), np.arange(200) % 2
HistGradientBoostingClassifier(max_iter=5).fit(X, y)
RandomForestClassifier(5, n_jobs=2).fit(X, y)
KMeans(2, n_init=1).fit(X)
"""
    with borrowed(cell_seconds=30) as kernel:
        assert ran(kernel, source).status == "ok"


def test_databases_in_a_file_work() -> None:
    source = """
import sqlite3, duckdb
with sqlite3.connect("a.db") as one: one.execute("create table t (a)")
duckdb.connect("b.db").sql("select 42").fetchall()
"""
    with borrowed() as kernel:
        assert ran(kernel, source).value == "[(42,)]"


def test_an_interrupt_from_another_thread_stops_the_cell() -> None:
    with borrowed() as kernel:
        threading.Timer(0.3, kernel.interrupt).start()
        cell = ran(kernel, "import time\ntime.sleep(30)")
        assert cell.status == "interrupted"
        assert cell.error.startswith("KeyboardInterrupt")
        assert ran(kernel, "1").status == "ok"


def test_an_interrupt_at_the_very_beginning_of_a_cell_is_not_lost() -> None:
    with borrowed() as kernel, ThreadPoolExecutor(1) as thread:
        cell = thread.submit(ran, kernel, "import time\ntime.sleep(30)")
        while kernel.state != "busy":
            pass
        kernel.interrupt()
        assert cell.result().status == "interrupted"
        assert kernel.alive


def test_an_interrupt_whose_traceback_cannot_be_shown_is_one_all_the_same() -> None:
    """IPython's own formatter fails when the interrupt arrives between two statements."""
    with borrowed() as kernel:
        ran(kernel, "def fails(*_, **__): assert False\nget_ipython().InteractiveTB.structured_traceback = fails")
        threading.Timer(0.3, kernel.interrupt).start()
        cell = ran(kernel, "import time\ntime.sleep(30)")
        assert (cell.all("error"), cell.status) == ([], "interrupted")
        assert ran(kernel, "1 / 0").status == "error"


def test_an_interrupt_between_cells_does_nothing() -> None:
    with borrowed() as kernel:
        kernel.interrupt()
        assert ran(kernel, "2").value == "2"


def test_a_loop_without_end_is_stopped_at_the_time_limit_and_the_kernel_lives() -> None:
    with borrowed(cell_seconds=0.5) as kernel:
        cell = ran(kernel, "while True: pass")
        assert cell.one("limit") == {
            "what": "time", "sentence": "The cell ran for 0.5 seconds, the longest that is allowed, and was stopped."
        }  # fmt: skip
        assert cell.status == "timed_out"
        assert ran(kernel, "3").value == "3"


def test_the_time_limit_of_one_cell_can_be_its_own(kernel: Kernel) -> None:
    assert ran(kernel, "import time; time.sleep(30)", cell_seconds=0.4).status == "timed_out"


def test_a_cell_that_ignores_the_interrupt_is_killed_with_its_kernel() -> None:
    with borrowed(cell_seconds=0.5) as kernel:
        cell = ran(kernel, "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass")
        assert cell.kinds == ["started", "limit", "died", "done"]
        assert cell.one("died")["why"] == Death.time
        assert "your cells are safe" in cell.one("died")["sentence"]
        assert cell.status == "timed_out"
        assert kernel.state == "died"


def test_native_code_that_never_returns_is_killed() -> None:
    with borrowed(cell_seconds=0.5) as kernel:
        assert ran(kernel, "sum(range(10**12))").one("died")["why"] == Death.time


@pytest.mark.parametrize(
    ("source", "detail"),
    [
        ("import os; os._exit(3)", "exit code 3"),
        ("import ctypes; ctypes.string_at(0)", "SIGSEGV"),
        ("import os; os.abort()", "SIG"),
    ],
)
def test_a_process_that_ends_itself_is_told_as_a_crash(source: str, detail: str) -> None:
    with borrowed() as kernel:
        cell = ran(kernel, source)
        assert cell.one("died")["why"] == Death.crashed
        assert detail in cell.one("died")["sentence"]
        assert (cell.status, kernel.state, kernel.why) == ("died", "died", Death.crashed)


def test_the_first_process_of_its_namespace_cannot_kill_itself() -> None:
    with borrowed() as kernel:
        assert ran(kernel, "import os, signal; os.kill(os.getpid(), signal.SIGKILL); 'still here'").value == "'still here'"


def test_a_dead_kernel_answers_every_further_cell_with_its_death() -> None:
    with borrowed() as kernel:
        ran(kernel, "import os; os._exit(0)")
        assert ran(kernel, "1").kinds == ["died", "done"]


def test_exit_ends_the_kernel_in_peace() -> None:
    with borrowed() as kernel:
        assert ran(kernel, "exit()").status == "ok"
        assert eventually(lambda: not kernel.alive)
        assert ran(kernel, "1").one("died")["why"] == Death.crashed


def test_a_closed_kernel_says_that_it_was_closed() -> None:
    with borrowed() as kernel:
        kernel.close()
        assert kernel.why == Death.closed
        assert ran(kernel, "1").kinds == ["died", "done"]


def test_closing_while_a_cell_runs_ends_the_cell() -> None:
    with borrowed() as kernel:
        threading.Timer(0.3, kernel.close).start()
        cell = ran(kernel, "import time; time.sleep(30)")
        assert (cell.status, cell.one("died")["why"]) == ("died", Death.closed)


def test_a_second_cell_at_the_same_time_is_refused() -> None:
    with borrowed() as kernel:
        running = kernel.run("import time; time.sleep(0.3)")
        next(running)
        assert kernel.state == "busy"
        with pytest.raises(KernelBusy, match="interrupt"):
            next(kernel.run("1"))
        assert [event.kind for event in running] == ["done"]
        assert kernel.state == "idle"


def test_a_cell_that_nobody_listens_to_any_more_is_interrupted() -> None:
    with borrowed() as kernel:
        running = kernel.run("import time\nwhile True: time.sleep(0.1)")
        next(running)
        running.close()
        assert ran(kernel, "'free again'", cell_seconds=5).value == "'free again'"


def test_a_life_that_is_over_is_told() -> None:
    with borrowed(session_seconds=0.3) as kernel:
        assert eventually(lambda: not kernel.alive)
        cell = ran(kernel, "1")
        assert cell.one("died")["why"] == Death.session_over


def test_computing_time_is_limited() -> None:
    with borrowed(cpu_seconds=1, cell_seconds=20) as kernel:
        assert ran(kernel, "while True: pass").one("died")["why"] == Death.cpu


def test_computing_in_children_counts() -> None:
    source = "import os\nfor _ in range(3):\n    if os.fork() == 0:\n        while True: pass\nimport time; time.sleep(60)"
    with borrowed(cpu_seconds=1, cell_seconds=20) as kernel:
        assert ran(kernel, source).one("died")["why"] == Death.cpu


def test_outputs_arrive_while_the_cell_runs(kernel: Kernel) -> None:
    began = time.monotonic()
    running = kernel.run("import time\nprint('early', flush=True)\ntime.sleep(1.5)")
    early = next(event for event in running if event.kind == "stream")
    assert early.data["text"] == "early\n"
    assert time.monotonic() - began < 1.4  # the cell is not over yet
    assert list(running)[-1].data["status"] == "ok"


def test_output_without_end_is_stopped_with_a_note_and_no_traceback(kernel: Kernel) -> None:
    cell = ran(kernel, "while True: print('x' * 1000)")
    assert cell.status == "interrupted"
    assert cell.one("limit")["what"] == "output"
    assert cell.all("error") == []
    assert ran(kernel, "'goes on'").value == "'goes on'"


def test_an_error_of_its_own_after_too_much_output_is_shown(kernel: Kernel) -> None:
    cell = ran(kernel, "for _ in range(2000): print('x' * 1000)\n1 / 0")
    assert cell.error.startswith("ZeroDivisionError")


def test_a_name_is_inspected(kernel: Kernel) -> None:
    ran(kernel, "def halve(number: float) -> float:\n    'Half of it.'\n    return number / 2")
    found = kernel.inspect("halve(", 6)
    assert "(number: float)" in plain(found)
    assert "Half of it." in found
    assert "return number" not in plain(found)
    assert "return number" in plain(kernel.inspect("halve(", 6, detail=1))


def test_of_an_unknown_name_nothing_is_told(kernel: Kernel) -> None:
    assert kernel.inspect("nobody_knows", 5) == ""


def test_a_long_documentation_is_cut(kernel: Kernel) -> None:
    ran(kernel, "def talks(): ...\ntalks.__doc__ = 'é' * 50_000")
    found = kernel.inspect("talks", 5)
    assert len(found.encode()) < 21_000
    assert found.endswith("(the rest is left out)")


def test_nothing_is_inspected_while_a_cell_runs() -> None:
    with borrowed() as kernel:
        running = kernel.run("import time; time.sleep(0.5)")
        next(running)
        assert kernel.inspect("len", 3) == ""
        assert [event.kind for event in running] == ["done"]
        assert "Return the number of items" in kernel.inspect("len", 3)


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)
