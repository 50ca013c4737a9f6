"""The names of this library, and where check cells find them."""

import sys
from types import ModuleType
from typing import Any

from .calls import pure, raises
from .cases import cases
from .chance import counts_fit, follows, mean_is, seed_family, share_is
from .estimators import estimator
from .frames import same_frame
from .growth import grows_at_most
from .metrics import metric_at_least, metric_at_most
from .plots import labelled_axes
from .sources import avoids, uses
from .values import close, equal, has_shape

PACKAGE, MODULE = "touchstone", "touchstone.checks"
FUNCTIONS: tuple[Any, ...] = (
    close,
    equal,
    has_shape,
    same_frame,
    raises,
    pure,
    metric_at_least,
    metric_at_most,
    seed_family,
    mean_is,
    share_is,
    counts_fit,
    follows,
    grows_at_most,
    uses,
    avoids,
    labelled_axes,
    estimator,
    cases,
)
NAMES = tuple(function.__name__ for function in FUNCTIONS)


def register() -> None:
    """Makes `from touchstone.checks import close` work in this process and in all that are forked from it."""
    package, module = ModuleType(PACKAGE, "What exercises may import."), ModuleType(MODULE, "Checks for check cells.")
    package.__path__ = []
    package.checks = module  # type: ignore[attr-defined]
    module.__dict__.update({function.__name__: function for function in FUNCTIONS}, __all__=list(NAMES))
    sys.modules.update({PACKAGE: package, MODULE: module})
