"""What a blueprint begins with: the needs of the job's role, shifted by the team's profile, floors tied to must-haves. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from server.assessments.blueprints.roles import LONGEST_MINUTES, Need, Role
from server.assessments.teams.organisation import Archetype, Sliders, Weight, weights

STEP = 5  # minutes


@dataclass(frozen=True, slots=True)
class Proof:
    """Work that shows a skill of an advert: on one of these topics, or of one of these kinds whatever it is about."""

    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


# Skills that are left out (containers, say) are shown by no exercise: they are asked about, or they are no must.
PROOFS: Mapping[str, Proof] = {
    "machine learning": Proof(
        ("linear-models", "trees", "neighbours-kernels", "clustering", "dimensionality", "metrics", "leakage"), ("theory",)
    ),
    "deep learning": Proof(("neural-nets", "vision", "language", "reinforcement")),
    "statistics": Proof(("statistics", "probability", "bayesian", "experiments"), ("maths",)),
    "computer vision": Proof(("vision",)),
    "language": Proof(("language",)),
    "time series": Proof(("time-series",)),
    "recommendation": Proof(("ranking",)),
    "experiments": Proof(("experiments", "causal")),
    "frameworks": Proof(("neural-nets", "trees", "linear-models")),
    "research": Proof(("framing", "experiments")),
    "Python": Proof(("python", "arrays", "dataframes", "testing"), ("coding", "debugging")),
    "tests": Proof(("testing",)),
    "algorithms": Proof(("algorithms", "efficiency")),
    "APIs": Proof(("serving", "system-design")),
    "SQL": Proof(("sql",)),
    "pipelines": Proof(("data-pipelines",)),
    "large data": Proof(("efficiency", "data-pipelines")),
    "warehouses": Proof(("sql",)),
    "data quality": Proof(("data-quality",)),
    "deployment": Proof(("serving", "monitoring")),
    "monitoring": Proof(("monitoring",)),
    "product sense": Proof(("framing", "planning"), ("applied",)),
    "communication": Proof(("communication",), ("projects",)),
    "leadership": Proof(("teamwork", "planning"), ("culture",)),
}


@dataclass(frozen=True, slots=True)
class Start:
    """A need to begin with. `usual_minutes`: before the team's profile moved them; `why` it did."""

    need: Need
    floor: bool
    usual_minutes: int
    why: tuple[str, ...] = ()
    must: str = ""


def starting_needs(
    role: Role, musts: Sequence[str], archetype: str = "", sliders: Mapping[str, int] | None = None
) -> list[Start]:
    """Strengths, then floors. A team without a profile begins with the usual minutes; floors are never moved."""
    kinds = tuple(need.kind for need in role.strengths)
    found = weights(Archetype(archetype), Sliders(**sliders), kinds) if archetype and sliders else ()
    by_kind = {weight.kind: weight for weight in found}
    strengths = [_strength(need, by_kind.get(need.kind)) for need in role.strengths]
    floors = [Start(need, True, need.minutes, must=must_for(need.kind, need.topics, musts)) for need in role.floors]
    return [*strengths, *floors]


def _strength(need: Need, weight: Weight | None) -> Start:
    if weight is None or weight.percent == 100:
        return Start(need, False, need.minutes)
    moved = STEP * max(1, round(need.minutes * weight.percent / 100 / STEP))
    return Start(replace(need, minutes=moved), False, need.minutes, weight.why)


def must_for(kind: str, topics: Sequence[str], musts: Sequence[str]) -> str:
    """The must-have that work of this kind on these topics shows best; empty when it shows none of them."""
    ranked = sorted(musts, key=lambda must: _fit(must, kind, topics), reverse=True)
    return ranked[0] if ranked and _fit(ranked[0], kind, topics) > (0, False) else ""


def shows_skill(skill: str, kind: str, topics: Sequence[str]) -> bool:
    return _fit(skill, kind, topics) > (0, False)


def _fit(skill: str, kind: str, topics: Sequence[str]) -> tuple[int, bool]:
    proof = PROOFS.get(skill, Proof())
    return len(set(proof.topics) & set(topics)), kind in proof.kinds


def summed_minutes(needs: Sequence[Need]) -> int:
    """What candidates would be told to begin with: never more than anybody should work unpaid."""
    return min(LONGEST_MINUTES, sum(need.minutes for need in needs))
