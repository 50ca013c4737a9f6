"""The four rules about tools of AI: chosen by the team for each blueprint, told to the candidate before the start."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AiRule:
    """`asks`: the candidate is asked afterwards which tools were used and for what. Markers read it after they have marked."""

    key: str
    title: str
    tells: str
    asks: bool = True


RULES = (
    AiRule(
        "forbidden",
        "AI tools: not allowed",
        "Please work without assistants that write or explain code. Documentation, books and your own notes are welcome.",
        asks=False,
    ),
    AiRule(
        "disclosed",
        "AI tools: allowed, with disclosure",
        "You may use assistants. At the end you say which and for what, in two lines. Markers read it after they have marked.",
    ),
    AiRule(
        "verified",
        "AI tools: allowed, and talked about afterwards",
        "You may use assistants. Be ready to explain and change your work in a conversation; at the end say which you used.",
    ),
    AiRule(
        "required",
        "AI tools: part of the task",
        "Use the assistants that you would use at work. At the end you say which, for what, and what you corrected.",
    ),
)
BY_KEY = {rule.key: rule for rule in RULES}
