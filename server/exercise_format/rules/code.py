"""Code cells parse, and use nothing that makes grading unrepeatable or reaches outside."""

import ast
import sys
from collections.abc import Iterator

from server.exercise_format.author_code.library import PACKAGE
from server.exercise_format.author_code.syntax import aliases, defined_names, full_name, imported, parse, syntax_problem
from server.exercise_format.exercise import Answer, Exercise
from server.exercise_format.finding import Finding

SLEEP_AND_CLOCK = ("time", "datetime.datetime.now", "datetime.datetime.today", "datetime.date.today", "pandas.Timestamp.now")
NETWORK = ("socket", "ssl", "urllib.request", "http", "ftplib", "smtplib", "requests", "httpx", "aiohttp")
PROGRAMS = ("subprocess", "multiprocessing", "os.system", "os.popen", "os.fork", "pty", "ctypes", "signal")
PRINTED = ("sys.stdout", "sys.stderr", "contextlib.redirect_stdout", "contextlib.redirect_stderr")
# What runs code that its data brings: in the judge that would be the candidate's.
RUNS_ITS_DATA = ("pickle", "dill", "cloudpickle", "shelve", "marshal", "runpy", "joblib.load", "torch.load", "pandas.read_pickle",
                 "importlib.import_module", "yaml.load", "yaml.unsafe_load")  # fmt: skip
RUNS_TEXT = ("eval", "__import__")  # not exec: the author's own text is run by it as well
FORBIDDEN = SLEEP_AND_CLOCK + NETWORK + PROGRAMS + PRINTED

# What numpy.random and random offer without the global state.
FRESH_STATE = ("default_rng", "Generator", "SeedSequence", "PCG64", "MT19937", "Philox", "SFC64", "BitGenerator", "Random")
VARIANT_MODULES = ("numpy", "math", "random")

LIBRARY_OF = {"numpy": "numpy", "pandas": "pandas", "scipy": "scipy", "sklearn": "scikit-learn", "matplotlib": "matplotlib",
              "sqlite3": "sqlite", "duckdb": "duckdb", "torch": "torch"}  # fmt: skip

NOT_INSTALLED = ("torch",)  # an exercise that needs it is left out where it is missing


def judged_code(exercise: Exercise) -> Iterator[tuple[str, str]]:
    """(cell, source) of what runs in the judge or makes the numbers: setup, checks and variant."""
    for setup in exercise.setups:
        if not setup.notebook_only:
            yield setup.cell, setup.source
    for check in exercise.checks:
        yield check.cell, check.source
    if exercise.variant is not None:
        yield exercise.variant.cell, exercise.variant.source


def all_code(exercise: Exercise) -> Iterator[tuple[str, str]]:
    yield from judged_code(exercise)
    yield from ((setup.cell, setup.source) for setup in exercise.setups if setup.notebook_only)
    for answer in exercise.answers:
        yield answer.cell, exercise.solution_source(answer)
    for solution in exercise.solutions:
        yield solution.cell, solution.source
    for mistake in exercise.mistakes:
        yield mistake.cell, mistake.body


def code_parses(exercise: Exercise) -> Iterator[Finding]:
    for cell, source in all_code(exercise):
        problem = syntax_problem(source)
        if problem:
            yield Finding("syntax", f"The code does not parse ({problem}).", cell)


def answers_are_whole(exercise: Exercise) -> Iterator[Finding]:
    for answer in exercise.answers:
        problem = syntax_problem(answer.stub)
        if problem:
            yield Finding("stub-syntax", f"Without the solution the answer does not parse ({problem}).", answer.cell)
        if answer.marked_solution is None and not any(answer.name in solution.answers for solution in exercise.solutions):
            yield Finding("solution-missing", f"`{answer.name}` has neither solution markers nor a solution cell.", answer.cell)
            continue
        yield from _gives(exercise, answer)
    for setup in exercise.setups:
        tree = parse(setup.source)
        for name in sorted(set(setup.gives) - defined_names(tree)) if tree else ():
            yield Finding("gives-missing", f"The cell does not define `{name}`.", setup.cell)


