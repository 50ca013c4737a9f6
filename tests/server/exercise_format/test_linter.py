"""Every linter code is earned by one small slip in an exercise that is clean before."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from server.exercise_format import words
from server.exercise_format.finding import Finding, errors
from server.exercise_format.linter import lint
from server.exercise_format.reading.reader import Reading, read_exercise
from server.exercise_format.starter import as_notebook

Starter = Callable[[str], str]
Read = Callable[[str], Reading]

ROW = (
    "| decision | names no action that a prediction changes | names an action, not who takes it "
    "| names who does what differently for which parcels |"
)
HINTS = "%%% hint\n<!-- level: 1 -->\nWhich two numbers do you need for each group?\n"

# code, starter, old text, new text; old text occurs in the starter at least once, the first is replaced
SLIPS: list[tuple[str, str, str, str]] = [
    ("front-matter", "coding", "title: Mean", "title: *Mean"),
    ("front-matter-key", "coding", "level: 1", "level: 1\ndifficulty: easy"),
    ("front-matter-missing", "coding", "level: 1\n", ""),
    ("front-matter-value", "coding", "level: 1", "level: 9"),
    ("option-unknown", "coding", "#| name: example", "#| name: example\n#| weight: 3"),
    ("option-missing", "coding", "#| message: A small example does not come out.\n", ""),
    ("option-repeated", "coding", "#| points: 1", "#| points: 1\n#| points: 2"),
    ("option-shape", "coding", "#| points: 1", "#| points = 1"),
    ("option-place", "coding", "assert np.shape(means)", "#| seconds: 3\nassert np.shape(means)"),
    ("option-value", "coding", "#| points: 1", "#| points: one"),
    ("question-type", "maths", "<!-- type: number -->", "<!-- type: integer -->"),
    ("question-shape", "applied", "1. Agree on the decision", "2. Agree on the decision"),
    ("solution-markers", "coding", "    ### END SOLUTION\n", ""),
    ("rubric-shape", "applied", "| line | 1 | 3 | 5 |", "| line | low | high |"),
    ("mistake-shape", "coding", "#| into: return sums\n", "#| into: return sums\nx = 1\n"),
    ("for-missing", "coding", "%%% check\n", "%%% answer\n#| name: other\nother = 1\n%%% check\n"),
    ("variant-several", "maths", "%%% question", "%%% variant\n#| seeds: 60\ndef variant(seed):\n    return {}\n%%% question"),
    ("name-twice", "coding", "#| name: random-groups", "#| name: example"),
    ("dangling-name", "coding", "#| fails: example, random-groups", "#| fails: example, no-such-check"),
    ("needs-order", "coding", "#| name: example", "#| name: example\n#| needs: random-groups"),
    ("points", "coding", "#| points: 1", "#| points: 0"),
    ("syntax", "coding", "means = group_means(", "means = = group_means("),
    ("stub-syntax", "coding", '    """Mean of the values of each group."""\n', ""),
    ("stub-solved", "coding", "    sums = np.bincount(groups, weights=values)\n    return sums / np.bincount(groups)\n", ""),
    ("solution-missing", "debugging", "%%% solution\n#| name: repair\n#| for: smooth\n", "%%% setup\n"),
    ("gives-missing", "coding", "#| name: group_means", "#| name: group_means\n#| gives: group_means, group_sums"),
    ("gives-missing", "coding", "%%% check\n", "%%% setup\n#| for: notebook\n#| gives: half\nwhole = group_means\n%%% check\n"),
    ("option-value", "coding", "#| for: checks\n", "#| for: judge\n"),
    ("option-value", "coding", "#| for: checks\n", "#| for: checks\n#| gives: expected_means\n"),
    ("cannot-cross", "coding", "means = group_means(", "import inspect; inspect.getsource(group_means); means = group_means("),
    ("form-content", "maths", "form: num", "form: order"),
    ("no-assert", "debugging", 'assert smooth([4.0, 8.0], 0.5) == [4.0, 6.0], "the', 'print(smooth([4.0, 8.0], 0.5)), "the'),
    ("forbidden-call", "coding", "means = group_means(", "import time; time.sleep(1); means = group_means("),
    ("runs-data", "coding", "means = group_means(", "import pickle; means = group_means("),
    ("runs-data", "coding", "means = group_means(", "eval('1'); means = group_means("),
    ("runs-data", "coding", "means = group_means(", "np.load(private('x'), allow_pickle=True); means = group_means("),
    ("global-random", "coding", "means = group_means(", "np.random.seed(0); means = group_means("),
    ("needs-import", "coding", "needs: [numpy]", "needs: []"),
    ("checks-import", "coding", "means = group_means(", "from touchstone.checks import closer\nmeans = group_means("),
    ("variant-shape", "maths", "import math\n", "import math, os\n"),
    ("hidden-text", "coding", 'f"one mean for each of {k} groups is expected"', 'f"found {found}"'),
    ("reported-share", "coding", "means = group_means(np.array([1.0, 4.0, 9.0]), np.array([1, 0, 1]))",
     "means = observe(group_means, np.array([1.0, 4.0, 9.0]), np.array([1, 0, 1])).arguments"),
    ("edit-match", "coding", "#| edit: / np.bincount(groups)", "#| edit: bincount"),
    ("planted-faults", "debugging", "    values = [0.0]", "    values = [1.0]"),
    ("mistake-count", "debugging", "#| base: answer\n", "#| planted: true\n"),
    ("unproven-check", "debugging", "weights, random-readings", "random-readings"),
    ("choice-count", "theory",
     "- [ ] Another 10,000 rows of the same kind\n  > What is left does not depend on the number of rows.\n", ""),
    ("choice-right", "theory", "- [x] A term for the curvature", "- [ ] A term for the curvature"),
    ("choice-reason", "theory", "  > A penalty adds bias.\n", ""),
    ("choice-all", "theory", "- [ ] A second fit, averaged with the first", "- [ ] None of the above"),
    ("choice-negative", "theory", "Which change would lower", "Which change would not lower"),
    ("choice-absolute", "theory", "- [ ] A stronger penalty on the slope",
     "- [ ] Always a stronger penalty\n  > No.\n- [ ] Only more noise"),
    ("choice-length", "theory", "- [x] A term for the curvature", f"- [x] A term for the curvature, {'which is long, ' * 5}"),
    ("match-shape", "culture", "<!-- choices: helps, makes no difference, harms -->", "<!-- choices: helps -->"),
    ("order-pairs", "applied", "<!-- free: 2-3 -->", "<!-- free: 1-2, 1-3, 1-4, 2-3, 2-4, 3-4 -->"),
    ("number-tolerance", "maths", "<!-- rtol: 0.005 -->", "<!-- rtol: 0.2 -->"),
    ("expression-names", "maths", "<!-- answer: mean -->", "<!-- answer: mean +* 2 -->"),
    ("rubric-missing", "applied", "%%% rubric\n<!-- for: first-words -->", "%%% rubric\n<!-- for: steps -->"),
    ("rubric-lines", "applied", ROW + "\n", ""),
    ("rubric-words", "applied", "names accuracy or nothing", "a poor answer"),
    ("model-missing", "applied", "<!-- mark: 3 -->", "<!-- mark: 5 -->"),
    ("text-missing", "culture", "%%% text\n", "%%% explanation\n"),
    ("hint-count", "coding", HINTS, ""),
    ("hint-length", "coding", "Which two numbers do you need", "Which two numbers do you need " + "very " * 60),
    ("explanation-missing", "coding", "%%% explanation", "%%% text"),
    ("explanation-length", "coding", "A mean is a sum divided by a count", "So.\n%%% text\nA mean is a sum divided by a count"),
    ("statement-length", "coding", "Rules: do not change", "Rules: " + "on and on " * 100 + "do not change"),
    ("placeholder", "coding", "Rules: do not change", "Rules: {{n}} do not change"),
    ("leak", "coding", "Rules: do not change", "Rules: `sums = np.bincount(groups, weights=values)` do not change"),
]  # fmt: skip


Change = Callable[[list[dict[str, Any]]], object]


def tags(cells: list[dict[str, Any]], cell_id: str, *names: str) -> None:
    next(cell for cell in cells if cell["id"] == cell_id)["metadata"]["tags"] = list(names)


# Slips that the plain text cannot hold.
DAMAGES: list[tuple[str, Change]] = [
    ("cell-shape", lambda cells: cells[1].update(source=5)),
    ("cell-id", lambda cells: cells[2].update(id="text-1")),
    ("outputs", lambda cells: cells[2].update(execution_count=1)),
    ("tag-unknown", lambda cells: tags(cells, "text-1", "remark")),
    ("tag-several", lambda cells: tags(cells, "hint-1", "hint", "explanation")),
    ("tag-missing", lambda cells: tags(cells, "check-1")),
    ("tag-cell", lambda cells: tags(cells, "text-1", "check")),
    ("front-matter", lambda cells: cells.pop(0)),
]

FLAW = """%%% question
<!-- name: where -->
<!-- type: flaw -->
<!-- points: 2 -->
<!-- of: smooth -->
<!-- lines: {lines} -->
Which lines are at fault?

