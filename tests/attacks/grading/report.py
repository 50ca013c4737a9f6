"""What forged notebooks gain, here and in a grader without walls: `python -m tests.attacks.grading.report [--write FILE]`.

Leaves with 1 when a forgery gains a point, when an honest notebook does not get exactly what it deserves, or when too few of
the forgeries are seen to work without walls."""

import argparse
import platform
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer
from tests.attacks.grading.contest import ASSIGNMENTS, HonestRow, Row, everything, forged_rows, honest_rows, our_faults
from tests.attacks.grading.forgeries.all import FAMILIES
from tests.attacks.grading.forgeries.forgery import Forgery

ENOUGH = 40  # forgeries that are seen to work without walls, on each assignment
INTRODUCTION = """# What forged notebooks gain

This page is made by `make forgeries`; do not edit it. Every line is a notebook that tries to get points without the right
answer. It is written for no assignment in particular and handed in for each of these:

{assignments}

- **same process**: points from a plain grader that runs the checks in the notebook's own process, beside the exercise's files.
- **Touchstone**: points from the whole way of a submission, from the bytes of the notebook file to the result.

Only a notebook that gains something in the same process proves anything about the wall. Those that gain nothing there, or
cannot be run there, come after the others in each part, with the reason. Honest notebooks are graded in the same run and must
get exactly what they deserve: right ones with warnings, prints, failing cells of their own, magics, edited or missing given
cells and unusual types get all points, one with a wrong function loses that function's point, an untouched one gets none.
"""
DESCRIBED = {
    "arrays": "NumPy functions",
    "tables": "pandas transformations",
    "estimator": "an estimator with held-out labels",
}


def of(rows: Iterable[Row], assignment: str) -> list[Row]:
    return [row for row in rows if row.assignment == assignment]


def totals_table(forged: Sequence[Row], honest: Sequence[HonestRow]) -> str:
    head = "| assignment | notebooks | gain in the same process | points | gain in Touchstone | points | honest ones right |"
    lines = [head, "|---" * 7 + "|"]
    for assignment in ASSIGNMENTS:
        rows, fair = of(forged, assignment.name), [row for row in honest if row.assignment == assignment.name]
        cells = [
            assignment.name,
            len(rows),
            sum(row.fooled for row in rows),
            f"{sum(row.there or 0 for row in rows):g}",
            sum(row.here > 0 for row in rows),
            f"{sum(row.here for row in rows):g}",
            f"{sum(row.here == row.deserved for row in fair)} of {len(fair)}",
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def summary(forged: Sequence[Row], honest: Sequence[HonestRow]) -> str:
    names, seen = {row.name for row in forged}, {row.name for row in forged if row.fooled}
    right = sum(row.here == row.deserved for row in honest)
    return (
        f"{len(names)} forging notebooks x {len(ASSIGNMENTS)} assignments: "
        f"{sum(row.here for row in forged):g} forged points from Touchstone. A grader in the same process is "
        f"fooled by {len(seen)} of them. "
        f"{right} of {len(honest)} honest notebooks get exactly what they deserve."
    )


def as_text(forged: Sequence[Row], honest: Sequence[HonestRow]) -> str:
    parts = [summary(forged, honest), totals_table(forged, honest)]
    for family, forgeries in FAMILIES.items():
        parts += [f"## {family}", *family_tables(forgeries, forged)]
    return "\n\n".join([*parts, "## Honest notebooks", honest_table(honest)]) + "\n"


def recorded(page: str) -> dict[str, set[str]]:
    """From a page that was made before: name of a forgery -> assignments on which it gains without walls."""
    found: dict[str, set[str]] = {}
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.strip("| ").split(" | ")]
        if len(cells) == 2 + 2 * len(ASSIGNMENTS):
            gains = {each.name for each, cell in zip(ASSIGNMENTS, cells[2::2], strict=True) if cell.startswith("**")}
            found |= {cells[0].replace(" ", "_"): gains} if gains else {}
    return found


def family_tables(forgeries: Sequence[Forgery], forged: Sequence[Row]) -> list[str]:
    """Those that prove something, then the others."""
    seen = {row.name for row in forged if row.fooled}
    proven, others = [each for each in forgeries if each.name in seen], [each for each in forgeries if each.name not in seen]
    tables = [proven_table(proven, forged)] if proven else []
    return [*tables, others_table(others, forged)] if others else tables