def _gives(exercise: Exercise, answer: Answer) -> Iterator[Finding]:
    solution, stub = parse(exercise.solution_source(answer)), parse(answer.stub)
    if solution is None:
        return
    if stub is not None and ast.dump(solution) == ast.dump(stub):
        yield Finding("stub-solved", "What the candidate gets is the solution already.", answer.cell)
    for name in sorted(set(answer.gives) - defined_names(solution)):
        yield Finding("gives-missing", f"The solution of `{answer.name}` does not define `{name}`.", answer.cell)


def nothing_forbidden(exercise: Exercise) -> Iterator[Finding]:
    for cell, source in judged_code(exercise):
        tree = parse(source)
        for name, line in _used(tree) if tree else ():
            if any(name == wrong or name.startswith(f"{wrong}.") for wrong in FORBIDDEN):
                yield Finding("forbidden-call", f"Line {line} uses `{name}`; use `observe` for time and printed text.", cell)


def nothing_runs_data(exercise: Exercise) -> Iterator[Finding]:
    for cell, source in judged_code(exercise):
        tree = parse(source)
        for name, line in _running(tree) if tree else ():
            sentence = (
                f"Line {line} uses `{name}`, which runs code that its data brings: in the judge it could be the candidate's."
            )
            yield Finding("runs-data", sentence, cell)


def _running(tree: ast.Module) -> Iterator[tuple[str, int]]:
    for name, line in _used(tree):
        if any(name == wrong or name.startswith(f"{wrong}.") for wrong in RUNS_ITS_DATA):
            yield name, line
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in RUNS_TEXT and isinstance(node.ctx, ast.Load):
            yield node.id, node.lineno
        if isinstance(node, ast.keyword) and node.arg == "allow_pickle" and not is_false(node.value):
            yield "allow_pickle", node.value.lineno


def is_false(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is False


def no_global_random(exercise: Exercise) -> Iterator[Finding]:
    for cell, source in judged_code(exercise):
        tree = parse(source)
        for name, line in _used(tree) if tree else ():
            module, _, function = name.rpartition(".")
            if module in ("numpy.random", "random") and function and function not in FRESH_STATE:
                sentence = f"Line {line} uses `{name}`; draw from `rng` in checks, from `np.random.default_rng(seed)` elsewhere."
                yield Finding("global-random", sentence, cell)


def _used(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """Full names of everything imported or read, each once per line; longest form only."""
    known = aliases(tree)
    seen: set[tuple[str, int]] = set()
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    found = list(imported(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and id(node) not in inner:
            found.append((full_name(node, known), node.lineno))
    modules = {name.partition(".")[0] for name, _ in found} & {name.partition(".")[0] for name, _ in imported(tree)}
    bound = defined_names(tree) - set(known) - modules
    for name, line in found:
        if name.partition(".")[0] not in bound and (name, line) not in seen:
            seen.add((name, line))
            yield name, line


def needs_name_imports(exercise: Exercise) -> Iterator[Finding]:
    """`needs` names what given code and the reference import; alternatives and the judge's code may use any library."""
    known = set(exercise.front.needs)
    shown = {setup.cell for setup in exercise.setups if not setup.judge_only} | {answer.cell for answer in exercise.answers}
    for cell, source in all_code(exercise):
        tree = parse(source)
        for root in sorted({name.partition(".")[0] for name, _ in imported(tree)} if tree else ()):
            library = LIBRARY_OF.get(root)
            if library is None and root not in sys.stdlib_module_names and root != PACKAGE:
                yield Finding("needs-import", f"`{root}` is not among the libraries of this format.", cell)
            elif library is not None and library not in known and (cell in shown or library in NOT_INSTALLED):
                yield Finding("needs-import", f"The cell imports `{root}`; `needs` lacks {library}.", cell)


def variant_is_pure(exercise: Exercise) -> Iterator[Finding]:
    variant = exercise.variant
    tree = parse(variant.source) if variant else None
    if variant is None or tree is None:
        return
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "variant"]
    if len(functions) != 1 or len(functions[0].args.args) != 1:
        yield Finding("variant-shape", "The cell must define `variant(seed)` with this one argument.", variant.cell)
    for name, line in imported(tree):
        if name.partition(".")[0] not in VARIANT_MODULES:
            yield Finding("variant-shape", f"Line {line} imports `{name}`; numpy, math and random are allowed.", variant.cell)


RULES = (
    code_parses,
    answers_are_whole,
    nothing_forbidden,
    nothing_runs_data,
    no_global_random,
    needs_name_imports,
    variant_is_pure,
)
