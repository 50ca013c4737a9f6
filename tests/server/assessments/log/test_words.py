"""Whatever the code writes into the log of a team can be read there in words, and the table holds nothing that nobody writes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from server.assessments.log.words import ACTS, SENTENCES, label, say

SERVER = Path(__file__).parents[4] / "server"
ACT = re.compile(r"[a-z]+\.[a-z_]+")
WRITERS = {"record", "_record", "note", "_note", "_log"}
NOUNS = {act.partition(".")[0] for act in ACTS}
ENDINGS = {"csv", "html", "json", "pem", "py", "txt", "zip"}  # names of files look like acts


def texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACT.fullmatch(node.value):
            yield node.value


def acts_of(source: str) -> set[str]:
    """What stands in a call that writes to the log, and whatever else begins with a noun of the log."""
    tree = ast.parse(source)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    written = {text for call in calls if getattr(call.func, "id", "") in WRITERS for text in texts(call)}
    named = {text for text in texts(tree) if text.partition(".")[0] in NOUNS}
    return {act for act in written | named if act.partition(".")[2] not in ENDINGS}


def written_acts() -> dict[str, str]:
    table = SERVER / "assessments" / "log" / "words.py"
    files = [path for path in SERVER.rglob("*.py") if path != table and "exercise_format" not in path.parts]
    return {act: path.name for path in files for act in acts_of(path.read_text())}


def test_every_act_in_the_code_has_a_sentence_and_every_sentence_an_act() -> None:
    written = written_acts()
    assert len(written) > 50
    assert {act: file for act, file in written.items() if act not in ACTS} == {}
    assert sorted(ACTS.keys() - written.keys()) == []


def test_no_act_is_put_together_where_this_cannot_see_it() -> None:
    glued = {
        path.name
        for path in SERVER.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in WRITERS and len(node.args) > 2
        if isinstance(node.args[2], ast.JoinedStr)
    }
    assert glued == set()


def test_a_planted_act_is_found() -> None:
    assert acts_of('record(session, me, "zebra.ride" if fast else "zebra.walk", "team:1", {}, now)') == {
        "zebra.ride",
        "zebra.walk",
    }
    assert acts_of('GIVE = "mark.swap"') == {"mark.swap"}


def test_what_is_not_known_is_left_open_and_every_act_can_be_chosen_from_a_list() -> None:
    assert say("sitting.grant", {"sitting": "Flint 03", "minutes": "15"}) == "gave Flint 03 15 minutes more"
    assert say("sitting.look", {}) == "looked at the work of a candidate"
    assert say("sitting.reopen", {"sitting": "Flint 03"}) == "opened the take-home of Flint 03 again: until …"
    assert say("no.such_act", {}) == "no.such_act"
    labels = [label(act) for act in ACTS]
    assert len(set(labels)) == len(labels) == sum(map(len, SENTENCES.values()))
    assert not [text for text in labels if "…" in text or "{" in text]
