"""Of an erased candidate nothing is found any more: in the database's bytes, the data folder, the logs. Of others all is."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, String, cast, func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from server.accounts.keeping import Keeper
from server.accounts.people import find_by_email
from server.accounts.sign_up import sign_up
from server.accounts.tables import Person
from server.all_tables import metadata
from server.assessments.blueprints.preview import begin_preview
from server.assessments.decisions.board import board_of
from server.assessments.decisions.funnel import funnel_of
from server.assessments.invitations.candidates import count_erased, list_invited
from server.assessments.invitations.mail import invitation_message, note_bounce, note_given_up, note_sent, put_mail
from server.assessments.privacy.erasing import Why, erase_candidate, erase_preview
from server.assessments.privacy.keeping import leave_teams
from server.assessments.sittings.lookups import sitting_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Team
from server.audit.log import entries
from server.errors import NotFound
from server.grading.seals import seal_key, verify
from server.grading.tables import Submission
from server.mail.message import Message
from server.mail.outbox import Outbox
from server.queue.jobs import put
from server.queue.tables import Job
from server.wiring import House
from server.worker.loop import run_next
from server.workspaces.hand_in import GRADE
from server.workspaces.tables import Workspace
from tests import rounds
from tests.canaries import SECRET, whole_story
from tests.people import whole_house
from tests.rounds import Round

GONE, KEPT = "zq7goneaway", "zq7stayhere"
# Every table that says something of a candidate.
SAID_IN = {
    "agreements",
    "appeals",
    "candidate_reports",
    "candidates",
    "decisions",
    "marks",
    "markings",
    "problem_reports",
    "regrade_rows",
    "results",
    "sittings",
    "submissions",
    "unblindings",
    "workspace_cells",
    "workspace_events",
}


@pytest.fixture
def here(session: Session, moment: datetime) -> Round:
    return rounds.make_round(session, moment)


def erase(session: Session, candidate: Candidate, folder: Path, now: datetime, keepers: tuple[Keeper, ...] = ()) -> bool:
    return erase_candidate(session, candidate, keepers, folder, "olga", Why.team, now)


def candidate_of(session: Session, sitting: Sitting) -> Candidate:
    return session.get_one(Candidate, sitting.candidate_id)


def tables_with(session: Session, word: str) -> set[str]:
    """Tables in which any cell holds this word."""
    found = set()
    for table in metadata.sorted_tables:
        texts = [cast(column, String).contains(word) for column in table.columns if column.type.python_type is not bytes]
        blobs = [column for column in table.columns if column.type.python_type is bytes]
        rows = session.execute(select(func.count()).select_from(table).where(*([_any(texts)] if texts else []))).scalar_one()
        rows += sum(word.encode() in bytes(value) for blob in blobs for value in session.execute(select(blob)).scalars())
        if rows:
            found.add(table.name)
    return found


def _any(conditions: list[object]) -> object:
    first, *rest = conditions
    for each in rest:
        first = first | each  # type: ignore[operator]
    return first


def test_every_table_is_emptied_of_one_candidate_and_of_no_other(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    gone = whole_story(session, here, "Flint 03", GONE, moment)
    kept = whole_story(session, here, "Agate 14", KEPT, moment)
    session.commit()
    assert tables_with(session, GONE) == tables_with(session, KEPT) == SAID_IN
    assert erase(session, candidate_of(session, gone), tmp_path, moment)
    session.commit()
    assert tables_with(session, GONE) == set()
    assert tables_with(session, KEPT) == SAID_IN
    assert [task.submission_id is not None for task in tasks_of(session, kept)] == [True, True]


def test_what_stays_is_an_empty_row_the_log_and_the_seals(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    sitting = whole_story(session, here, "Flint 03", GONE, moment)
    board = board_of(session, here.owner, here.job)
    assert board is not None
    before = funnel_of(session, board)
    sealed = verify(session, seal_key(SECRET)).sealed
    candidate = candidate_of(session, sitting)
    hidden, now = candidate.person_id, moment + timedelta(days=1)
    assert erase(session, candidate, tmp_path, now)
    left = {name: value for name, value in candidate.model_dump().items() if value not in ("", None, 0, False)}
    assert left.keys() == {
        "id", "team_id", "job_id", "blueprint_id", "code", "opens_at", "closes_at", "invited_by",
        "created_at", "sent_at", "opened_at", "erased_at", "reached",
    }  # fmt: skip
    assert (left["code"], left["reached"], left["erased_at"]) == ("Flint 03", "decided", now)
    assert session.get(Person, hidden) is None
    assert session.exec(select_rows(Sitting)).all() == []
    found = verify(session, seal_key(SECRET))
    assert (found.sealed, found.deleted, found.faults) == (sealed, sealed, ())
    after = board_of(session, here.owner, here.job)
    assert after is not None and after.rows == ()
    assert dict(funnel_of(session, after).steps) == dict(before.steps) == dict.fromkeys(dict(before.steps), 1)
    last = entries(session, f"team:{here.team.id}")[-1]
    assert (last.act, last.actor) == ("candidate.erase", "olga")
    assert last.details == {"candidate": candidate.id, "sitting": sitting.id, "why": "team"}


@pytest.mark.parametrize(("share", "level", "step"), [(None, None, "handed_in"), (1.0, 4, "marked")])
def test_the_funnel_counts_how_far_each_had_come(
    session: Session, here: Round, moment: datetime, tmp_path: Path, share: float | None, level: int | None, step: str
) -> None:
    sitting = rounds.sat(session, here, "Agate 1", moment)
    if share is not None and level is not None:
        rounds.graded(session, sitting, moment, share=share)
        rounds.marked(session, here, sitting, moment, level=level)
    begun, opened, sent = (rounds.invited(session, here, f"Agate {number}", moment) for number in (2, 3, 4))
    rounds.start(session, begun, moment)
    sent.opened_at = None
    session.flush()
    board = board_of(session, here.owner, here.job)
    assert board is not None
    before = dict(funnel_of(session, board).steps)
    for candidate in (candidate_of(session, sitting), begun, opened, sent):
        erase(session, candidate, tmp_path, moment)
    assert [each.reached for each in (candidate_of_code(session, "Agate 1"), begun, opened, sent)] == [
        step,
        "started",
        "opened",
        "invited",
    ]
    board = board_of(session, here.owner, here.job)
    assert board is not None
    assert dict(funnel_of(session, board).steps) == before
    assert before["invited"] == 4


def candidate_of_code(session: Session, code: str) -> Candidate:
    return session.exec(select_rows(Candidate).where(Candidate.code == code)).one()


def test_an_erased_candidate_is_found_nowhere_and_is_erased_once(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    sitting = rounds.sat(session, here, "Flint 03", moment)
    candidate, sitting_id = candidate_of(session, sitting), sitting.id
    assert erase(session, candidate, tmp_path, moment)
    assert not erase(session, candidate, tmp_path, moment)
    assert [row.act for row in entries(session, f"team:{here.team.id}")].count("candidate.erase") == 1
    with pytest.raises(NotFound):
        sitting_of(session, here.owner, sitting_id)
    assert list_invited(session, here.owner, here.job, moment) == []
    assert count_erased(session, here.job) == 1


def test_no_mail_finds_its_way_to_somebody_who_was_erased(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    candidate = rounds.invited(session, here, "Flint 03", moment)
    put_mail(session, candidate, moment)
    put(session, "member-mail", {"invite": "of another"}, moment)
    erase(session, candidate, tmp_path, moment)
    assert [job.kind for job in session.exec(select_rows(Job))] == ["member-mail"]
    assert invitation_message(session, "http://localhost", candidate.id, moment) is None
    note_bounce(session, candidate.id, "550 no such box mira@example.org", moment)
    note_given_up(session, candidate.id, moment, moment)
    note_sent(session, candidate.id, moment + timedelta(days=9))
    session.refresh(candidate)
    assert (candidate.bounce, candidate.bounced_at, candidate.sent_at) == ("", None, moment)


def test_the_gradings_that_wait_go_too(session: Session, here: Round, moment: datetime, tmp_path: Path) -> None:
    gone, kept = (rounds.sat(session, here, code, moment) for code in ("Flint 03", "Agate 14"))
    left = {task.submission_id for task in tasks_of(session, kept)}
    gradings = select_rows(Job).where(Job.kind == GRADE)
    assert len(session.exec(gradings).all()) == 4
    erase(session, candidate_of(session, gone), tmp_path, moment)
    assert {job.payload["submission"] for job in session.exec(gradings)} == left


def test_copies_of_mails_go_but_nobody_elses(session: Session, here: Round, moment: datetime, tmp_path: Path) -> None:
    first = rounds.invited(session, here, "Flint 03", moment, email="mira@example.org")
    other = rounds.invited(session, here, "Agate 14", moment, email="mira@example.org")
    outbox = Outbox(tmp_path, "touchstone@example.org")
    mail = Message("mira@example.org", "Invitation", "Hello")
    for about in (f"candidate:{first.id}", f"candidate:{other.id}", ""):
        outbox.send(replace(mail, about=about))
    outbox.send(replace(mail, to="omar@example.org"))
    erase(session, first, tmp_path, moment)
    assert len(list(tmp_path.glob("*.eml"))) == 3
    sign_up(session, None, "Mira", "mira@example.org", "three random words", moment)
    erase(session, other, tmp_path, moment)
    assert len(list(tmp_path.glob("*.eml"))) == 2, "an account has this address, too"
    third = rounds.invited(session, here, "Jade 4", moment, email="Omar@example.org")
    erase(session, third, tmp_path, moment)
    assert len(list(tmp_path.glob("*.eml"))) == 1
    assert find_by_email(session, "mira@example.org") is not None


def test_kernels_end_with_the_work(session: Session, here: Round, moment: datetime, tmp_path: Path) -> None:
    sitting = rounds.start(session, rounds.invited(session, here, "Flint 03", moment), moment)
    running = {task.workspace_id for task in tasks_of(session, sitting)}
    left: set[str] = set()

    def forget(session: Session, person: Person) -> None:
        left.update(session.exec(select_rows(Workspace.id).where(Workspace.person_id == person.id)))

    keeper = Keeper("rooms", lambda _session, _person: None, forget=forget)
    erase(session, candidate_of(session, sitting), tmp_path, moment, (keeper,))
    assert left == running != set()


def test_of_a_preview_nothing_stays(session: Session, here: Round, moment: datetime) -> None:
    preview, _ = begin_preview(session, here.owner, here.blueprint, moment)
    rounds.start(session, preview, moment)
    hidden, preview_id = preview.person_id, preview.id
    erase_preview(session, preview, ())
    assert session.get(Candidate, preview_id) is None
    assert session.get(Person, hidden) is None
    assert session.exec(select_rows(Sitting)).all() == []


def test_a_team_that_nobody_is_left_in_takes_its_candidates_along(
    session: Session, here: Round, moment: datetime, tmp_path: Path
) -> None:
    whole_story(session, here, "Flint 03", GONE, moment)
    session.commit()
    for member_id in session.exec(select_rows(Person.id).where(col(Person.email).is_not(None))).all():
        person = session.get_one(Person, member_id)
        leave_teams(session, person)
        session.delete(person)
        session.flush()
    session.commit()
    assert session.exec(select_rows(Team)).all() == []
    assert tables_with(session, GONE) == set()


# As an operator would look for it


@pytest.fixture
def house(sqlite_engine: Engine, tmp_path: Path) -> Iterator[House]:
    house = whole_house(sqlite_engine, tmp_path)
    yield house
    house.close()


def files_with(folder: Path, word: str) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes())


def test_no_byte_of_the_data_folder_or_the_logs_tells_of_them(
    house: House, moment: datetime, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    with house.sessions() as session:
        here = rounds.make_round(session, moment)
        gone = whole_story(session, here, "Flint 03", GONE, moment).id
        whole_story(session, here, "Agate 14", KEPT, moment)
        for candidate in session.exec(select_rows(Candidate)):  # so that the mail with the way back leaves for the outbox
            candidate.closes_at = moment + timedelta(days=3_650)
        session.execute(Submission.__table__.update().values(job_id=""))  # type: ignore[attr-defined]
        session.execute(Job.__table__.delete().where(Job.kind == "grade"))  # type: ignore[attr-defined]
        session.commit()
    while run_next(house, "test"):
        pass
    assert len(files_with(tmp_path, GONE)) >= 2, "the database and a mail"
    with house.sessions() as session:
        candidate = candidate_of(session, session.get_one(Sitting, gone))
        erase_candidate(session, candidate, house.keepers, house.settings.outbox, "olga", Why.team, moment)
        session.commit()
    with house.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    assert files_with(tmp_path, GONE) == []
    assert "touchstone.sqlite3" in files_with(tmp_path, KEPT)
    assert [name for name in files_with(tmp_path, KEPT) if name.endswith(".eml")]
    printed = capfd.readouterr()
    logged = "\n".join(record.getMessage() + str(record.exc_text) for record in caplog.records) + printed.out + printed.err
    assert logged and GONE not in logged
