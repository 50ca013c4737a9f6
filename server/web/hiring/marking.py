"""Marking: the sittings of a job in a reviewer's order, and one of them on the bench. Nothing here says who the candidate is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from server.assessments.blueprints.ai_policy import BY_KEY
from server.assessments.blueprints.job_openings import opening_of
from server.assessments.marking.frozen import FrozenTask, frozen_task
from server.assessments.marking.marks import OwnMarking, own_marking
from server.assessments.marking.reconciling import agreement_among, lines_apart, may_compare
from server.assessments.marking.rubrics import RubricLine
from server.assessments.marking.to_mark import OwnState, place_of, sittings_to_mark
from server.assessments.privacy.looks import note_look
from server.assessments.sittings.lookups import sitting_of
from server.assessments.sittings.sitting import tasks_of
from server.assessments.tables.blueprints import BlueprintRow, HiringJob
from server.assessments.tables.invitations import Candidate
from server.assessments.tables.marking import Unblinding
from server.assessments.tables.sittings import Sitting, SittingTask
from server.assessments.teams.rights import Right, may
from server.assessments.teams.seats import Seat
from server.bank.versions import exercise_version
from server.errors import NotFound
from server.exercise_format.template import fill_exercise
from server.web.door import commit, database, moment
from server.web.hiring.blueprint import blueprint, seat
from server.web.hiring.frozen_view import CHANGES, FINAL, ScoreSheet, notebook_view, score_sheet
from server.web.hiring.strip import Strip, slice_seconds, strip
from server.web.markdown import render_inline
from server.web.pages import page
from server.workspaces.activity import activity

JOB = "/teams/<team_id>/jobs/<job_id>/marking"
ONE = f"{JOB}/<sitting_id>"
LIST_PAGE, SITTING_PAGE = "hiring/marking/list.html", "hiring/marking/sitting.html"
AT_ONCE = 100  # rows of the list
BETWEEN = {2: "Between 1 and 3", 4: "Between 3 and 5"}


@dataclass(frozen=True, slots=True)
class At:
    """A sitting as this request finds it. Of the candidate it has the code, and nothing else."""

    seat: Seat
    job: HiringJob
    sitting: Sitting
    code: str
    tasks: tuple[SittingTask, ...]
    mine: OwnMarking

    @property
    def list_root(self) -> str:
        return f"/teams/{self.seat.team.id}/jobs/{self.job.id}/marking"

    @property
    def root(self) -> str:
        return f"{self.list_root}/{self.sitting.id}"

    @property
    def number(self) -> int:
        """The task that is looked at. Raises NotFound."""
        number = request.args.get("task", 1, type=int)
        if not 1 <= number <= len(self.tasks):
            raise NotFound("There is no such task in this take-home.")
        return number

    @property
    def view(self) -> str:
        return FINAL if request.args.get("view") == FINAL else CHANGES

    def address(self, number: int | None = None, view: str | None = None) -> str:
        return f"{self.root}?task={number or self.number}&view={view or self.view}"

    def lines_of(self, number: int) -> list[tuple[int, RubricLine]]:
        """Of one task, each with its number in the whole sitting, from 1."""
        slug = self.tasks[number - 1].exercise_slug
        return [(place, line) for place, line in enumerate(self.mine.lines, 1) if line.key.exercise_slug == slug]


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of a rubric in the form. `opens`: the answers that the rubric is about, on its first line. `was`: the level and the
    evidence that are stored, whatever the form says."""

    number: int
    opens: tuple[str, ...]
    words: str
    levels: tuple[tuple[int, Markup | str], ...]
    level: str
    evidence: str
    was: tuple[str, str]


def at_sitting(team_id: str, job_id: str, sitting_id: str) -> At:
    """Raises NotFound, NotAllowed, Conflict while it is still being sat."""
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    sitting = sitting_of(database(), here, sitting_id, job.id)
    mine = own_marking(database(), here, sitting)
    code = database().get_one(Candidate, sitting.candidate_id).code
    return At(here, job, sitting, code, tuple(tasks_of(database(), sitting)), mine)


