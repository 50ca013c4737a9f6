"""The words of the format as people read them in the bank."""

from server.exercise_format import words

KINDS = {
    "theory": "Theory",
    "coding": "Coding",
    "debugging": "Debugging",
    "maths": "Maths",
    "applied": "Applied",
    "takehome": "Take-home",
    "projects": "Past projects",
    "culture": "Background",
}
LEVELS = {1: "Basic", 2: "Intermediate", 3: "Advanced"}
ROLES = {word.name: word.help for word in words.ROLES}

# Topics whose name is not simply their word with a capital.
_TOPIC_NAMES = {
    "sql": "SQL",
    "dataframes": "Data frames",
    "bayesian": "Bayesian reasoning",
    "neighbours-kernels": "Neighbours and kernels",
    "dimensionality": "Dimensionality reduction",
    "anomaly": "Anomaly detection",
    "neural-nets": "Neural networks",
    "reinforcement": "Reinforcement learning",
    "causal": "Causal inference",
}
TOPICS = {word.name: _TOPIC_NAMES.get(word.name, word.name.replace("-", " ").capitalize()) for word in words.TOPICS}


def topics_by_area() -> dict[str, list[str]]:
    """For the select: areas in the order of the list, with their topics."""
    areas: dict[str, list[str]] = {}
    for word in words.TOPICS:
        areas.setdefault(word.help[:1].upper() + word.help[1:], []).append(word.name)
    return areas


def inside_a_sentence(label: str) -> str:
    """Small letters, but for words that are names."""
    is_name = label[:2].isupper() or label.startswith(("Bayesian", "DevOps"))
    return label if is_name else label[:1].lower() + label[1:]
