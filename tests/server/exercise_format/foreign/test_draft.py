import json

from server.exercise_format.foreign.draft import DraftCell, Ids, as_notebook
from server.exercise_format.reading.options import split_options


def test_ids_and_names_are_given_once() -> None:
    ids = Ids()
    assert [ids.take("a b", "x"), ids.take("a b", "x"), ids.take("§", "x")] == ["a-b", "a-b-2", "x"]
    assert [Ids().name("Question 1.1", "x"), Ids().name("q1_1", "x"), Ids().name("1", "x")] == ["question-1-1", "q1_1", "x"]


def test_a_check_is_written_with_its_options_on_top() -> None:
    cell = DraftCell("c1", "check", "\nassert f\n", {"name": "right", "points": "2", "message": "Two\nlines."})
    (_, found) = json.loads(as_notebook("---\n---", [cell]))["cells"]
    assert found["metadata"] == {"tags": ["check"]}
    assert "".join(found["source"]) == "#| name: right\n#| points: 2\n#| message: Two lines.\nassert f"


def test_options_of_other_tools_in_the_code_are_no_options_of_ours() -> None:
    (_, found) = json.loads(as_notebook("", [DraftCell("a", "setup", "#| label: fig\nx = 1")]))["cells"]
    assert split_options("".join(found["source"]), False).options == {}
