"""Parts of the marking page: lines that changed, outputs as text, the strip of minutes."""

import re
from datetime import datetime

import pytest

from server.assessments.marking.frozen import FrozenCell
from server.exercise_format.reading.reader import read_exercise
from server.exercise_format.starter import starter_notebook
from server.grading.tables import Result
from server.web.diff import MOST_COMPARED, diff_block
from server.web.hiring.frozen_view import score_sheet
from server.web.hiring.output_view import LONGEST_TEXT, Shown, output_view
from server.web.hiring.strip import MOST_SLICES, slice_seconds, strip
from server.workspaces.activity import Slice


def lines(block: str) -> list[tuple[str, str]]:
    """Each line as its kind and its text."""
    found = re.findall(r'<span class="line( \w+)?">(.*?)(?=<span class="line|</code>)', block)
    return [(kind.strip(), re.sub(r"<[^>]+>", "", text).removeprefix(f"{said(kind)}: ")) for kind, text in found]


def said(kind: str) -> str:
    return {" add": "added", " del": "removed"}.get(kind, "nothing")


def test_lines_that_stayed_went_and_came() -> None:
    before, after = "def f(x):\n    ...\n    return x\n", "def f(x):\n    y = x\n    return x\n\n\n"
    assert lines(diff_block(before, after)) == [
        ("", "def f(x):"),
        ("del", "    ..."),
        ("add", "    y = x"),
        ("", "    return x"),
    ]
    assert "unseen" in diff_block(before, after)


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ("", "", []),
        ("", "a", [("add", "a")]),
        ("a", "", [("del", "a")]),
        ("a\r\nb\rc", "a\nb\nc", [("", "a"), ("", "b"), ("", "c")]),
        ("a", "a\n\n\n", [("", "a")]),
        ("a", "<i>", [("del", "a"), ("add", "&lt;i&gt;")]),
        ('x = """a', 'x = """a\nb"""', [("", 'x = """a'), ("add", 'b"""')]),
    ],
)
def test_what_a_diff_shows(before: str, after: str, shown: list[tuple[str, str]]) -> None:
    found = lines(diff_block(before, after))
    assert [(kind, text.replace("&#34;", '"')) for kind, text in found] == shown


def test_very_long_texts_are_not_compared() -> None:
    many = "\n".join("a" for _ in range(MOST_COMPARED))
    found = lines(diff_block("a", many))
    assert found[0] == ("del", "a") and len(found) == MOST_COMPARED + 1 and {kind for kind, _ in found[1:]} == {"add"}


def test_outputs_become_text_pictures_and_notices() -> None:
    pixel = "R0lGODlhAQABAAAAACw="
    shown = output_view(
        [
            {"t": "stream", "name": "stdout", "text": "\x1b[1;31mred\x1b[0m\x1b]0;title\x07 plain"},
            {"t": "result", "data": {"text/html": "<b>rich</b>", "text/plain": "plain"}},
            {"t": "display", "data": {"text/html": ["<b>", "rich</b>"]}},
            {"t": "display", "data": {"image/gif": f" {pixel}\n", "text/plain": "Figure"}},
            {"t": "display", "data": {"image/png": pixel, "text/plain": "no PNG"}},
            {"t": "display", "data": {"image/png": "not base64!"}},
            {"t": "display", "data": {}},
            {"t": "error", "ename": "ValueError", "evalue": "x", "traceback": []},
            {"t": "error", "ename": "E", "evalue": "x", "traceback": ["\x1b[0;31mE\x1b[0m", "line 2"]},
            {"t": "died", "sentence": "Out of memory."},
            {"t": "stream", "text": "x" * (LONGEST_TEXT + 1)},
            {"t": "unknown", "text": "?"},
            {"t": "display", "data": "no bundle"},
        ]
    )
    assert shown == [
        Shown("text", "red plain"),
        Shown("text", "plain"),
        Shown("text", "<b>rich</b>"),
        Shown("picture", "Figure", source=f"data:image/gif;base64,{pixel}"),
        Shown("text", "no PNG"),
        Shown("trace", "ValueError: x"),
        Shown("trace", "E\nline 2"),
        Shown("notice", "Out of memory."),
        Shown("text", "x" * LONGEST_TEXT, cut=True),
    ]


def test_the_score_sheet_names_cells_as_the_page_numbers_them(moment: datetime) -> None:
    exercise = read_exercise(starter_notebook("coding", "sum-of-two", moment.date()), "sum-of-two", {}, {}).draft
    assert exercise is not None
    passed, failed = (
        {"check": name, "hidden": True, "outcome": state, "points": 0.0, "possible": 1.0, "message": f"**{name}** <script>"}
        for name, state in (("one-check", "passed"), ("another", "timed_out"))
    )
    ran = [
        {"id": "given", "status": "ok", "error": ""},
        {"id": "own-1", "status": "error", "error": "NameError: <x>", "needs_from_below": "x"},
        {"id": "gone", "status": "not_run", "error": ""},
    ]
    result = Result(
        submission_id="s",
        exercise_digest="d",
        environment="e",
        seed=1,
        points=0.0,
        possible=2.0,
        solved=False,
        outcomes=[passed, failed],
        repairs=["The given cell was put back."],
        cells=ran,
        seconds=1.0,
        created_at=moment,
    )
    cells = [FrozenCell(name, "code", "own", "", "", "", (), None) for name in ("given", "own-1")]
    sheet = score_sheet(exercise, result, cells)
    assert sheet.ran == ["Cell 2: error, NameError: <x>, x is made by a later cell only", "Cell gone: not run"]
    assert [(row.title, row.state, row.why) for row in sheet.rows] == [
        ("one-check", ("passed", "passed"), None),
        ("another", ("failed", "took too long"), "<p><strong>another</strong> </p>"),
    ]


def test_slices_are_few_and_not_too_short() -> None:
    assert [slice_seconds(seconds) for seconds in (1, 600, 3_600, 3_601, 14_400)] == [30, 30, 30, 31, 120]
    assert all(-(-seconds // slice_seconds(seconds)) <= MOST_SLICES for seconds in (1, 59, 3_599, 7_201, 100_000))


def test_the_strip_says_what_it_shows() -> None:
    slices = [
        Slice(0, "edit", 3),
        Slice(1, "edit", 2),
        Slice(3, "edit", 1),
        Slice(3, "run", 1),
        Slice(4, "error", 1),
        Slice(5, "hint", 4),
        Slice(500, "edit", 7),  # behind the hand-in
    ]
    found = strip(slices, 3_600)
    assert found.sentence == "60 minutes from start to hand-in: 6 edits, 1 run, 1 error"
    assert (found.minutes, found.events) == (60, 19)
    drawn = {kind: path for kind, _, path in found.paths}
    assert list(drawn) == ["edit", "run", "error"]
    assert drawn["edit"] == "M0 8h16.67v8h-16.67zM25 8h8.333v8h-8.333z", "slices side by side are one rectangle"
    assert drawn["run"] == "M25 2h8.333v20h-8.333z"


def test_a_strip_of_nothing() -> None:
    found = strip([], 20)
    assert (found.minutes, found.paths) == (1, ())
    assert "nothing was changed or run" in found.sentence
