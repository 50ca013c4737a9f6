"""Scores of forecasts: the honest prior earns one half, the truth earns one."""

from collections.abc import Mapping, Sequence
from typing import Any

from server.exercise_format.question import Forecast
from server.exercise_format.scoring.scored import Reason, Scored, sentences
from server.exercise_format.shuffle import letters

LEVELS = (0.1, 0.5, 0.9)


def score_forecast(question: Forecast, given: Mapping[str, Any], values: Mapping[str, Any]) -> Scored:
    """Mean over the items; an item without a forecast earns nothing."""
    scores = [_item_score(question, item.key, given.get(item.key), values) for item in question.items]
    lettered = zip(letters(len(scores)), question.items, scores, strict=True)
    reasons = tuple(
        Reason(letter, item.reason, score >= 0.5, item.key in given) for letter, item, score in lettered if item.reason
    )
    left = sum(item.key not in given for item in question.items)
    open_items = f"{left} of {len(scores)} forecasts {'is' if left == 1 else 'are'} missing." if left else ""
    return Scored(sum(scores) / len(scores), sentences(_verdict(scores), open_items), reasons)


def _verdict(scores: Sequence[float]) -> str:
    low = sum(score < 0.5 for score in scores)
    return f"{low} of {len(scores)} forecasts {'is' if low == 1 else 'are'} worse than the base rate." if low else ""


def _item_score(question: Forecast, key: str, given: Any, values: Mapping[str, Any]) -> float:
    if given is None:
        return 0.0
    prior, truth = values[f"{key}_prior"], values[f"{key}_truth"]
    if question.ask == "quantiles":
        draws = values[f"{key}_draws"]
        losses = [pinball(points, draws) for points in (given, prior, truth)]
    else:
        losses = [expected_brier(chance, truth) for chance in (given, prior, truth)]
    return scaled(*losses)


def scaled(loss: float, prior: float, truth: float) -> float:
    """One for the loss of the truth, one half for that of the prior, never outside 0 to 1."""
    if prior <= truth:  # the gate refuses such a variant; without a span only the truth itself can score
        return 1.0 if loss <= truth else 0.0
    return min(1.0, max(0.0, 1 - 0.5 * (loss - truth) / (prior - truth)))


def expected_brier(forecast: float, truth: float) -> float:
    """Mean squared error of the forecast over the two outcomes."""
    return float((forecast - truth) ** 2 + truth * (1 - truth))


def pinball(points: Sequence[float], draws: Sequence[float]) -> float:
    """Mean pinball loss of the 10, 50 and 90 % points over the simulated outcomes."""
    total = 0.0
    for level, point in zip(LEVELS, points, strict=True):
        total += sum((draw - point) * (level - (draw < point)) for draw in draws)
    return total / (len(draws) * len(LEVELS))
