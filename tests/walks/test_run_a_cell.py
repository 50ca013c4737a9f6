"""From a page to a running kernel and back."""

import pytest

from tests.walks.conftest import Learner, cell_of

CODE = "softmax-cross-entropy-stable"


def kinds(events: list[dict[str, object]]) -> list[object]:
    return [event["t"] for event in events]


def test_a_guest_runs_code_and_finds_its_output_again_after_a_reload(mira: Learner) -> None:
    state = mira.start(CODE)
    assert kinds(mira.run(state, "setup-1"))[-1] == "done"
    events = mira.run(state, "answer-1", "print('from', np.arange(3))\nnp.arange(3) * 2")
    assert {"t": "stream", "name": "stdout", "text": "from [0 1 2]\n"} in events
    assert events[-1]["status"] == "ok"
    again = cell_of(mira.state(CODE), "answer-1")
    assert [output["t"] for output in again["outputs"]] == ["stream", "result"]
    assert again["source"].startswith("print(")


def test_a_plot_arrives_as_a_picture(mira: Learner) -> None:
    state = mira.start(CODE)
    events = mira.run(state, "answer-1", "import matplotlib.pyplot as plt\nplt.plot([1, 3, 2]);")
    shown = [event for event in events if event["t"] == "display"]
    assert "image/png" in shown[0]["data"]


def test_an_error_arrives_with_its_traceback_and_the_kernel_lives_on(mira: Learner) -> None:
    state = mira.start(CODE)
    events = mira.run(state, "answer-1", "kept = 41\n1 / 0")
    error = next(event for event in events if event["t"] == "error")
    assert error["ename"] == "ZeroDivisionError"
    state = mira.state(CODE)
    assert {"t": "stream", "name": "stdout", "text": "42\n"} in mira.run(state, "answer-1", "print(kept + 1)")


def test_a_killed_kernel_is_told_as_such_and_the_next_run_gets_a_fresh_one(mira: Learner) -> None:
    state = mira.start(CODE)
    events = mira.run(state, "answer-1", "import os, signal\nos._exit(3)")
    died = next(event for event in events if event["t"] == "died")
    assert died["sentence"]
    assert events[-1]["status"] == "died"
    assert mira.get(state["urls"]["kernel"]).json["kernel"]["state"] == "died"
    state = mira.state(CODE)
    assert mira.run(state, "answer-1", "print('alive')")[-1]["status"] == "ok"


def test_a_restart_forgets_variables_and_keeps_the_cells(mira: Learner) -> None:
    state = mira.start(CODE)
    mira.run(state, "answer-1", "kept = 1")
    assert mira.post_json(state["urls"]["restart"]).json["kernel"]["state"] == "none"
    state = mira.state(CODE)
    events = mira.run(state, "answer-1", "kept")
    assert next(event for event in events if event["t"] == "error")["ename"] == "NameError"


def test_two_tabs_in_conflict_keep_both_texts(mira: Learner) -> None:
    first = mira.start(CODE)
    second = mira.state(CODE)
    mira.save(first, "answer-1", "from the first tab")
    address = f"{second['urls']['cells']}/answer-1"
    sent = {"source": "from the second tab", "base": cell_of(second, "answer-1")["version"]}
    for act in ("save", "run"):
        answer = mira.post_json(f"{address}/{act}", sent)
        assert answer.status_code == 409
        assert (answer.json["yours"], answer.json["theirs"]["source"]) == ("from the second tab", "from the first tab")


def test_somebody_elses_workspace_answers_nothing(mira: Learner, tomas: Learner) -> None:
    state = mira.start(CODE)
    tomas.start(CODE)
    urls = state["urls"]
    for address in (urls["state"], urls["kernel"], urls["submissions"], urls["download"]):
        assert tomas.get(address).status_code == 404
    for address in (
        f"{urls['cells']}/answer-1/run",
        f"{urls['cells']}/answer-1/save",
        urls["restart"],
        urls["interrupt"],
        urls["submit"],
    ):
        assert tomas.post_json(address, {"source": "1", "base": 1, "request": "request-1"}).status_code == 404


@pytest.mark.parametrize("body", [{}, {"source": 3, "base": 1}, {"source": "x"}, {"source": "x", "base": True}])
def test_an_odd_request_gets_a_sentence(mira: Learner, body: dict[str, object]) -> None:
    state = mira.start(CODE)
    answer = mira.post_json(f"{state['urls']['cells']}/answer-1/save", body)
    assert answer.status_code == 422
    assert answer.json["error"]["sentence"]


def test_a_post_without_a_token_is_refused(mira: Learner) -> None:
    state = mira.start(CODE)
    mira.csrf = "wrong"
    assert mira.post_json(state["urls"]["restart"]).status_code == 400
