"""The bench: task, notebook and checks of one exercise, for practice and for take-homes alike."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from sandbox.errors import SandboxError
from server.bank.labels import KINDS, LEVELS
from server.errors import Unavailable
from server.exercise_format.exercise import Exercise
from server.exercise_format.question import Short
from server.grading.grade import draw_values
from server.web.house import house
from server.web.markdown import render_inline
from server.web.pages import page


@dataclass(frozen=True, slots=True)
class SittingView:
    """What the bar of a take-home shows. `root`: address of the invitation; `number` 0 is the practice room."""

    root: str
    team: str
    number: int
    tasks: tuple[str, ...]  # titles, in their order

    @property
    def rehearsal(self) -> bool:
        return self.number == 0


def environment_now(exercise: Exercise) -> str:
    """Nothing when it is not installed: questions can be answered all the same."""
    try:
        return house().forkservers.digest(exercise.front.environment)
    except SandboxError:
        return ""


def drawn_values(exercise: Exercise, seed: int) -> dict[str, object]:
    try:
        return draw_values(exercise, seed, house().forkservers.of(exercise.front.environment))
    except SandboxError as error:
        raise Unavailable(
            f"The numbers of this exercise could not be drawn; that is our fault. Try again in a moment. ({error})"
        ) from error


def bench_page(
    exercise: Exercise,
    task: list[dict[str, object]],
    cells: list[dict[str, object]],
    state: dict[str, object] | None,
    sitting: SittingView | None = None,
) -> ResponseReturnValue:
    """`state`: of a workspace that was started. `sitting`: the bench is one task of a take-home, or its practice room."""
    front = exercise.front
    shown = {
        "slug": front.slug,
        "title": front.title,
        "summary": front.summary,
        "kind": front.kind,
        "kind_words": KINDS[front.kind],
        "level_words": LEVELS[front.level],
        "minutes": front.minutes,
        "needs": front.needs,
        "points": exercise.automatic_points(),
        "marked_points": exercise.marked_points(),
        "visible_checks": [
            {"name": check.name, "title": check.title, "points": check.points} for check in exercise.checks if not check.hidden
        ],
        "visible": sum(not check.hidden for check in exercise.checks),
        "hidden": sum(check.hidden for check in exercise.checks),
        "questions": sum(not isinstance(question, Short) for question in exercise.questions),
        "written": sum(isinstance(question, Short) for question in exercise.questions),
        "hints": 0 if sitting else len(exercise.hints),
        "objectives": front.objectives,
        "prerequisites": front.prerequisites,
        "variant": exercise.variant is not None,
        "has_code": bool(exercise.answers),
    }
    task_html = Markup("").join(Markup(str(cell["html"])) for cell in task)  # each was cleaned when it was rendered
    return page(
        "exercise/bench.html",
        exercise=shown,
        task_html=task_html,
        cells=cells,
        state=state,
        sitting=sitting,
        start_url=url_for("exercise.start", slug=front.slug),
        not_run=_why_not_run(exercise),
    )


def _why_not_run(exercise: Exercise) -> str:
    """Nothing when code runs, or when this exercise needs none."""
    state, _, sentence = house().sandbox_condition()
    return render_inline(sentence) if state == "failed" and (exercise.answers or exercise.variant) else ""
