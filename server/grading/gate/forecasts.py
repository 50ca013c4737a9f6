"""Forecast questions against their closed form: the prior earns exactly one half, the truth one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from server.exercise_format.question import Forecast, Item
from server.exercise_format.scoring.forecast import expected_brier, pinball, score_forecast

FEWEST_DRAWS = 50


def forecast_problem(question: Forecast, values: Mapping[str, Any], seed: int) -> str:
    for item in question.items:
        problem = _quantile_problem(item, values) if question.ask == "quantiles" else _probability_problem(item, values)
        if problem:
            return f"{item.key}: {problem}"
    return _scale_problem(question, values)


def _probability_problem(item: Item, values: Mapping[str, Any]) -> str:
    prior, truth = values[f"{item.key}_prior"], values[f"{item.key}_truth"]
    if not (0 < prior < 1 and 0 < truth < 1):
        return f"prior {prior} and truth {truth} must lie between 0 and 1"
    if expected_brier(prior, truth) - expected_brier(truth, truth) < 1e-6:
        return "the prior is the truth, so that there is nothing to find out"
    return ""


def _quantile_problem(item: Item, values: Mapping[str, Any]) -> str:
    prior, truth, draws = (values[f"{item.key}_{part}"] for part in ("prior", "truth", "draws"))
    if len(draws) < FEWEST_DRAWS:
        return f"{len(draws)} draws; {FEWEST_DRAWS} are needed"
    if any(len(points) != 3 or sorted(points) != list(points) for points in (prior, truth)):
        return "prior and truth need three points, smallest first"
    if pinball(prior, draws) <= pinball(truth, draws):
        return "the prior loses no more than the truth over the draws"
    return ""


def _scale_problem(question: Forecast, values: Mapping[str, Any]) -> str:
    for part, wanted in (("prior", 0.5), ("truth", 1.0)):
        given = {item.key: values[f"{item.key}_{part}"] for item in question.items}
        fraction = score_forecast(question, given, values).fraction
        if abs(fraction - wanted) > 1e-9:
            return f"the {part} scores {fraction:.4f}, not {wanted:g}"
    return ""
