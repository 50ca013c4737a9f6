"""Two exercises as an author writes them: their solutions pass, what is given fails, each known mistake fails as it says."""

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.trials.trial import Check, CheckRun
from tests.trials import grade

SAMPLES: dict[str, dict[str, Any]] = json.loads(Path(__file__).with_name("samples.json").read_text("utf-8"))
RIGHT = [(slug, name) for slug, sample in SAMPLES.items() for name in sample["right"]]
WRONG = [(slug, name) for slug, sample in SAMPLES.items() for name in sample["wrong"]]


def run(sample: dict[str, Any], answer: str) -> dict[str, CheckRun]:
    checks = [Check(one["name"], one["source"], one["hidden"], tuple(one["needs"])) for one in sample["checks"]]
    setup = (*sample["setup"], *sample["judge_setup"])
    report = grade([*sample["setup"], answer], checks, remote=sample["answer"], setup=setup)
    return {run.name: run for run in report.checks}


@pytest.mark.parametrize(("slug", "name"), RIGHT)
def test_a_solution_passes_every_check(slug: str, name: str) -> None:
    runs = run(SAMPLES[slug], SAMPLES[slug]["right"][name])
    assert {name: (run.outcome, run.text) for name, run in runs.items()} == dict.fromkeys(runs, ("passed", ""))


@pytest.mark.parametrize("slug", SAMPLES)
def test_what_is_given_passes_no_check_and_is_nobodys_fault_but_its_own(slug: str) -> None:
    runs = run(SAMPLES[slug], SAMPLES[slug]["given"])
    assert {run.outcome for run in runs.values()} <= {"failed", "blocked", "crashed"}


@pytest.mark.parametrize(("slug", "name"), WRONG)
def test_a_known_mistake_fails_its_checks_and_no_other(slug: str, name: str) -> None:
    mistake = SAMPLES[slug]["wrong"][name]
    runs = run(SAMPLES[slug], mistake["source"])
    assert {name for name, run in runs.items() if run.outcome not in ("passed", "blocked")} == set(mistake["fails"])
    assert any(mistake["says"] in run.text for run in runs.values())
