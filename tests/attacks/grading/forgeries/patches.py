"""Patches: of the libraries that checks use, of Python itself, of IPython, of what runs at the end or beside."""

from tests.attacks.grading.forgeries.forgery import Forgery

PATCHES = [
    Forgery(
        "patched_numpy",
        "replaces NumPy's comparisons, shape and mean",
        """
yes = lambda *_, **__: True
np.allclose = np.isclose = np.array_equal = np.equal = yes
np.shape = lambda value: type("Any", (), {"__eq__": yes})()
np.mean = lambda *_, **__: 1.0
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *_, **__: None
np.argmax = lambda *_, **__: 0
""",
    ),
    Forgery(
        "patched_numpy_testing",
        "empties the assertions of numpy.testing",
        """
import numpy.testing
for name in dir(numpy.testing):
    if name.startswith("assert"): setattr(numpy.testing, name, lambda *_, **__: None)
np.shape = lambda value: ()
""",
    ),
    Forgery(
        "patched_pandas",
        "empties the assertions of pandas and makes tables equal to everything",
        """
import pandas as pd, pandas.testing
pd.testing.assert_frame_equal = pd.testing.assert_series_equal = lambda *_, **__: None
pd.DataFrame.equals = lambda *_: True
pd.Series.__eq__ = lambda self, other: pd.Series([True])
pd.DataFrame.shape = property(lambda self: (1, 1))
pd.DataFrame.columns = property(lambda self: [])
pd.Series.iloc = property(lambda self: {0: wrong})
""",
    ),
    Forgery(
        "patched_builtins",
        "replaces abs, all and zip for all modules",
        """
import builtins
builtins.abs = lambda value: 0
builtins.all = lambda *_: True
builtins.zip = lambda *_: iter([])
""",
    ),
    Forgery(
        "names_that_hide_builtins",
        "defines isinstance, all, abs, len and others in the notebook",
        """
all = isinstance = lambda *_: True
abs = lambda value: 0
set = list = lambda *_: []
len = lambda value: 16
zip = lambda *_: iter([])
""",
    ),
    Forgery(
        "names_that_hide_libraries",
        "defines np and pd in the notebook as modules that agree",
        """
import types, builtins
yes = lambda *_, **__: True
class Any:
    __eq__ = lambda self, other: True
    __gt__ = lambda self, other: True
real, np = np, types.SimpleNamespace()
for name in dir(real): setattr(np, name, getattr(real, name))
np.allclose = np.array_equal = np.equal = yes
np.mean = np.shape = lambda *_, **__: Any()
np.testing = types.SimpleNamespace(assert_allclose=yes)
pd = types.SimpleNamespace(testing=types.SimpleNamespace(assert_frame_equal=yes), DataFrame=dict)
def blank(data): return real.zeros(real.shape(data))
""",
    ),
    Forgery(
        "swapped_modules",
        "puts another numpy into sys.modules",
        """
import types
real = sys.modules["numpy"]
class Swapped(types.ModuleType):
    testing = types.SimpleNamespace(assert_allclose=lambda *_, **__: None)
    allclose = array_equal = staticmethod(lambda *_, **__: True)
    shape = staticmethod(lambda *_: ())
    def __getattr__(self, name): return getattr(real, name)
sys.modules["numpy"] = Swapped("numpy")
import numpy as np
def blank(data): return real.zeros(real.shape(data))
""",
    ),
    Forgery(
        "hook_on_imports",
        "answers imports of the grader's modules with its own",
        """
import importlib.abc, importlib.machinery, types
class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        return importlib.machinery.ModuleSpec(name, self) if name in ("inside.judge.judge", "server", "checks") else None
    def create_module(self, spec): return types.ModuleType(spec.name)
    def exec_module(self, module): module.run_check = lambda *_, **__: True
sys.meta_path.insert(0, Finder())
""",
        not_there="no check of these assignments imports anything of ours",
    ),
    Forgery(
        "transformer_blanks_cells",
        "an input transformer makes every later cell empty",
        "get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])",
    ),
    Forgery(
        "transformer_drops_asserts",
        "a transformer of syntax trees removes assertions",
        """
import ast
class Drop(ast.NodeTransformer):
    def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
    def visit_Expr(self, node): return ast.copy_location(ast.Pass(), node) if "testing" in ast.dump(node) else node
get_ipython().ast_transformers.append(Drop())
""",
    ),
    Forgery(
        "patched_ipython",
        "makes IPython run nothing and call it a success",
        """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
ExecutionResult.success = property(lambda self: True)
async def run_code(self, *_, **__): return False
InteractiveShell.run_code = run_code
""",
    ),
    Forgery(
        "patched_compiler",
        "replaces compile so that code with assertions is empty",
        """
import builtins
real = builtins.compile
def compile_nothing(source, name, mode, *rest, **more):
    text = source if isinstance(source, str) else ""
    return real("None" if "assert" in text else source, name, mode, *rest, **more)
builtins.compile = compile_nothing
get_ipython().compile.ast_parse = lambda source, *_, **__: real("pass", "", "exec", 1024)
""",
    ),
    Forgery(
        "tracer_that_agrees",
        "a trace function makes the answer what is expected, at each call",
        """
def agree(frame, event, argument):
    space = frame.f_globals
    if "expected" in space and "value" in space: space["value"] = space["expected"]
sys.settrace(agree)
""",
    ),
    Forgery(
        "profiler_that_agrees",
        "a profile function makes the expected what was answered, at each call",
        """
def agree(frame, event, argument):
    if event == "return" and "assert" in frame.f_code.co_name: frame.f_trace_opcodes = False
    if event == "c_call": globals()["expected"] = globals().get("value", 0)
sys.setprofile(agree)
""",
    ),
    Forgery(
        "thread_rewrites_the_expected",
        "a thread rewrites the expected value after the call has returned",
        """
def rewrite(until):
    space = sys.modules["__main__"].__dict__
    while time.monotonic() < until:
        for names in (space, get_ipython().user_ns, globals()):
            if "expected" in names: names["expected"] = names.get("value", names["expected"])
        time.sleep(0)
def forged(data):
    answer = blank(data)
    globals()["value"] = answer
    sys.setswitchinterval(1e-6)
    threading.Thread(target=rewrite, args=(time.monotonic() + 0.3,), daemon=True).start()
    time.sleep(0.02)
    return answer
""",
    ),
    Forgery(
        "expected_rewritten_in_place",
        "changes the expected array or table in place",
        """
import pandas as pd
def rewrite(wanted, answer):
    if isinstance(wanted, np.ndarray): wanted.flat = 0
    elif isinstance(wanted, list): wanted[:] = np.zeros(np.shape(wanted)).tolist()
    elif isinstance(wanted, pd.DataFrame):
        wanted.drop(index=wanted.index, inplace=True)
        for name in ("total", "orders"): wanted[name] = wanted[name].astype(float)
def forged(data):
    wanted = globals().get("expected")
    rewrite(wanted, None)
    if isinstance(wanted, pd.DataFrame): return wanted.copy()
    return np.zeros(np.shape(data) if wanted is None else np.shape(wanted))
""",
    ),
    Forgery(
        "expected_found_by_the_collector",
        "finds the expected value by the garbage collector's list of objects",
        """
def forged(data):
    for space in gc.get_objects():
        if type(space) is dict and "expected" in space and "rng" in space: return space["expected"]
    return blank(data)
single = several = forged
""",
    ),
    Forgery(
        "raises_the_limits_of_truth",
        "overwrites the expected number in memory through ctypes",
        """
import ctypes
def forged(data):
    wanted = globals().get("expected")
    if isinstance(wanted, float): ctypes.c_double.from_address(id(wanted) + 16).value = -1.0
    return blank(data)
def single(data):
    forged(data)
    return wrong
""",
    ),
    Forgery(
        "ends_with_success",
        "leaves the process with 0 when it is called",
        "def forged(data): os._exit(0)\nsingle = several = forged",
    ),
    Forgery(
        "ends_with_success_at_exit",
        "leaves with 0 from an atexit function",
        """
import atexit
atexit.register(os._exit, 0)
""",
    ),
    Forgery(
        "ends_with_success_by_an_alarm",
        "leaves with 0 from a signal handler",
        """
import signal
signal.signal(signal.SIGALRM, lambda *_: os._exit(0))
def forged(data):
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    time.sleep(0.1)
    return blank(data)
""",
    ),
    Forgery(
        "hook_on_exceptions",
        "leaves with 0 from the hooks for exceptions",
        """
sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *_: os._exit(0)
get_ipython().showtraceback = lambda *_, **__: os._exit(0)
get_ipython().set_custom_exc((BaseException,), lambda *_, **__: os._exit(0))
""",
    ),
    Forgery(
        "hook_after_cells",
        "an event handler of IPython clears the errors of each cell",
        """
def after(result):
    result.error_in_exec = result.error_before_exec = None
    result.result = "passed"
get_ipython().events.register("post_run_cell", after)
""",
    ),
    Forgery(
        "answers_when_deleted",
        "leaves with 0 when its answer is deleted",
        """
class Late:
    def __del__(self): os._exit(0)
    shape = property(lambda self: (0,))
def forged(data): return Late()
""",
    ),
    Forgery(
        "patched_generator",
        "replaces the random generator that checks draw from",
        """
class Fixed:
    def __getattr__(self, name): return lambda *_, size=(1, 1), **__: np.zeros(size)
np.random.default_rng = lambda *_: Fixed()
globals()["rng"] = Fixed()
""",
        not_there="its gain would rest on the checks' generator alone, which is set after the notebook",
    ),
]
