"""What a zygote imports before it serves: the roles, and the libraries that candidates use, in stacks of three sizes."""

import importlib
import importlib.util
from contextlib import suppress
from typing import Any, Literal

Stack = Literal["arrays", "tables", "whole"]
ARRAYS: Stack = "arrays"
TABLES: Stack = "tables"
WHOLE: Stack = "whole"
READY = {ARRAYS: {"numpy"}, TABLES: {"numpy", "pandas", "pyarrow", "matplotlib"}}  # by top-level name; the whole one has all
ROLES = {"kernel": "candidate.kernel_app", "suspect": "candidate.suspect", "judge": "judge.judge"}
# fmt: off
# No computing here: a pool of threads that is started now is dead in every child.
FOR_ARRAYS = [
    "numpy",
    "IPython.core.async_helpers", "IPython.core.logger", "IPython.core.magics.ast_mod", "IPython.core.magics.execution",
    "encodings.ascii", "encodings.idna", "encodings.latin_1", "stringprep", "secrets", "uuid", "sqlite3",
]
FOR_TABLES = [
    "pandas", "matplotlib", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "pyarrow", "pyarrow.pandas_compat",
    "pyarrow.vendored.version",
    "pandas.io.formats.csvs", "pandas.io.formats.html", "pandas.io.formats.string", "pandas.plotting._matplotlib",
]
FOR_ALL = [
    "scipy", "scipy.stats", "scipy.optimize", "scipy.sparse", "scipy.linalg",
    "sklearn", "sklearn.linear_model", "sklearn.ensemble", "sklearn.model_selection", "sklearn.metrics",
    "sklearn.preprocessing", "sklearn.pipeline",
    "sklearn.cluster", "sklearn.decomposition", "sklearn.tree", "sklearn.svm", "sklearn.neighbors",
    "sklearn.datasets",
    "matplotlib_inline.backend_inline",
    "duckdb",
    "torch", "torch.nn", "torch.optim", "torch.utils.data",
    "narwhals.stable.v2", "narwhals._pandas_like.namespace", "narwhals._pandas_like.group_by",
    "narwhals._interchange.dataframe",
    "narwhals._duration",
]
FOR_KERNELS = [  # what IPython imports when a kernel starts or a first cell fails
    "IPython.core.completerlib", "IPython.core.magic_arguments", "IPython.core.oinspect", "IPython.core.pylabtools",
    "IPython.core.ultratb",
    "IPython.extensions.storemagic", "IPython.utils.module_paths", "IPython.utils.timing", "IPython.utils.wildcard",
    "asttokens", "executing", "pdb",
    "IPython.core.debugger", "pure_eval", "stack_data",
    "pygments.formatters.terminal256", "pygments.lexers.python", "pygments.styles.default", "pygments.util",
    "tornado.gen", "tornado.locks", "tornado.queues", "tornado.platform.asyncio", "zmq.eventloop.zmqstream",
    "ipykernel.displayhook", "ipykernel.zmqshell",
    "faulthandler",
]
# fmt: on
IMPORTS = {
    ARRAYS: FOR_ARRAYS,
    TABLES: [*FOR_ARRAYS, *FOR_TABLES],
    WHOLE: [*FOR_ARRAYS, *FOR_TABLES, *FOR_ALL, *FOR_KERNELS],
}
HOLDS: dict[Stack, tuple[str, ...]] = {ARRAYS: ("suspect", "judge"), TABLES: ("suspect", "judge"), WHOLE: tuple(ROLES)}


def load(stack: Stack) -> dict[str, Any]:
    """-> the roles that a zygote with this stack can play"""
    for name in IMPORTS[stack]:
        with suppress(ImportError):  # an environment may be smaller or newer than the one we know
            importlib.import_module(name)
    wanted = [name for name in HOLDS[stack] if exists(ROLES[name])]
    roles = {name: importlib.import_module(f".{ROLES[name]}", __package__) for name in wanted}
    for module in roles.values():
        if hasattr(module, "warm"):
            module.warm()
    importlib.import_module(".checks.public", __package__).register()
    return roles


def exists(name: str) -> bool:
    return importlib.util.find_spec(f"{__package__}.{name}") is not None
