"""What the gate says about one exercise: a line for each promise that was tried."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from server.exercise_format.finding import Finding, errors

Kind = Literal["lint", "variant", "question", "solution", "repeatable", "stub", "lazy", "tampering", "mistake"]
Verdict = Literal["kept", "broken", "our_fault"]


@dataclass(frozen=True, slots=True)
class GateLine:
    """One promise. `our_fault`: it could not be tried, which says nothing about the exercise."""

    kind: Kind
    name: str
    verdict: Verdict
    detail: str = ""
    seconds: float = 0.0

    @property
    def ok(self) -> bool:
        return self.verdict == "kept"


@dataclass(frozen=True, slots=True)
class GateReport:
    slug: str
    lines: tuple[GateLine, ...]
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        return all(line.ok for line in self.lines)

    def broken(self) -> Iterator[GateLine]:
        return (line for line in self.lines if not line.ok)


def lint_line(findings: Sequence[Finding]) -> GateLine:
    """The linter's findings as one line; warnings do not break it."""
    wrong = errors(findings)
    if wrong:
        return GateLine("lint", "form", "broken", "; ".join(str(finding) for finding in wrong))
    warnings = len(findings)
    return GateLine("lint", "form", "kept", f"{warnings} warning{'' if warnings == 1 else 's'}" if warnings else "")


def verdict_line(kind: Kind, name: str, problem: str, seconds: float = 0.0, kept: str = "") -> GateLine:
    """Kept unless there is a problem to tell."""
    return GateLine(kind, name, "broken" if problem else "kept", problem or kept, round(seconds, 3))
