"""From a wrong answer over its message to a solved exercise, and theory questions on the same shell."""

import json

from sqlmodel import col, select

from server.exercise_format.copies.whole import key_texts
from server.exercise_format.template import fill_exercise
from server.grading.tables import Result, Submission
from server.wiring import House
from tests.exercises import bundled
from tests.walks.conftest import Learner, cell_of

CODE = "softmax-cross-entropy-stable"
THEORY = "bias-variance-of-a-shrunken-mean"


def outcome(found: dict[str, object], check: str) -> dict[str, object]:
    result = found["result"]
    assert isinstance(result, dict)
    return next(row for row in result["outcomes"] if row["check"] == check)


def test_check_says_what_is_wrong_and_submit_solves(mira: Learner) -> None:
    exercise = bundled(CODE)
    right = exercise.solution_source(exercise.answers[0])
    state = mira.start(CODE)

    untouched = mira.hand_in(state, "check", "request-0")
    assert {row["outcome"] for row in untouched["result"]["outcomes"]} == {"not_attempted"}

    mira.save(state, "answer-1", right.replace(".mean()", ".sum()"))
    checked = mira.hand_in(state, "check", "request-1")
    assert outcome(checked, "example")["outcome"] == "failed"
    assert "the loss: expected" in str(outcome(checked, "example")["html"])
    assert {row["check"] for row in checked["result"]["outcomes"]} == {"example", "large-logits"}

    mira.save(state, "answer-1", right)
    submitted = mira.hand_in(state, "submit", "request-2")
    assert submitted["result"]["points"] == submitted["result"]["possible"] == 11
    assert submitted["solved"]
    assert mira.state(CODE)["solved"]
    assert "Solved" in mira.get("/exercises?q=logits").text


def test_hidden_checks_solutions_and_explanation_are_nowhere_before_it_is_solved(mira: Learner) -> None:
    exercise = bundled(CODE)
    state = mira.start(CODE)
    seen = [mira.get(f"/exercises/{CODE}").text, json.dumps(state), mira.get(state["urls"]["download"]).text]
    mira.save(state, "answer-1", "def softmax_cross_entropy(logits, labels):\n    return 1.0, logits")
    seen.append(json.dumps(mira.hand_in(state, "submit", "request-1")))
    for secret in (
        "central differences of the loss",
        "mean_loss",
        "log_probabilities",
        "np.take_along_axis",
        exercise.explanations[0].text[:40],
    ):
        if secret == "central differences of the loss":
            assert secret not in seen[0] + seen[1] + seen[2]  # a hidden check's message may follow a submit, its code never
        else:
            assert all(secret not in text for text in seen), secret


def test_sending_a_submit_twice_makes_one_submission(mira: Learner, house: House) -> None:
    state = mira.start(CODE)
    ids = {mira.post_json(state["urls"]["submit"], {"request": "one-request"}).json["submission"] for _ in range(3)}
    assert len(ids) == 1
    mira.wait_for(state, ids.pop())
    with house.sessions() as session:
        mine = select(Result).join(Submission, col(Result.submission_id) == col(Submission.id))
        assert len(session.exec(mine.where(Submission.workspace_id == state["id"])).all()) == 1


def test_theory_questions_are_answered_scored_and_explained(mira: Learner, house: House) -> None:
    exercise = bundled(THEORY)
    state = mira.start(THEORY)
    with house.sessions() as session:
        submission = mira.post_json(state["urls"]["check"], {"request": "first-look"}).json["submission"]
        mira.wait_for(state, submission)
        frozen = session.get(Submission, submission)
        assert frozen is not None
        seed, values = frozen.seed, frozen.values
    texts = key_texts(exercise, seed, values)
    for cell in [cell for cell in state["cells"] if cell["role"] == "question"]:
        mira.save(state, cell["id"], texts[cell["name"]])
    found = mira.hand_in(state, "submit", "request-1")
    states = {row["check"]: row["outcome"] for row in found["result"]["outcomes"]}
    assert states.pop("explain") == "to_mark"
    assert set(states.values()) == {"passed"}
    assert found["result"]["points"] == found["result"]["possible"]
    assert outcome(found, "more-readings")["reasons"]
    marked = mira.post_json(state["urls"]["self_marks"], {"question": "explain", "marks": {"0": 3, "1": 3, "2": 5, "3": 1}})
    assert marked.json["possible"] == 4
    assert fill_exercise(exercise, values).models_of("explain")
    assert marked.json["models"]


def test_giving_up_opens_explanation_and_solution(mira: Learner) -> None:
    state = mira.start(CODE)
    assert state["explanation"] is None
    opened = mira.post_json(state["urls"]["give_up"]).json
    assert "shift" in opened["explanation"]
    assert "log_probabilities" in opened["solution_html"]
    assert mira.state(CODE)["gave_up"]


def test_the_download_can_be_graded_again(mira: Learner) -> None:
    exercise = bundled(CODE)
    state = mira.start(CODE)
    mira.save(state, "answer-1", exercise.solution_source(exercise.answers[0]))
    notebook = json.loads(mira.get(state["urls"]["download"]).data)
    assert [cell["id"] for cell in notebook["cells"]] == ["text-1", "setup-1", "answer-1", "check-1", "check-2"]
    assert "log_probabilities" in "".join(cell_of({"cells": notebook["cells"]}, "answer-1")["source"])


def test_a_wrong_choice_is_explained_without_giving_the_right_one_away(mira: Learner) -> None:
    slug = "which-expectation-is-it"
    state = mira.start(slug)
    question = next(cell for cell in state["cells"] if cell["name"] == "expectation")
    shown = [option["key"] for option in question["question"]["options"]]
    reasons: dict[str, list[dict[str, object]]] = {}
    for number, key in enumerate(shown):
        mira.save(state, question["id"], key)
        found = outcome(mira.hand_in(state, "submit", f"request-{number}"), "expectation")
        reasons[str(found["outcome"])] = found["reasons"]  # type: ignore[assignment]
    assert len(reasons["failed"]) == 1
    assert len(reasons["passed"]) == len(shown)