- `3`
  > It starts at zero.
%%% hint
"""
FORECAST = """%%% question
<!-- name: odds -->
<!-- type: forecast -->
<!-- points: 2 -->
<!-- ask: probability -->
How likely is it?

- `late` Late?
%%% hint
"""


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.parametrize("kind", [kind.name for kind in words.KINDS])
def test_a_starter_is_clean(kind: str, starter: Starter, read: Read) -> None:
    assert lint(read(starter(kind)), kind) == ()


@pytest.mark.parametrize(("code", "kind", "old", "new"), SLIPS, ids=[slip[0] for slip in SLIPS])
def test_one_slip_earns_its_code(code: str, kind: str, old: str, new: str, starter: Starter, read: Read) -> None:
    text = starter(kind)
    assert old in text
    count = -1 if code in ("explanation-missing", "unproven-check") else 1
    found = lint(read(text.replace(old, new, count)))
    assert code in codes(found), found
    assert all(finding.sentence[-1] in ".:)" for finding in found), found


def test_a_check_without_points_is_worth_something_to_one_that_needs_it(starter: Starter, read: Read) -> None:
    text = starter("coding").replace("#| points: 1", "#| points: 0", 1)
    text = text.replace("#| name: random-groups", "#| name: random-groups\n#| needs: example", 1)
    assert "points" not in codes(lint(read(text), "coding"))


@pytest.mark.parametrize(("code", "change"), DAMAGES, ids=[damage[0] for damage in DAMAGES])
def test_damage_to_a_cell_earns_its_code(code: str, change: Change, starter: Starter) -> None:
    notebook = json.loads(as_notebook(starter("coding"), "small-one", date(2026, 11, 24)))
    change(notebook["cells"])
    assert code in codes(lint(read_exercise(json.dumps(notebook).encode(), "small-one")))


def test_a_flaw_must_point_at_code(starter: Starter, read: Read) -> None:
    text = starter("debugging")
    good = read(text.replace("%%% hint\n", FLAW.format(lines="3, 5"), 1))
    assert lint(good) == ()
    shown = good.exercise.question("where")  # type: ignore[union-attr]
    assert shown.code.split("\n")[2] == "    values = [0.0]"  # type: ignore[union-attr]
    blank = read(text.replace("    values = [0.0]\n", "    values = [0.0]\n\n").replace("%%% hint\n", FLAW.format(lines="4"), 1))
    assert "flaw-lines" in codes(lint(blank))


def test_a_forecast_needs_a_variant(starter: Starter, read: Read) -> None:
    assert "forecast-values" in codes(lint(read(starter("coding").replace("%%% hint\n", FORECAST, 1))))


@pytest.mark.parametrize("files", [{"data.csv": b"1"}, {"data.csv": b"x" * 1_000_001}])
def test_a_data_file_must_be_listed(files: dict[str, bytes], starter: Starter) -> None:
    data = as_notebook(starter("coding"), "small-one", date(2026, 11, 24))
    assert codes(lint(read_exercise(data, "small-one", public_files=files))) == {"data-file"}


def test_a_listed_data_file_must_be_the_one_there(starter: Starter) -> None:
    listed = "data: [{name: data.csv, sha256: '%s', source: made by us, licence: CC0-1.0}]\n%%%%%% text"
    right = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"
    there: dict[str, bytes] = {"data.csv": b"1"}
    for digest, files, expected in ((right, there, set()), ("0" * 64, there, {"data-file"}), (right, {}, {"data-file"})):
        text = starter("coding").replace("%%% text", listed % digest, 1)
        reading = read_exercise(as_notebook(text, "small-one", date(2026, 11, 24)), "small-one", private_files=files)
        assert codes(lint(reading)) == expected


def test_file_name_and_folder_must_agree_with_the_front_matter(starter: Starter) -> None:
    data = as_notebook(starter("coding"), "small-one", date(2026, 11, 24))
    assert codes(lint(read_exercise(data, "another-name"), "coding")) == {"slug-name"}
    assert codes(lint(read_exercise(data, "small-one"), "theory")) == {"kind-folder"}


def test_every_code_is_earned_by_a_test_of_this_file() -> None:
    tried = {slip[0] for slip in SLIPS} | {damage[0] for damage in DAMAGES}
    tried |= {"not-a-notebook", "slug-name", "kind-folder", "flaw-lines", "forecast-values", "data-file"}
    assert tried == {code.name for code in words.CODES}


def test_all_findings_are_collected_not_just_the_first(starter: Starter, read: Read) -> None:
    text = starter("coding").replace("level: 1", "level: 9", 1).replace("#| points: 1", "#| points: 0").replace(HINTS, "")
    assert codes(lint(read(text))) == {"front-matter-value", "points", "hint-count"}


def test_an_exercise_with_an_error_is_not_given_out(starter: Starter, read: Read) -> None:
    reading = read(starter("coding").replace("#| points: 1", "#| points: one"))
    assert reading.draft is not None
    assert reading.exercise is None
    assert [finding.severity for finding in reading.findings] == ["error"]


def test_a_warning_does_not_keep_an_exercise_back(starter: Starter, read: Read) -> None:
    found = lint(read(starter("coding").replace("Which two numbers", "Which " + "very " * 60 + "two numbers")))
    assert codes(found) == {"hint-length"}
    assert errors(found) == ()


def test_a_notebook_that_cannot_be_read_is_still_linted() -> None:
    assert codes(lint(read_exercise(b"{", "small-one"), "coding")) == {"not-a-notebook"}


def test_a_finding_reads_as_code_sentence_and_cell() -> None:
    assert str(Finding("points", "It is worth nothing.", "check-1")) == "points: It is worth nothing. (cell check-1)"
