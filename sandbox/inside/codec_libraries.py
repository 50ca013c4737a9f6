"""Teaches the codec the libraries that are loaded here: which those are, the zygote decided before it loaded the roles."""

import importlib
import sys

from . import codec_moments  # noqa: F401

for library in ("numpy", "pandas"):
    if library in sys.modules:
        importlib.import_module(f".codec_{library}", __package__)


def send_generators() -> None:
    """In the judge only: a check's own random generator may be an argument."""
    if "numpy" in sys.modules:
        sys.modules[f"{__package__}.codec_numpy"].send_generators()


def accept_generators() -> None:
    """In the suspect only."""
    if "numpy" in sys.modules:
        sys.modules[f"{__package__}.codec_numpy"].accept_generators()
