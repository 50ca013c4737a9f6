"""People do and think the same whenever the seed is the same."""

import random

import msgspec

from server.cli.bench.crowd.person import drawn
from server.cli.bench.crowd.plan import Plan, bundled_tasks, think_time


def test_the_plan_reaches_the_other_process_as_it_is() -> None:
    plan = Plan("127.0.0.1", 8000, 200, 60.0, think_time(10, 1), bundled_tasks(), 30.0)
    assert msgspec.json.decode(msgspec.json.encode(plan), type=Plan) == plan


def test_tasks_are_exercises_with_code_to_write() -> None:
    tasks = {task.slug: task.answers for task in bundled_tasks()}
    assert len(tasks) >= 5
    assert "def softmax_cross_entropy" in tasks["softmax-cross-entropy-stable"]["answer-1"]
    assert all(text.strip() for answers in tasks.values() for text in answers.values())


def test_thinking_is_drawn_within_its_bounds_and_the_same_from_the_same_seed() -> None:
    think = think_time(10, 1)
    first, second = ([drawn(think, chance) for _ in range(2_000)] for chance in (random.Random(5), random.Random(5)))
    assert first == second
    assert (think.least, think.most) == (1, 30) == (min(first), max(first))
    assert 9 < sum(first) / len(first) < 11
