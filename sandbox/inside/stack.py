"""What the zygote imports before it serves: the roles, and the libraries that candidates use."""

import importlib
import importlib.util
from contextlib import suppress
from typing import Any

ROLES = {"kernel": "kernel_app", "suspect": "suspect", "judge": "judge"}
# fmt: off
LIBRARIES = [  # no computing here: a pool of threads that is started now is dead in every child
    "numpy", "pandas", "scipy", "scipy.stats", "scipy.optimize", "scipy.sparse", "scipy.linalg",
    "sklearn", "sklearn.linear_model", "sklearn.ensemble", "sklearn.model_selection", "sklearn.metrics",
    "sklearn.preprocessing", "sklearn.pipeline",
    "sklearn.cluster", "sklearn.decomposition", "sklearn.tree", "sklearn.svm", "sklearn.neighbors",
    "sklearn.datasets",
    "matplotlib", "matplotlib.pyplot", "matplotlib_inline.backend_inline", "pyarrow", "pyarrow.pandas_compat",
    "duckdb",
    "pandas.io.formats.csvs", "pandas.io.formats.html", "pandas.io.formats.string", "pandas.plotting._matplotlib",
    "pyarrow.vendored.version",
    "narwhals.stable.v2", "narwhals._pandas_like.namespace", "narwhals._pandas_like.group_by",
    "narwhals._interchange.dataframe",
    "narwhals._duration",
]
LATE = [  # what IPython imports when a kernel starts or a first cell fails
    "IPython.core.completerlib", "IPython.core.logger", "IPython.core.magic_arguments", "IPython.core.magics.ast_mod",
    "IPython.core.magics.execution", "IPython.core.oinspect", "IPython.core.pylabtools", "IPython.core.ultratb",
    "IPython.core.async_helpers",
    "IPython.extensions.storemagic", "IPython.utils.module_paths", "IPython.utils.timing", "IPython.utils.wildcard",
    "asttokens", "encodings.ascii", "encodings.idna", "encodings.latin_1", "executing", "pdb",
    "IPython.core.debugger", "pure_eval", "stack_data", "stringprep",
    "pygments.formatters.terminal256", "pygments.lexers.python", "pygments.styles.default", "pygments.util",
    "tornado.gen", "tornado.locks", "tornado.queues", "tornado.platform.asyncio", "zmq.eventloop.zmqstream",
    "ipykernel.displayhook", "ipykernel.zmqshell",
    "sqlite3", "secrets", "uuid", "faulthandler",
]
# fmt: on


def load() -> dict[str, Any]:
    for name in (*LIBRARIES, *LATE):
        with suppress(ImportError):  # an environment may be smaller or newer than the one we know
            importlib.import_module(name)
    roles = {role: importlib.import_module(f".{name}", __package__) for role, name in ROLES.items() if exists(name)}
    for module in roles.values():
        if hasattr(module, "warm"):
            module.warm()
    return roles


def exists(name: str) -> bool:
    return importlib.util.find_spec(f"{__package__}.{name}") is not None
