"""What the zygote imports before it serves: the roles, and the libraries that candidates use."""

import importlib
import importlib.util
from typing import Any

ROLES = {"kernel": "kernel_app", "suspect": "suspect", "judge": "judge"}
LIBRARIES = """
numpy pandas scipy scipy.stats scipy.optimize scipy.sparse scipy.linalg
sklearn sklearn.linear_model sklearn.ensemble sklearn.model_selection sklearn.metrics sklearn.preprocessing sklearn.pipeline
sklearn.cluster sklearn.decomposition sklearn.tree sklearn.svm sklearn.neighbors sklearn.datasets
matplotlib matplotlib.pyplot pyarrow
""".split()


def load() -> dict[str, Any]:
    for name in LIBRARIES:
        importlib.import_module(name)
    return {role: importlib.import_module(f".{name}", __package__) for role, name in ROLES.items() if exists(name)}


def exists(name: str) -> bool:
    return importlib.util.find_spec(f"{__package__}.{name}") is not None
