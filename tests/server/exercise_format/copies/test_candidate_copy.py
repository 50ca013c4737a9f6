"""Canaries: everything that a candidate may not have carries a mark of its own, and no mark may turn up in the copy."""

import json
import re
from collections.abc import Callable

import nbformat
import pytest

from server.exercise_format import words
from server.exercise_format.copies.candidate_copy import candidate_cells, candidate_notebook, numbered
from server.exercise_format.copies.whole import key_texts
from server.exercise_format.exercise import Exercise
from server.exercise_format.folder import exercise_paths, read_exercise_file
from server.exercise_format.reading.reader import Reading
from server.files import exercises_folder

SECRET = """%%% front
title: Canaries
summary: Everything secret carries a mark.
kind: coding
form: code
topics: [python]
roles: [ml_engineer]
level: 1
minutes: 10
needs: []
objectives: [SECRET-front]
prerequisites: []
%%% text
<!-- note: SECRET-option -->
Shown text.
%%% setup
#| name: given
shown_setup = 1
%%% setup
#| for: checks
secret = "SECRET-setup"
%%% answer
#| name: f
def f():
    "shown stub"
    ### BEGIN SOLUTION
    return "SECRET-solution"
    ### END SOLUTION
%%% check
#| name: visible
#| points: 1
#| message: SECRET-message
assert f() is not None, "shown check"
%%% hidden-check
#| name: hidden
#| points: 1
#| message: SECRET-message
assert f() == "SECRET-check"
%%% question
<!-- name: one -->
<!-- type: multiple-choice -->
<!-- points: 1 -->
Shown prompt.

- [x] shown right
  > SECRET-reason
- [ ] shown wrong
  > SECRET-reason
- [ ] shown third
  > SECRET-reason
- [ ] shown fourth
  > SECRET-reason
%%% question
<!-- name: two -->
<!-- type: match -->
<!-- points: 1 -->
<!-- choices: shown a, shown b -->
Shown prompt.

- shown row => shown a
  > SECRET-reason
- shown other row => shown b
  > SECRET-reason
%%% question
<!-- name: three -->
<!-- type: number -->
<!-- points: 1 -->
<!-- answer: 0.76543 -->
<!-- unit: shown unit -->
Shown prompt.

- `0.98765`
  > SECRET-reason
%%% question
<!-- name: four -->
<!-- type: flaw -->
<!-- points: 1 -->
<!-- of: given -->
<!-- lines: 1 -->
Shown prompt.

- `1`
  > SECRET-reason
%%% question
<!-- name: five -->
<!-- type: short -->
<!-- points: 1 -->
<!-- words: 10-20 -->
Shown prompt.
%%% rubric
<!-- for: five -->
| line | 1 | 3 | 5 |
|---|---|---|---|
| SECRET-line | SECRET-1 | SECRET-3 | SECRET-5 |
%%% model
<!-- for: five -->
<!-- mark: 5 -->
SECRET-model
%%% hint
SECRET-hint
%%% explanation
SECRET-explanation
%%% solution
#| name: SECRET-name
def f():
    return "SECRET-other"
%%% mistake
#| name: SECRET-name
#| fails: hidden
#| says: SECRET-says
def f():
    return "SECRET-mistake"
%%% variant
#| seeds: 50
def variant(seed):
    return {"n": "SECRET-variant"}
"""


@pytest.fixture
def secretive(read: Callable[[str], Reading]) -> Exercise:
    reading = read(SECRET)
    assert reading.draft is not None
    return reading.draft


def test_no_canary_reaches_the_copy(secretive: Exercise) -> None:
    text = json.dumps(candidate_notebook(secretive, 5, {}))
    assert re.findall(r"SECRET-\w+", text) == []
    assert "0.76543" not in text and "0.98765" not in text
    assert "[x]" not in text and "shown a\\n" not in text


def test_what_a_candidate_may_have_is_all_there(secretive: Exercise) -> None:
    text = json.dumps(candidate_notebook(secretive, 5, {}))
    for shown in ("Shown text.", "shown_setup", "shown stub", "shown check", "shown right", "shown row", "shown b", "shown unit"):
        assert shown in text
    assert text.count("Shown prompt.") == 5


def test_every_tag_is_either_copied_or_marked_secret(secretive: Exercise) -> None:
    """A new tag must be decided upon here before it can reach anybody."""
    copied = {cell.role for cell in candidate_cells(secretive, 5, {})}
    assert copied == {"text", "setup", "answer", "check", "question", "question-answer"}
    secret = {"hidden-check", "hint", "explanation", "solution", "mistake", "rubric", "model", "variant"}
    assert {tag.name for tag in words.TAGS} == (copied - {"text", "question-answer"}) | secret


def test_options_come_in_the_order_of_the_attempt(secretive: Exercise) -> None:
    def shown(seed: int) -> str:
        return next(cell.source for cell in candidate_cells(secretive, seed, {}) if cell.name == "one")

    assert len({shown(seed) for seed in range(12)}) > 3
    assert shown(4) == shown(4)
    assert re.findall(r"\*\*([A-D])\.\*\*", shown(4)) == ["A", "B", "C", "D"]


def test_answers_are_open_and_the_rest_is_locked(secretive: Exercise) -> None:
    cells = candidate_notebook(secretive, 5, {})["cells"]
    for cell in cells:
        open_cell = cell["metadata"]["touchstone"]["role"] in ("answer", "question-answer")
        assert cell["metadata"].get("editable", True) is open_cell
    assert [cell["id"] for cell in cells if cell["id"].endswith("-answer")] == [f"question-{n}-answer" for n in range(1, 6)]


def test_the_copy_says_which_exercise_version_and_seed_it_is(secretive: Exercise) -> None:
    assert candidate_notebook(secretive, 5, {})["metadata"]["touchstone"] == {
        "format": 1,
        "exercise": "small-one",
        "version": 1,
        "seed": 5,
    }


def test_lines_of_shown_code_are_numbered_from_one() -> None:
    assert numbered("a\n\n" + "b\n" * 8) == "\n".join([" 1  a", " 2", *[f"{n:>2}  b" for n in range(3, 11)], "11"])


@pytest.mark.parametrize("path", exercise_paths(exercises_folder()), ids=lambda path: path.stem)
def test_the_copy_of_a_bundled_exercise_is_a_valid_notebook_without_its_secrets(path: object) -> None:
    reading = read_exercise_file(path)  # type: ignore[arg-type]
    exercise = reading.exercise
    assert exercise is not None, reading.findings
    values: dict[str, object] = {}
    copy = candidate_notebook(exercise, 3, values)
    nbformat.validate(nbformat.from_dict(copy))
    text = json.dumps(copy, ensure_ascii=False)
    secrets = [check.source for check in exercise.checks if check.hidden] + [hint.text for hint in exercise.hints]
    secrets += [explanation.text for explanation in exercise.explanations] + [model.text for model in exercise.models]
    secrets += [solution.source for solution in exercise.solutions] + [mistake.body for mistake in exercise.mistakes]
    for secret in (secret for secret in secrets if secret.strip()):
        assert json.dumps(secret, ensure_ascii=False)[1:-1] not in text


def test_key_texts_cover_every_question(secretive: Exercise) -> None:
    assert set(key_texts(secretive, 5, {})) == {"one", "two", "three", "four", "five"}
