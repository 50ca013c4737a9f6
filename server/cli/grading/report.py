"""The results of a batch as files: a table, the whole as JSON, and a page for each notebook with nothing hidden in it."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.exercise_format.exercise import Exercise
from server.files import templates_folder
from server.grading.ledger import Row

FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would calculate


def write_reports(rows: Sequence[Row], exercise: Exercise, into: Path) -> None:
    """`results.csv`, `results.json` and `reports/NAME.html`; each file is whole or the old one."""
    write(into / "results.csv", as_csv(rows, check_names(exercise)))
    write(into / "results.json", json.dumps({**totals(rows), "notebooks": list(rows)}, ensure_ascii=False, indent=1))
    environment = Environment(loader=FileSystemLoader(templates_folder()), autoescape=True, undefined=StrictUndefined)
    template = environment.get_template("report/notebook.html")
    titles = {check.name: check.title for check in exercise.checks} | {each.name: each.title for each in exercise.questions}
    for row in rows:
        # It holds what the row holds: of a hidden check its name and what the exercise's policy lets the learner read.
        page = template.render(row=row, title=exercise.front.title, titles=titles)
        write((into / "reports" / str(row["notebook"])).with_suffix(".html"), page)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def check_names(exercise: Exercise) -> list[str]:
    return [check.name for check in exercise.checks] + [question.name for question in exercise.questions]


def totals(rows: Sequence[Row]) -> dict[str, Any]:
    """The same whatever order the notebooks were graded in, and however often it was interrupted."""
    graded = [row["points"] for row in rows if row["status"] == "graded"]
    return {
        "count": len(rows),
        "by_status": dict(sorted(Counter(str(row["status"]) for row in rows).items())),
        "points": round(sum(graded), 6),
        "mean": round(sum(graded) / len(graded), 4) if graded else None,
    }


def as_csv(rows: Sequence[Row], names: Sequence[str]) -> str:
    """A line for each notebook: its points, then those of each check. An unreadable notebook has no points, not zero."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["notebook", "status", "points", "possible", *names, "top_to_bottom", "repairs", "error"])
    for row in rows:
        points = {outcome["check"]: outcome["points"] for outcome in row["outcomes"]}
        cells = [row["notebook"], row["status"], row["points"], row["possible"], *(points.get(name) for name in names)]
        sentences = (" ".join(row["top_to_bottom"]), " ".join(row["repairs"]), row.get("error", ""))
        table.writerow([plain(cell) for cell in [*cells, *sentences]])
    return text.getvalue()


def plain(cell: object) -> object:
    """A name such as `=HYPERLINK(...)` stays text in a spreadsheet."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
