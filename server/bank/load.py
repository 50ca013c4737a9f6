"""From the folder to the bank: the files are the truth, the rows an index of them.

How one folder is loaded:
1. Find every `<kind>/<slug>.ipynb` and read its bytes and those beside it.
2. Unchanged content (by its digest): nothing to do.
3. Else read it as an exercise. With errors it is refused and reported; an earlier version of it stays listed.
4. Keep the new version's bytes for good, and make its row of the index.
5. Retire what has no file any more. Its versions stay, because attempts pin them.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlmodel import Session, col, delete, select

from server.bank import labels
from server.bank.tables import Exercise, ExerciseRole, ExerciseTopic, ExerciseVersion
from server.bank.text import fold
from server.exercise_format import exercise as fmt
from server.exercise_format.finding import Finding
from server.exercise_format.fingerprint import content_digest
from server.exercise_format.folder import exercise_paths, read_files
from server.exercise_format.reading.reader import read_exercise


@dataclass(frozen=True, slots=True)
class Source:
    """The files of one exercise as they lie on disk."""

    path: Path
    notebook: bytes
    public_files: Mapping[str, bytes]
    private_files: Mapping[str, bytes]

    @property
    def slug(self) -> str:
        return self.path.stem

    @property
    def digest(self) -> str:
        return content_digest(self.notebook, self.public_files, self.private_files)


@dataclass(slots=True)
class LoadReport:
    """What happened, by slug; `refused` holds the findings of each file that is no exercise yet."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    returned: list[str] = field(default_factory=list)
    retired: list[str] = field(default_factory=list)
    refused: dict[Path, tuple[Finding, ...]] = field(default_factory=dict)

    @property
    def listed(self) -> int:
        return len(self.new) + len(self.changed) + len(self.unchanged) + len(self.returned)


def load_bundled(session: Session, folder: Path, now: datetime) -> LoadReport:
    report = LoadReport()
    rows = {row.slug: row for row in session.exec(select(Exercise))}
    present = set()
    for source in sources_in(folder):
        present.add(source.slug)
        _load_one(session, source, rows.get(source.slug), report, now)
    for slug, row in rows.items():
        if slug not in present and row.retired_at is None:
            row.retired_at = now
            report.retired.append(slug)
    session.flush()
    return report


def sources_in(folder: Path) -> Iterator[Source]:
    for path in exercise_paths(folder):
        beside = path.with_suffix("")
        yield Source(path, path.read_bytes(), read_files(beside / "public"), read_files(beside / "private"))


def _load_one(session: Session, source: Source, row: Exercise | None, report: LoadReport, now: datetime) -> None:
    digest = source.digest
    if row is not None and row.digest == digest and row.retired_at is None:
        report.unchanged.append(source.slug)
        return
    reading = read_exercise(source.notebook, source.slug, source.public_files, source.private_files)
    exercise = reading.exercise
    if exercise is None:
        report.refused[source.path] = reading.findings
        return
    told = report.new if row is None else report.changed if row.digest != digest else report.returned
    told.append(source.slug)
    _keep_version(session, source, digest, now)
    _index(session, exercise, digest, row, now)


def _keep_version(session: Session, source: Source, digest: str, now: datetime) -> None:
    if session.get(ExerciseVersion, (source.slug, digest)) is None:
        version = ExerciseVersion(
            slug=source.slug,
            digest=digest,
            notebook=source.notebook,
            public_files=_as_text(source.public_files),
            private_files=_as_text(source.private_files),
            created_at=now,
        )
        session.add(version)


def _as_text(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: b64encode(data).decode() for name, data in files.items()}


def _index(session: Session, exercise: fmt.Exercise, digest: str, row: Exercise | None, now: datetime) -> None:
    slug = exercise.slug
    values = _row_values(exercise, digest)
    if row is None:
        session.add(Exercise(slug=slug, published_at=now, **values))
    else:
        row.sqlmodel_update(values)
        row.retired_at = None
        session.add(row)
    session.flush()
    session.exec(delete(ExerciseTopic).where(col(ExerciseTopic.slug) == slug))
    session.exec(delete(ExerciseRole).where(col(ExerciseRole.slug) == slug))
    session.add_all(ExerciseTopic(topic=topic, slug=slug) for topic in exercise.front.topics)
    session.add_all(ExerciseRole(role=role, slug=slug) for role in exercise.front.roles)


def _row_values(exercise: fmt.Exercise, digest: str) -> dict[str, Any]:
    front = exercise.front
    hidden = sum(check.hidden for check in exercise.checks)
    return {
        "digest": digest,
        "version": front.version,
        "kind": front.kind,
        "form": front.form,
        "title": front.title,
        "summary": front.summary,
        "level": front.level,
        "minutes": front.minutes,
        "topics": list(front.topics),
        "roles": list(front.roles),
        "needs": list(front.needs),
        "search_text": _search_text(front),
        "points": sum(check.points for check in exercise.checks) + sum(question.points for question in exercise.questions),
        "checks_visible": len(exercise.checks) - hidden,
        "checks_hidden": hidden,
        "questions": len(exercise.questions),
    }


def _search_text(front: fmt.FrontMatter) -> str:
    topics = " ".join((*front.topics, *(labels.TOPICS[topic] for topic in front.topics)))
    parts = (front.title, front.summary, topics, labels.KINDS[front.kind], *front.objectives, *front.needs, front.slug)
    return fold(" ".join(parts))