@blueprint.get(JOB)
def show_marking(team_id: str, job_id: str) -> ResponseReturnValue:
    here = seat(team_id)
    job = opening_of(database(), here, job_id)
    everything = sittings_to_mark(database(), here, job)
    groups = {state.value: [each for each in everything if each.state is state] for state in OwnState}
    groups["to agree on"] = [each for each in everything if each.apart]
    chosen, start = request.args.get("show", ""), max(0, request.args.get("after", 0, type=int))
    sittings = groups.get(chosen, everything)
    return page(
        LIST_PAGE,
        seat=here,
        job=job,
        places={each.sitting_id: number for number, each in enumerate(everything, 1)},
        chosen=chosen if chosen in groups else "",
        groups={name: found for name, found in groups.items() if found},
        sittings=sittings[start : start + AT_ONCE],
        more=start + AT_ONCE if start + AT_ONCE < len(sittings) else 0,
        total=len(everything),
        agreement=agreement_among(each.marked for each in everything) if may(here.member.role, Right.see_results) else None,
    )


@blueprint.get(ONE)
def show_sitting(team_id: str, job_id: str, sitting_id: str) -> ResponseReturnValue:
    at = at_sitting(team_id, job_id, sitting_id)
    shown = sitting_page(at, {}, {})
    if note_look(database(), at.seat, at.sitting, moment()):
        commit()
    return shown


def sitting_page(at: At, values: Mapping[str, str], errors: Mapping[str, str], status: int = 200) -> ResponseReturnValue:
    """`values`: as they were typed, where they could not be saved."""
    frozen = frozen_task(database(), at.tasks[at.number - 1])
    given, cells = notebook_view(frozen, at.view)
    lines = [line_view(at, number, line, values) for number, line in at.lines_of(at.number)]
    return page(
        SITTING_PAGE,
        status,
        at=at,
        place=place_of(database(), at.seat, at.job, at.sitting),
        titles=[title_of(task) for task in at.tasks],
        missing_in=[number for number, _ in enumerate(at.tasks, 1) if missing_of(at, number)],
        exercise=frozen.exercise,
        given=given,
        cells=cells,
        lines=lines,
        sheet=sheet_of(frozen),
        strip=strip_of(at),
        values=values,
        errors=errors,
        **about(at),
    )


def about(at: At) -> dict[str, Any]:
    """What may be told and done by whoever looks."""
    blueprint_row = database().get_one(BlueprintRow, database().get_one(Candidate, at.sitting.candidate_id).blueprint_id)
    opened = at.mine.is_done or at.mine.decided
    return {
        "ai_rule": BY_KEY.get(blueprint_row.ai_policy),
        "disclosure": at.sitting.disclosure if opened else None,
        "disclosed": at.sitting.disclosed_at is not None,
        "compares": may_compare(at.seat, at.mine.marked),
        "apart": lines_apart(at.mine.marked),
        "hires": may(at.seat.member.role, Right.hire),
        "blind": database().get(Unblinding, (at.sitting.id, at.seat.member.person_id)) is None,
        "writes": at.mine.may_mark and not at.mine.is_done and not at.mine.decided,
    }


def line_view(at: At, number: int, line: RubricLine, values: Mapping[str, str]) -> LineView:
    mark = at.mine.marks.get(line.key)
    was = ("", "") if mark is None else (str(mark.level), mark.evidence)
    anchors = [(level, render_inline(line.anchors[level]) if level in line.anchors else BETWEEN[level]) for level in range(1, 6)]
    opens = next((work.titles for work in at.mine.works if work.lines[0] == line), ())
    return LineView(
        number,
        opens,
        line.words,
        tuple(anchors),
        values.get(f"level-{number}", was[0]),
        values.get(f"evidence-{number}", was[1]),
        was,
    )


def title_of(task: SittingTask) -> str:
    return exercise_version(database(), task.exercise_slug, task.exercise_digest).front.title


def missing_of(at: At, number: int) -> list[RubricLine]:
    """Lines of a task without a level."""
    return [line for _, line in at.lines_of(number) if line.key not in at.mine.marks]


def sheet_of(frozen: FrozenTask) -> ScoreSheet | None:
    """With the version of the exercise that it was graded with."""
    if frozen.result is None:
        return None
    if frozen.result.exercise_digest == frozen.digest:
        return score_sheet(frozen.exercise, frozen.result, frozen.cells)
    graded = exercise_version(database(), frozen.exercise.slug, frozen.result.exercise_digest)
    return score_sheet(fill_exercise(graded, frozen.values), frozen.result, frozen.cells)


def strip_of(at: At) -> Strip:
    ended = at.sitting.handed_in_at or at.sitting.started_at
    seconds = max(1, round((ended - at.sitting.started_at).total_seconds()))
    spaces = [task.workspace_id for task in at.tasks]
    return strip(activity(database(), spaces, at.sitting.started_at, slice_seconds(seconds)), seconds)
