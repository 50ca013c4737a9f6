"""An author's notebook: from a file to a page that can be started."""

import shutil
from pathlib import Path

from server import clock
from server.bank.load import load_bundled
from server.files import exercises_folder
from server.wiring import House
from tests.walks.conftest import Learner


def test_a_new_file_is_listed_and_a_broken_one_is_reported(mira: Learner, house: House, tmp_path: Path) -> None:
    folder = tmp_path / "exercises"
    shutil.copytree(exercises_folder(), folder)
    original = folder / "coding" / "softmax-cross-entropy-stable.ipynb"
    copy = original.read_text().replace("slug: softmax-cross-entropy-stable", "slug: a-brand-new-exercise")
    (folder / "coding" / "a-brand-new-exercise.ipynb").write_text(
        copy.replace("Cross-entropy that survives huge logits", "Something brand new")
    )
    (folder / "coding" / "a-broken-exercise.ipynb").write_text("{")
    with house.sessions() as session:
        report = load_bundled(session, folder, clock.now())
        session.commit()
    assert report.new == ["a-brand-new-exercise"]
    assert [path.stem for path in report.refused] == ["a-broken-exercise"]
    assert "Something brand new" in mira.get("/exercises?q=brand").text
    assert mira.start("a-brand-new-exercise")["title"] == "Something brand new"
