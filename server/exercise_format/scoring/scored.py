"""What the scorers of the single question types give back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an option, a row or a line is right or wrong; it leaves the server only after an answer was submitted."""

    key: str  # the letter or line number as shown
    text: str
    right: bool  # whether the option is a right one
    chosen: bool  # whether the person picked it


@dataclass(frozen=True, slots=True)
class Scored:
    fraction: float
    message: str
    reasons: tuple[Reason, ...] = ()


def sentences(*parts: str) -> str:
    return " ".join(part for part in parts if part)
