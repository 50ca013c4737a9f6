"""A server whose candidates' environment is broken: the bank and its texts are there, code is refused with the reason."""

import json
import re
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.serving import Site

CODE, QUESTIONS, DRAWN = "softmax-cross-entropy-stable", "rank-first-week-actions", "bias-variance-of-a-shrunken-mean"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("half-installed")
    python = folder / "python"
    python.write_text("#!/bin/sh\nexit 3\n")
    python.chmod(0o755)
    site = Site(folder, TOUCHSTONE_CANDIDATE_PYTHON=str(python))
    site.start()
    until = time.monotonic() + 20
    while "Code is not run" not in site.get(f"/exercises/{CODE}") and time.monotonic() < until:
        time.sleep(0.1)
    yield site
    site.stop()


def started(site: Site, slug: str) -> dict[str, object]:
    form = f"csrf_token={site.csrf}".encode()
    with site.opener.open(f"{site.address}/exercises/{slug}/start", form, timeout=30) as response:
        text = str(response.read().decode())
    found = re.search(r'<script type="application/json" id="workspace"[^>]*>(.*?)</script>', text, re.DOTALL)
    assert found is not None
    return dict(json.loads(found.group(1)))


def test_the_bank_and_the_texts_are_shown(site: Site) -> None:
    assert CODE in site.get("/exercises")
    page = site.get(f"/exercises/{CODE}")
    assert "Code is not run on this server at the moment" in page
    assert "touchstone" in page.partition("The reason, for whoever runs the site:")[2]


def test_numbers_that_cannot_be_drawn_are_left_blank(site: Site) -> None:
    page = site.get(f"/exercises/{DRAWN}")
    assert "Code is not run" in page
    assert "{{" not in re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_questions_are_asked_and_graded(site: Site) -> None:
    page = site.get(f"/exercises/{QUESTIONS}")
    assert "Code is not run" not in page
    assert started(site, QUESTIONS)["cells"]


def test_a_run_is_refused_with_a_sentence_and_the_text_is_kept(site: Site) -> None:
    site.get(f"/exercises/{CODE}")
    state = started(site, CODE)
    cell = next(cell for cell in state["cells"] if cell["role"] == "answer")  # type: ignore[attr-defined]
    answer = site.post(f"/workspaces/{state['id']}/cells/{cell['id']}/run", {"source": "kept = 1", "base": cell["version"]})
    lines = [json.loads(line) for line in answer.splitlines() if line]
    assert [line["t"] for line in lines] == ["saved", "limit", "done"]
    assert "Your cells are safe" in lines[1]["sentence"]
    assert "kept = 1" in site.get(f"/exercises/{CODE}")


def test_an_exercise_that_needs_drawn_numbers_cannot_be_started(site: Site) -> None:
    site.get(f"/exercises/{DRAWN}")
    with pytest.raises(urllib.error.HTTPError, match="503"):
        started(site, DRAWN)


def test_the_log_names_the_command(site: Site) -> None:
    assert "touchstone doctor" in Path(site.folder / "server.log").read_text()
