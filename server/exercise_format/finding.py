"""What a reader or a linter has to say about an exercise."""

from collections.abc import Iterable
from dataclasses import dataclass

from server.exercise_format.words import CODES, Severity

SEVERITIES = {code.name: code.severity for code in CODES}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong; an error keeps the exercise from being published, a warning does not."""

    code: str
    sentence: str
    cell: str = ""

    @property
    def severity(self) -> Severity:
        return SEVERITIES.get(self.code, "error")

    def __str__(self) -> str:
        where = f" (cell {self.cell})" if self.cell else ""
        return f"{self.code}: {self.sentence}{where}"


def errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if finding.severity == "error")
