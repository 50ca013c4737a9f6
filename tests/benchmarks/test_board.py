"""That a round is filled, shown and timed; the figures themselves are for `touchstone bench board`, on a quiet machine."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from click.testing import CliRunner
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from server.assessments.decisions.board import Group, board_of
from server.assessments.tables.blueprints import HiringJob
from server.assessments.tables.sittings import Sitting
from server.assessments.tables.teams import Member, Team
from server.assessments.teams.seats import seat_of
from server.cli.bench.board import fill_round
from server.cli.main import commands


def test_every_page_is_timed() -> None:
    result = CliRunner().invoke(commands, ["bench", "board", "--candidates", "12", "--requests", "10", "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["candidates"], found["goal_p95_ms"]) == (12, 100)
    for page in ("board", "board_filtered", "board_last_page", "decision_sheet"):
        assert 0 < found[page]["p50_ms"] <= found[page]["p95_ms"]


def test_what_is_measured_is_a_round_of_people_at_every_step(sqlite_engine: Engine) -> None:
    now = datetime.now(UTC)
    with Session(sqlite_engine) as session:
        filled = fill_round(session, 20, now)
        assert (
            len(filled.sittings) == len(session.exec(select(Sitting).where(col(Sitting.handed_in_at).is_not(None))).all()) == 20
        )
        team = session.exec(select(Team)).one()
        owner = session.exec(select(Member.person_id).where(Member.role == "owner")).one()
        board = board_of(session, seat_of(session, team.id, owner), session.exec(select(HiringJob)).one())
    assert board is not None and filled.root.endswith(board.job.id)
    counts = board.counts()
    assert (counts[Group.everybody], counts[Group.to_mark]) == (20, 2)
    assert len([row for row in board.rows if row.seen.verdict is not None]) == 18
    assert all(row.started_at < now - timedelta(hours=1) for row in board.rows)
