from datetime import date, timedelta

import pytest

from server.exercise_format.reading.front_matter import read_front_matter

GOOD = """format: 1
slug: small-one
version: 3
title: A title
summary: A summary.
kind: coding
form: code
topics: [arrays, python]
roles: [ml_engineer]
level: 2
minutes: 25
objectives: [write a loop]
prerequisites: []
needs: [numpy]
licence: CC-BY-4.0
authors: [Somebody]
reviewed: 2026-11-24
review_due: 2027-11-01"""


def codes(text: str) -> list[str]:
    return [finding.code for finding in read_front_matter(f"---\n{text}\n---", "first")[1]]


def sentence(text: str) -> str:
    return " ".join(finding.sentence for finding in read_front_matter(f"---\n{text}\n---", "first")[1])


def test_a_good_front_matter_is_read_as_it_stands() -> None:
    front, findings = read_front_matter(f"---\n{GOOD}\n---\n", "first")
    assert findings == ()
    assert (front.slug, front.version, front.topics, front.needs) == ("small-one", 3, ("arrays", "python"), ("numpy",))
    assert front.review_due - front.reviewed == timedelta(days=342)
    assert (front.limits, front.environment) == ({}, "base")
    assert (front.use, front.exposure, front.hidden_policy) == ("practice", "public", "why")


def test_optional_keys_are_read() -> None:
    more = """
limits: {cpu_seconds: 60, memory_mb: 2048}
environment: torch
bans: [for, numpy.linalg.inv]
axes: {ml: 0.5, software: 0.5}
hidden_policy: message
data: generated
follow_ups: [one more column]"""
    front, findings = read_front_matter(f"---\n{GOOD}{more}\n---", "first")
    assert findings == ()
    assert (front.limits, front.environment) == ({"cpu_seconds": 60, "memory_mb": 2048}, "torch")
    assert front.bans == ("for", "numpy.linalg.inv")
    assert front.axes == {"ml": 0.5, "software": 0.5, "communication": 0.0}
    assert front.hidden_policy == "message"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("format: 1", "format: 2"),
        ("format: 1", "format: true"),
        ("slug: small-one", "slug: Small One"),
        ("slug: small-one", "slug: abc"),
        ("version: 3", "version: 0"),
        ("version: 3", "version: 1.5"),
        ("title: A title", f"title: {'x' * 61}"),
        ("title: A title", "title: 12"),
        ("title: A title", "title: ''"),
        ("summary: A summary.", f"summary: {'x' * 141}"),
        ("kind: coding", "kind: whiteboard"),
        ("form: code", "form: [code]"),
        ("topics: [arrays, python]", "topics: []"),
        ("topics: [arrays, python]", "topics: arrays"),
        ("topics: [arrays, python]", "topics: [arrays, arrays]"),
        ("topics: [arrays, python]", "topics: [arrays, python, sql, trees]"),
        ("topics: [arrays, python]", "topics: [arrays, magic]"),
        ("roles: [ml_engineer]", "roles: [engineer]"),
        ("level: 2", "level: 4"),
        ("level: 2", "level: two"),
        ("minutes: 25", "minutes: 4"),
        ("objectives: [write a loop]", "objectives: []"),
        ("prerequisites: []", "prerequisites: [a, b, c, d, e, f]"),
        ("needs: [numpy]", "needs: [tensorflow]"),
        ("reviewed: 2026-11-24", "reviewed: yesterday"),
        ("reviewed: 2026-11-24", "reviewed: 2026-11-24 10:00:00"),
        ("review_due: 2027-11-01", "review_due: 2027-12-01"),
        ("review_due: 2027-11-01", "review_due: 2026-11-01"),
    ],
)
def test_a_value_outside_its_list_is_found(old: str, new: str) -> None:
    assert codes(GOOD.replace(old, new)) == ["front-matter-value"]


@pytest.mark.parametrize(
    "line",
    [
        "axes: {ml: 0.5}",
        "axes: {ml: 2, software: -1}",
        "axes: {maths: 1}",
        "limits: {cpu_seconds: 0}",
        "limits: {disk: 5}",
        "limits: 5",
        "bans: ['a b']",
        "data: made up",
        "data: [{name: a.csv}]",
        "data: [{name: a.csv, sha256: short, source: us, licence: CC0}]",
        "use: exam",
        "exposure: secret",
        "hidden_policy: everything",
        "follow_ups: []",
    ],
)
def test_a_wrong_optional_value_is_found(line: str) -> None:
    assert codes(f"{GOOD}\n{line}") == ["front-matter-value"]


def test_every_missing_key_is_reported_at_once() -> None:
    assert codes("format: 1\nslug: small-one") == ["front-matter-missing"] * 16


def test_an_unknown_key_is_found() -> None:
    assert codes(f"{GOOD}\ndificulty: 3") == ["front-matter-key"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: &x [1]\nb: *x", "anchor"),
        ("a: " + "[" * 30 + "]" * 30, "nested too deeply"),
        ("a: 1\na: 2", "'a' twice"),
        ("a: !!python/object/apply:os.system [ls]", "not plain YAML"),
        ("a: [", "not plain YAML"),
        ("a: 2026-13-45", "not plain YAML"),
        ("- 1\n- 2", "list of `key: value`"),
        ("text", "list of `key: value`"),
        ("? [1, 2]\n: 3", "not plain YAML"),
        ("a: " + "x" * 20_001, "longer than"),
        ("a: \x07", "not plain YAML"),
    ],
)
def test_hostile_yaml_is_one_finding(text: str, said: str) -> None:
    assert codes(text)[0] == "front-matter"
    assert said in sentence(text)


def test_front_matter_needs_its_fences() -> None:
    assert read_front_matter("format: 1", "first")[1][0].code == "front-matter"


def test_what_cannot_be_read_falls_back_to_harmless_values() -> None:
    front, findings = read_front_matter("---\n[\n---", "first")
    assert findings
    assert (front.slug, front.level, front.reviewed) == ("unnamed", 1, date(2000, 1, 1))
