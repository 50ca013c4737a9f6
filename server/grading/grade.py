"""Grade one notebook: the list of steps from the design, in order."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sandbox.limits import Limits
from sandbox.processes.forkserver import ForkServer
from sandbox.trials.trial import CheckRun, TrialReport, run_function, run_trial
from server.exercise_format.exercise import Answer, Check, Exercise
from server.grading.handed_in.attempted import answers_of_check, untouched
from server.grading.handed_in.bans import banned_use
from server.grading.handed_in.out_of_order import needs_from_below
from server.grading.handed_in.repairs import Reimposed, reimpose
from server.grading.handed_in.submitted import SubmittedCell
from server.grading.messages import check_message
from server.grading.mistakes import FAILURES, name_mistake
from server.grading.outcome import CellNote, Grade, Outcome, State
from server.grading.plan import plan_trial
from server.grading.points import earned, total
from server.grading.questions import score_questions

Progress = Callable[[str], None]


def grade_cells(
    exercise: Exercise,
    cells: Sequence[SubmittedCell],
    seed: int,
    forkserver: ForkServer,
    *,
    key: bytes,
    visible_only: bool = False,
    values: Mapping[str, object] | None = None,
    on_progress: Progress | None = None,
    ceilings: Mapping[str, int] | None = None,
) -> Grade:
    """Grade a notebook given as cells. `key`: of the site, for the checks' draws (`seeds_key`). `ceilings`: the most that the
    site allows, by the names of `Limits`. Raises SandboxError only for trouble of our own."""
    began = time.monotonic()
    notebook = reimpose(exercise, cells)
    plan = plan_trial(exercise, notebook, seed, key, visible_only, ceilings)
    report = run_trial(forkserver, plan, on_progress) if plan.checks else None  # without code to judge nothing needs a process
    outcomes = _check_outcomes(exercise, notebook, report)
    if exercise.questions:
        drawn = values if values is not None else draw_values(exercise, seed, forkserver)
        outcomes += score_questions(exercise, notebook.texts, drawn, seed, visible_only)
    named = name_mistake(exercise, outcomes)
    points, possible = total(named)
    return Grade(
        outcomes=named,
        points=points,
        possible=possible,
        repairs=notebook.repairs,
        cells=_cell_notes(report, notebook),
        seconds=round(time.monotonic() - began, 4),
        notebook_seconds=report.notebook_seconds if report else 0.0,
    )


def draw_values(exercise: Exercise, seed: int, forkserver: ForkServer) -> dict[str, object]:
    """The numbers of this attempt. The author's function runs in the sandbox, like every code that is not ours."""
    if exercise.variant is None:
        return {}
    drawn = run_function(forkserver, exercise.variant.source, "variant", [[exercise.variant.seed_for(seed)]], Limits())[0]
    if not isinstance(drawn, dict):
        raise TypeError(f"variant of {exercise.slug} returned {type(drawn).__name__}, not a dict")
    return drawn


def _check_outcomes(exercise: Exercise, notebook: Reimposed, report: TrialReport | None) -> list[Outcome]:
    if report is None:
        return []
    runs = {run.name: run for run in report.checks}
    banned = {answer.name: _banned_use(exercise, notebook, answer) for answer in exercise.answers}
    return [_outcome(exercise, notebook, check, runs[check.name], banned) for check in exercise.checks if check.name in runs]


def _banned_use(exercise: Exercise, notebook: Reimposed, answer: Answer) -> str:
    known = {cell.id for cell in exercise.cells}
    own = [cell.source for cell in notebook.cells if cell.id not in known]
    return banned_use(notebook.sources[answer.name], exercise.front.bans, answer.gives, own)


def _outcome(exercise: Exercise, notebook: Reimposed, check: Check, run: CheckRun, banned: Mapping[str, str]) -> Outcome:
    concerned = answers_of_check(exercise, check)
    state, fraction, text = State(run.outcome), run.fraction, run.text
    forbidden = next((banned[name] for name in concerned if banned[name]), "")
    if forbidden and state is State.passed:
        state, fraction, text = State.failed, 0.0, forbidden
    if state in FAILURES and concerned and all(_as_given(exercise, notebook, name) for name in concerned):
        state, fraction = State.not_attempted, 0.0
    return Outcome(
        check=check.name,
        hidden=check.hidden,
        outcome=state,
        points=earned(check.points, fraction),
        possible=check.points,
        message=check_message(check, state, text, run.note, exercise.front.hidden_policy),
        seconds=round(run.seconds, 4),
        reported=run.reported,
    )


def _as_given(exercise: Exercise, notebook: Reimposed, name: str) -> bool:
    answer = exercise.answer(name)
    return answer is not None and untouched(notebook.sources[name], answer.stub)


def _cell_notes(report: TrialReport | None, notebook: Reimposed) -> tuple[CellNote, ...]:
    notes = [CellNote(cell.id, cell.status, cell.error) for cell in report.cells] if report else []
    needs = [needs_from_below(notes, notebook.cells, place) for place in range(len(notes))]
    return tuple(replace(note, needs_from_below=name) for note, name in zip(notes, needs, strict=True))
