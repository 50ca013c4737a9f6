"""Six role templates: what to prove and what bar to clear for each. Starting points that a team edits; weights and thresholds
are ours and are shown as such."""

from __future__ import annotations

from dataclasses import dataclass

STRENGTH_SHARE, FLOOR_SHARE = 0.7, 0.6  # of the points, unless the team says otherwise
LONGEST_MINUTES = 240


@dataclass(frozen=True, slots=True)
class Need:
    """Work of one kind that shows one thing. `level`: the least level of exercises that count."""

    kind: str
    topics: tuple[str, ...]
    minutes: int
    level: int
    share: float


@dataclass(frozen=True, slots=True)
class Role:
    key: str
    title: str
    does: str
    strengths: tuple[Need, ...]
    floors: tuple[Need, ...]
    composed_of: tuple[str, ...] = ()  # a blanket title: one of these has to be chosen


def _strength(kind: str, minutes: int, *topics: str, level: int = 2) -> Need:
    return Need(kind, topics, minutes, level, STRENGTH_SHARE)


def _floor(kind: str, minutes: int, *topics: str, level: int = 1) -> Need:
    return Need(kind, topics, minutes, level, FLOOR_SHARE)


ROLES = (
    Role(
        "ml_product_manager",
        "ML product manager",
        "Frames problems, chooses measures of success, plans under uncertainty and explains.",
        (
            _strength("applied", 60, "framing", "planning", "metrics", "fairness"),
            _strength("projects", 30, "communication"),
            _strength("culture", 25, "teamwork", "planning"),
        ),
        (_floor("theory", 20, "metrics", "linear-models", "experiments"), _floor("applied", 15, "metrics")),
    ),
    Role(
        "devops_engineer",
        "DevOps engineer for ML",
        "Deploys models, watches them in use and finds out why they fail.",
        (
            _strength("debugging", 60, "serving", "monitoring", "testing", "efficiency"),
            _strength("coding", 40, "python", "algorithms", "serving"),
            _strength("applied", 30, "monitoring", "serving", "system-design"),
        ),
        (_floor("theory", 10, "metrics", "monitoring"), _floor("culture", 10, "monitoring", "teamwork")),
    ),
    Role(
        "data_engineer",
        "Data engineer",
        "Builds pipelines and stores, and knows how the data behave.",
        (
            _strength("coding", 50, "sql", "dataframes", "algorithms"),
            _strength("takehome", 90, "data-pipelines", "data-quality"),
            _strength("debugging", 40, "data-pipelines", "sql", "dataframes"),
        ),
        (_floor("theory", 15, "leakage", "data-quality", "data-pipelines"), _floor("applied", 20, "data-quality")),
    ),
    Role(
        "ml_engineer",
        "ML engineer",
        "Trains models and puts them to use: a solid engineer with sound machine learning.",
        (
            _strength("coding", 60, "arrays", "algorithms", "testing", "efficiency"),
            _strength("debugging", 45, "optimisation", "leakage", "serving", "testing"),
            _strength("takehome", 90, "serving", "metrics"),
        ),
        (_floor("theory", 20, "linear-models", "trees", "metrics", "leakage"), _floor("maths", 10)),
    ),
    Role(
        "ml_researcher",
        "ML researcher",
        "Finds new problems and methods, and reports on experiments.",
        (
            _strength("applied", 40, "framing", "experiments"),
            _strength("projects", 60),
            _strength("theory", 45, level=3),
        ),
        (_floor("coding", 30, "arrays", "python", "testing"), _floor("debugging", 20, "neural-nets", "leakage")),
    ),
    Role(
        "data_scientist",
        "Data scientist",
        "A name for several kinds of work: say which one this is.",
        (),
        (),
        ("ml_product_manager", "devops_engineer", "data_engineer", "ml_engineer", "ml_researcher", "analytics"),
    ),
)
ANALYTICS = Role(
    "analytics",
    "Data scientist for analytics",
    "Answers questions of the business from data, and says how sure the answers are.",
    (
        _strength("coding", 40, "sql", "dataframes"),
        _strength("takehome", 75, "experiments", "statistics"),
        _strength("maths", 20, "statistics", "probability"),
        _strength("projects", 20, "communication"),
    ),
    (_floor("theory", 15, "metrics", "leakage"), _floor("coding", 15, "python")),
)
BY_KEY = {role.key: role for role in (*ROLES, ANALYTICS)}


def template(key: str, composed_of: str = "") -> Role:
    """The needs to begin with. Raises ValueError for a role that there is none of, and for a blanket title by itself."""
    role = BY_KEY.get(key)
    if role is None:
        raise ValueError(f"There is no role {key!r}.")
    if not role.composed_of:
        return role
    if composed_of not in role.composed_of:
        raise ValueError(f"{role.title} names several kinds of work. Choose the one that this job is, or analytics.")
    chosen = BY_KEY[composed_of]
    return Role(role.key, role.title, chosen.does, chosen.strengths, chosen.floors)
