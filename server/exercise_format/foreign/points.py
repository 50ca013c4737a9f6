"""Points are counted to a hundredth: shares are made so that their sum is exact."""

from collections.abc import Sequence


def shares(total: float, weights: Sequence[float]) -> list[float]:
    """`total` over the weights; what does not divide goes to the first ones. 1 over three is 0.34, 0.33, 0.33."""
    whole, hundredths = sum(weights), round(total * 100)
    if not whole:
        return [0.0 for _ in weights]
    exact = [hundredths * weight / whole for weight in weights]
    parts = [int(share + 1e-9) for share in exact]
    behind = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in behind[: hundredths - sum(parts)]:
        parts[place] += 1
    return [part / 100 for part in parts]


def show(points: float) -> str:
    return f"{points:g} {'point' if points == 1 else 'points'}"
