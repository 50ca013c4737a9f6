"""A model of the notebook's, where scikit-learn expects one of its own: `estimator`."""

from collections.abc import Callable
from typing import Any, Literal

from ..handles.faults import HandleMisuse
from ..handles.remote import NotebookFunction, is_declared, path_of, type_of
from . import setting
from .failing import require
from .libraries import is_array, numpy
from .plain import plain

Kind = Literal["classifier", "regressor"]
METHODS = ("predict", "predict_proba", "decision_function", "transform")


def estimator(make: Callable[[], Any], *, kind: Kind = "classifier") -> Any:
    """A stand-in for a model of the notebook, for `cross_val_score`, `GridSearchCV` and whatever else takes an estimator.

    `make` is a function or class of the notebook that makes a model when it is called with nothing; the exercise declares it
    with `objects`. Each fit makes a new one, calls its `fit` and asks it for predictions, which must be arrays or lists; scores
    are worked out here, by scikit-learn's own functions. Classes are those of the labels that it was fitted on. `kind` is
    classifier or regressor: folds and scores depend on it.
    *Reported*: in a cross-validation each row is handed out with its label in some fold, and code can remember it. How good a
    model is, rows tell that it was never handed (`metric_at_least`).
    Whatever is no plain data where a prediction should be fails the check."""
    require(kind in ("classifier", "regressor"), 'estimator(): kind is "classifier" or "regressor"')
    require(not isinstance(make, NotebookFunction) or is_declared(make), "estimator(): declare its maker with `objects`")
    setting.current().report()
    return stand_in(kind)(make)


def stand_in(kind: Kind) -> Any:
    """scikit-learn is loaded when it is needed."""
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin

    class StandIn(ClassifierMixin if kind == "classifier" else RegressorMixin, BaseEstimator):  # type: ignore[misc]
        def __init__(self, make: Callable[[], Any]) -> None:
            self.make = make

        def __sklearn_clone__(self) -> "StandIn":
            return StandIn(self.make)

        def __sklearn_is_fitted__(self) -> bool:
            return hasattr(self, "model_")

        def fit(self, X: Any, y: Any = None) -> "StandIn":
            self.model_ = self.make()
            self.model_.fit(X, y)
            if kind == "classifier" and y is not None:
                self.classes_ = numpy().unique(y)
            return self

        def __getattr__(self, name: str) -> Any:
            if name not in METHODS or not hasattr(self.__dict__.get("model_"), name):
                raise AttributeError(name)

            def method(X: Any) -> Any:
                return answer(getattr(self.model_, name), X)

            method.__name__ = name  # by it scikit-learn knows which method it has got
            return method

    return StandIn


def answer(ask: Callable[[Any], Any], rows: Any) -> Any:
    """One row of a prediction for each row that was asked about."""
    found = plain(ask(rows))
    if not is_array(found) and not isinstance(found, list | tuple):
        path, kind = (path_of(ask), type_of(ask)) if isinstance(ask, NotebookFunction) else ("`predict`", type(found).__name__)
        raise HandleMisuse(path, kind, "an array with an item for each row")
    return numpy().asarray(found)
