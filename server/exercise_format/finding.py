"""What a reader or a linter has to say about an exercise."""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; an error keeps the exercise from being published, a warning does not."""

    code: str
    sentence: str
    cell: str = ""
    severity: Severity = "error"

    def __str__(self) -> str:
        where = f" (cell {self.cell})" if self.cell else ""
        return f"{self.code}: {self.sentence}{where}"


def errors(findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")
