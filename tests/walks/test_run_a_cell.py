"""From a page to a running kernel and back."""

import json

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


def test_a_run_that_is_refused_because_another_one_goes_on_leaves_the_cell_as_it_was(mira: Learner) -> None:
    state = mira.start(CODE)
    before = cell_of(state, "answer-1")
    sent = {"source": "import time\ntime.sleep(60)", "base": before["version"]}
    going_on = mira.post_json(f"{state['urls']['cells']}/answer-1/run", sent)
    during = cell_of(mira.state(CODE), "answer-1")
    refused = mira.post_json(f"{state['urls']['cells']}/answer-1/run", {"source": "1", "base": during["version"]})
    after = cell_of(mira.state(CODE), "answer-1")
    mira.post_json(state["urls"]["restart"])
    events = [json.loads(line) for line in going_on.text.splitlines()]
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "conflict")
    assert "still busy" in refused.json["error"]["sentence"]
    assert (after["source"], after["version"]) == (during["source"], during["version"]) == (sent["source"], before["version"] + 1)
    assert (events[0], events[-1]["t"]) == ({"t": "saved", "version": after["version"]}, "done")
    assert mira.run(mira.state(CODE), "answer-1", "print('again')")[-1]["status"] == "ok"


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
        urls["complete"],
        urls["inspect"],
    ):
        sent = {"source": "1", "base": 1, "request": "request-1", "code": "len", "cursor": 3, "detail": 0}
        assert tomas.post_json(address, sent).status_code == 404


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


def test_after_a_death_the_cells_before_it_are_to_be_run_again(mira: Learner) -> None:
    state = mira.start(CODE)
    assert state["kernel"]["run_again"] == []
    mira.run(state, "answer-1", "kept = 1")
    mira.run(mira.state(CODE), "setup-1")
    assert mira.state(CODE)["kernel"]["run_again"] == []  # the kernel is there
    mira.run(mira.state(CODE), "answer-1", "kept = 2")
    own = mira.post_json(state["urls"]["cells"], {"type": "code", "after": None}).json["cell"]["id"]
    mira.run(mira.state(CODE), own, "import os\nos._exit(1)")
    assert mira.get(state["urls"]["kernel"]).json["kernel"]["run_again"] == ["setup-1", "answer-1"]
    mira.post_json(state["urls"]["restart"])
    assert mira.get(state["urls"]["kernel"]).json["kernel"]["run_again"] == []


def test_a_name_is_looked_up_in_the_own_kernel(mira: Learner) -> None:
    state = mira.start(CODE)
    asked = {"code": "len(", "cursor": 3, "detail": 0}
    assert mira.post_json(state["urls"]["inspect"], asked).json == {"text": None}
    mira.run(state, "setup-1")
    assert "number of items" in mira.post_json(state["urls"]["inspect"], asked).json["text"]
    assert mira.post_json(state["urls"]["inspect"], {**asked, "cursor": -1}).status_code == 422
    assert mira.post_json(state["urls"]["inspect"], {**asked, "code": None}).status_code == 422


def test_a_limit_behind_an_error_is_told_and_kept(mira: Learner) -> None:
    state = mira.start(CODE)
    events = mira.run(state, "answer-1", "input('name? ')")
    assert kinds(events)[-3:] == ["error", "limit", "done"]
    assert [output["t"] for output in cell_of(mira.state(CODE), "answer-1")["outputs"]] == ["error", "limit"]