def proven_table(forgeries: Sequence[Forgery], forged: Sequence[Row]) -> str:
    head = [f"{each.name}: {kind}" for each in ASSIGNMENTS for kind in ("same process", "Touchstone")]
    lines = [f"| attack | what it does | {' | '.join(head)} |", "|---" * (len(head) + 2) + "|"]
    for forgery in forgeries:
        rows = [row for row in forged if row.name == forgery.name]
        cells = [cell for row in rows for cell in (shown(row.there or 0, row.possible), f"{row.here:g}")]
        lines.append(f"| {spoken(forgery)} | {forgery.does} | {' | '.join(cells)} |")
    return "\n".join(lines)


def others_table(forgeries: Sequence[Forgery], forged: Sequence[Row]) -> str:
    head = [f"{each.name}: Touchstone" for each in ASSIGNMENTS]
    lines = [f"| attack | what it does | why it proves nothing about the same process | {' | '.join(head)} |"]
    lines.append("|---" * (len(head) + 3) + "|")
    for forgery in forgeries:
        cells = [f"{row.here:g}" for row in forged if row.name == forgery.name]
        lines.append(f"| {spoken(forgery)} | {forgery.does} | {forgery.not_there or forgery.no_gain} | {' | '.join(cells)} |")
    return "\n".join(lines)


def spoken(forgery: Forgery) -> str:
    return forgery.name.replace("_", " ")


def shown(points: float, possible: float) -> str:
    return f"**{points:g}** of {possible:g}" if points else "0"


def honest_table(rows: Sequence[HonestRow]) -> str:
    lines = [f"| notebook | {' | '.join(each.name for each in ASSIGNMENTS)} |", "|---" * (len(ASSIGNMENTS) + 1) + "|"]
    found = {(row.name, row.assignment): f"{row.here:g} of {row.deserved:g}" for row in rows}
    for name in dict.fromkeys(row.name for row in rows):
        cells = [found.get((name, each.name), "–") for each in ASSIGNMENTS]
        lines.append(f"| {name.replace('_', ' ')} | {' | '.join(cells)} |")
    return "\n".join(lines)


def as_page(forged: Sequence[Row], honest: Sequence[HonestRow], now: datetime) -> str:
    head = INTRODUCTION.format(assignments="\n".join(described(each.name, each.points) for each in ASSIGNMENTS))
    made = f"Made on {now:%Y-%m-%d} on Linux {platform.release()}, {platform.machine()}, Python {platform.python_version()}."
    return f"{head}\n{made}\n\n{as_text(forged, honest)}"


def described(name: str, points: float) -> str:
    return f"- {name}: {DESCRIBED[name]}, {points:g} points"


def problems(forged: Sequence[Row], honest: Sequence[HonestRow]) -> list[str]:
    found = [f"{row.assignment}: {row.name} gains {row.here:g} points" for row in forged if row.here]
    found += [
        f"{row.assignment}: honest {row.name}: {row.here:g}, not {row.deserved:g}" for row in honest if row.here != row.deserved
    ]
    found += [f"{each}: called our own fault" for each in our_faults(forged)]
    worked = {row.name for row in forged if row.fooled}
    found += [f"{name} works nowhere and does not say why" for name in unexplained(forged) if name not in worked]
    for assignment in ASSIGNMENTS:
        seen = sum(row.fooled for row in of(forged, assignment.name))
        found += [f"{assignment.name}: only {seen} forgeries work without walls"] if seen < ENOUGH else []
    return found


def unexplained(forged: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.name for row in forged if not row.forgery.not_there and not row.forgery.no_gain))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.grading.report", description=__doc__)
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    forkserver = ForkServer(candidate_python())
    try:
        forged, honest = forged_rows(forkserver, everything()), honest_rows(forkserver)
    finally:
        forkserver.close()
    if options.write:
        options.write.write_text(as_page(forged, honest, datetime.now(UTC)))
        print(f"{summary(forged, honest)}\n\n{totals_table(forged, honest)}")
    else:
        print(as_text(forged, honest))
    found = problems(forged, honest)
    print(*found, sep="\n")
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
