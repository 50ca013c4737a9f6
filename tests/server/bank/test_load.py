"""Loading: the files are the truth; what changed is a new version, what vanished is retired, what is wrong is told."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from server.bank.load import load_bundled
from server.bank.tables import Exercise, ExerciseRole, ExerciseTopic, ExerciseVersion
from server.bank.versions import exercise_version, newest_digest
from server.errors import NotFound
from server.files import exercises_folder
from tests.server.bank.notebooks import write_exercise


def test_every_exercise_that_comes_with_touchstone_is_listed(session: Session, moment: datetime) -> None:
    report = load_bundled(session, exercises_folder(), moment)
    assert report.refused == {}
    assert sorted(report.new) == sorted(path.stem for path in exercises_folder().glob("*/*.ipynb"))
    for slug in report.new:
        assert exercise_version(session, slug).slug == slug


def test_a_row_tells_what_the_list_needs(session: Session, moment: datetime, tmp_path: Path) -> None:
    write_exercise(tmp_path, "sum-of-one", topics="arrays, sql", roles="ml_engineer, data_engineer", level=2, minutes=20)
    load_bundled(session, tmp_path, moment)
    row = session.get_one(Exercise, "sum-of-one")
    assert (row.kind, row.level, row.minutes, row.topics) == ("coding", 2, 20, ["arrays", "sql"])
    assert (row.points, row.checks_visible, row.checks_hidden, row.questions) == (3, 1, 1, 0)
    assert row.published_at == moment
    assert "sum of one" in row.search_text
    assert sorted(session.exec(select(ExerciseTopic.topic))) == ["arrays", "sql"]
    assert sorted(session.exec(select(ExerciseRole.role))) == ["data_engineer", "ml_engineer"]


def test_loading_again_changes_nothing(session: Session, moment: datetime, tmp_path: Path) -> None:
    write_exercise(tmp_path, "sum-of-one")
    load_bundled(session, tmp_path, moment)
    report = load_bundled(session, tmp_path, moment + timedelta(days=1))
    assert report.unchanged == ["sum-of-one"]
    assert len(session.exec(select(ExerciseVersion)).all()) == 1


def test_a_changed_file_is_a_new_version_and_the_old_one_stays(session: Session, moment: datetime, tmp_path: Path) -> None:
    write_exercise(tmp_path, "sum-of-one", topics="sql")
    load_bundled(session, tmp_path, moment)
    old = newest_digest(session, "sum-of-one")
    write_exercise(tmp_path, "sum-of-one", version=2, title="Another title")
    assert load_bundled(session, tmp_path, moment).changed == ["sum-of-one"]
    assert exercise_version(session, "sum-of-one").front.title == "Another title"
    assert exercise_version(session, "sum-of-one", old).front.title == "Sum of one"
    assert list(session.exec(select(ExerciseTopic.topic))) == ["arrays"]


@pytest.mark.parametrize("folder", ["public", "private"])
def test_a_changed_data_file_is_a_new_version_too(session: Session, moment: datetime, tmp_path: Path, folder: str) -> None:
    beside = write_exercise(tmp_path, "sum-of-one").with_suffix("") / folder
    beside.mkdir(parents=True)
    (beside / "data.csv").write_bytes(b"\x00\xff1")
    (beside / ".hidden").write_bytes(b"an editor's own")
    load_bundled(session, tmp_path, moment)
    exercise = exercise_version(session, "sum-of-one")
    assert getattr(exercise, f"{folder}_files") == {"data.csv": b"\x00\xff1"}
    (beside / "data.csv").write_bytes(b"2")
    assert load_bundled(session, tmp_path, moment).changed == ["sum-of-one"]


def test_an_exercise_without_a_file_is_retired_and_comes_back_with_it(session: Session, moment: datetime, tmp_path: Path) -> None:
    path = write_exercise(tmp_path, "sum-of-one")
    load_bundled(session, tmp_path, moment)
    digest, content = newest_digest(session, "sum-of-one"), path.read_bytes()
    path.unlink()
    assert load_bundled(session, tmp_path, moment).retired == ["sum-of-one"]
    with pytest.raises(NotFound):
        exercise_version(session, "sum-of-one")
    assert exercise_version(session, "sum-of-one", digest).slug == "sum-of-one"
    path.write_bytes(content)
    assert load_bundled(session, tmp_path, moment).returned == ["sum-of-one"]
    assert newest_digest(session, "sum-of-one") == digest


def test_a_file_with_errors_is_told_and_its_last_version_stays(session: Session, moment: datetime, tmp_path: Path) -> None:
    path = write_exercise(tmp_path, "sum-of-one")
    other = write_exercise(tmp_path, "another-sum")
    load_bundled(session, tmp_path, moment)
    path.write_text("{ no notebook")
    report = load_bundled(session, tmp_path, moment)
    assert {where.name: findings[0].code for where, findings in report.refused.items()} == {"sum-of-one.ipynb": "not-a-notebook"}
    assert report.unchanged == [other.stem]
    assert exercise_version(session, "sum-of-one").front.title == "Sum of one"


def test_an_unknown_exercise_or_version_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        exercise_version(session, "nothing")
    with pytest.raises(NotFound):
        exercise_version(session, "nothing", "no digest")
