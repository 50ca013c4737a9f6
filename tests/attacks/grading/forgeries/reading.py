"""Looking the answer up: in frames, objects, sources, memory, files, and wherever else a check could have left it."""

from tests.attacks.grading.forgeries.forgery import Forgery

FRAMES = """
def frames():
    frame = sys._getframe(1)
    while frame is not None:
        yield frame
        frame = frame.f_back
"""
REFERENCES = """
def found_reference(data):
    \"\"\"By calling whatever looks like the checks' own solution.\"\"\"
    for space in spaces():
        for name, value in list(space.items()):
            if name.startswith("true_") and callable(value):
                try: answer = value(data)
                except Exception: continue
                if type(answer) is type(blank(data)): return answer
        if callable(space.get("held_out")):
            points, labels = space["held_out"]("private/held_out.csv")
            if np.shape(points) == np.shape(data): return labels
    return blank(data)
forged = found_reference
"""
FILES = """
def walk(*roots):
    for root in roots:
        for place, folders, names in os.walk(root):
            folders[:] = [name for name in folders if name not in ("proc", "sys")]
            for name in names: yield os.path.join(place, name)
def read(path):
    try:
        with open(path, "rb") as stream: return stream.read(1 << 20)
    except OSError: return b""
"""
SOLUTIONS = """
def functions(text):
    space = {}
    try: exec(text, space)
    except Exception: return []
    return [value for name, value in space.items() if callable(value) and not name.startswith("__")]
def copied(kind, data):
    \"\"\"What some function of a solution gives for the data, if it is of the right kind.\"\"\"
    for text in texts():
        for function in functions(text):
            try: answer = function(data)
            except Exception: continue
            if type(answer) is kind: return answer
    return None
def forged(data): return blank(data) if (answer := copied(type(blank(data)), data)) is None else answer
def single(data): return wrong if (answer := copied(type(wrong), data)) is None else answer
def several(data): return wrongs if (answer := copied(type(wrongs), data)) is None else answer
"""

READING = [
    Forgery(
        "reads_its_own_globals",
        "takes the expected value from the names of the notebook",
        """
def forged(data): return globals().get("expected", blank(data))
def single(data): return globals().get("expected", wrong)
""",
    ),
    Forgery(
        "reads_the_callers_frames",
        "takes the expected value from the frames that called it",
        FRAMES
        + """
def forged(data):
    for frame in frames():
        for space in (frame.f_locals, frame.f_globals):
            if "expected" in space: return space["expected"]
    return blank(data)
single = several = forged
""",
    ),
    Forgery(
        "reads_the_source_of_the_check",
        "reads the check's text in a caller's frame and does what it says",
        FRAMES
        + """
import re
def forged(data):
    text = next((frame.f_locals["raw_cell"] for frame in frames() if "raw_cell" in frame.f_locals), "")
    if "0." + "25)" in text: return np.full(np.shape(data), 0.25)
    for name in re.findall(r"(?:true_|held_)\\w+", text):
        answer = globals()[name](data) if name.startswith("true_") else globals()[name]("private/held_out.csv")[1]
        if type(answer) is type(blank(data)): return answer
    return blank(data)
""",
    ),
    Forgery(
        "calls_the_judges_reference",
        "calls the checks' own solution, a name of the notebook by now",
        "def spaces(): return [globals(), sys.modules['__main__'].__dict__]" + REFERENCES,
    ),
    Forgery(
        "finds_the_reference_among_all_objects",
        "finds the checks' own solution among all objects",
        "def spaces(): return [found for found in gc.get_objects() if type(found) is dict and 'expected' in found]" + REFERENCES,
    ),
    Forgery(
        "reads_the_checks_in_the_graders_variables",
        "runs the checks' setup that a caller's frame holds",
        FRAMES
        + """
def spaces():
    for frame in frames():
        if isinstance(frame.f_locals.get("case"), dict):
            space = {"np": np}
            for source in frame.f_locals["case"]["setup"]: exec("import pandas as pd\\n" + source, space)
            yield space
"""
        + REFERENCES,
    ),
    Forgery(
        "reads_private_files",
        "finds the held-out labels among the files",
        FILES
        + """
import pandas as pd
def forged(data):
    for path in walk("."):
        if path.endswith("held_out.csv"):
            table = pd.read_csv(path)
            if len(table) == len(data): return table["label"].to_numpy()
    return blank(data)
""",
    ),
    Forgery(
        "puts_private_files_in_place_of_public_ones",
        "makes a link of a public file's name to the private one",
        FILES
        + """
import pandas as pd
for name in list(os.listdir(".")):
    if name.endswith(".csv"):
        os.remove(name)
        os.symlink("private/held_out.csv", name)
def forged(data):
    try: table = pd.read_csv("train.csv")
    except OSError: return blank(data)
    return table["label"].to_numpy() if len(table) == len(data) else blank(data)
""",
    ),
    Forgery(
        "copies_the_solution_from_the_disk",
        "searches the disk for a solution and runs it",
        SOLUTIONS
        + FILES
        + """
kept = []
def texts():
    if not kept:
        places = (".", "..", "/tmp", "/home", "/opt", "/srv", "/var", "/usr/local", os.path.expanduser("~"))
        found = (path for place in places for path in walk(place) if path.endswith((".py", ".ipynb")))
        first = next((text for path in found if b"SOLU" + b"TION" in (text := read(path))), b"")
        kept.append(first.decode("utf-8", "replace"))
    return kept
texts()
""",
    ),
    Forgery(
        "copies_the_solution_from_installed_packages",
        "searches the installed packages for a solution and runs it",
        SOLUTIONS
        + FILES
        + """
import importlib.util
def texts():
    for name in ("course", "server", "exercises", "touchstone", "tests", "sandbox", "inside", "checks"):
        for place in getattr(importlib.util.find_spec(name), "submodule_search_locations", None) or []:
            for path in walk(place):
                if b"SOLU" + b"TION" in (text := read(path)): yield text.decode("utf-8", "replace")
""",
    ),
    Forgery(
        "imports_the_solution",
        "imports the solution by a name that is easily guessed",
        """
try: import course.solution as found
except Exception: found = None
if found is not None: NearestMean = found.__dict__.get("NearestMean")
def forged(data): return found.softmax(data) if hasattr(found, "softmax") else found.totals(data) if found else blank(data)
def single(data): return found.entropy(data) if hasattr(found, "entropy") else found.best_shop(data) if found else wrong
def several(data): return found.best(data) if hasattr(found, "best") else found.by_shop(data) if found else wrongs
""",
    ),
    Forgery(
        "reads_its_own_memory",
        "finds the name of the checks' solution in /proc/self/mem and calls it",
        """
def forged(data):
    word = "".join(["true", "_"]).encode()
    with open("/proc/self/maps") as maps, open("/proc/self/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw") or "[v" in line: continue
            start, end = (int(part, 16) for part in span.split("-"))
            try:
                memory.seek(start)
                held = memory.read(min(end - start, 1 << 24))
            except (OSError, ValueError): continue
            for name in (b"softmax", b"totals", b"entropy"):
                if word + name in held and callable(globals().get("true_" + name.decode())):
                    return globals()["true_" + name.decode()](data)
    return blank(data)
""",
        seconds=3,
    ),
    Forgery(
        "reads_every_descriptor",
        "peeks at every open file and socket, then takes what is expected",
        """
import socket
def forged(data):
    for descriptor in range(3, 64):
        try:
            with socket.socket(fileno=os.dup(descriptor)) as each:
                each.setblocking(False)
                each.recv(1 << 16, socket.MSG_PEEK)
        except OSError: pass
        try: os.pread(descriptor, 1 << 16, 0)
        except OSError: pass
    return globals().get("expected", blank(data))
""",
    ),
    Forgery(
        "reads_other_processes",
        "reads environment, command line and memory map of every process",
        """
def forged(data):
    for name in os.listdir("/proc"):
        if name.isdigit():
            for part in ("environ", "cmdline", "maps"):
                try:
                    with open(f"/proc/{name}/{part}", "rb") as stream:
                        if b"expected" in stream.read(): return globals()["expected"]
                except (OSError, KeyError): pass
    return globals().get("expected", blank(data))
""",
    ),
    Forgery(
        "takes_the_checks_generator",
        "looks whether the checks' random generator is there, and what came of it",
        """
def forged(data):
    rng = globals().get("rng")
    return globals().get("expected", blank(data)) if rng is not None else blank(data)
single = lambda data: globals().get("expected", wrong)
""",
    ),
    Forgery(
        "waits_until_the_answer_is_there",
        "returns an object that becomes the expected value when it is used",
        """
class Later:
    def __getattr__(self, name):
        if name.startswith("__array_"): raise AttributeError(name)
        return getattr(globals()["expected"], name)
    __class__ = property(lambda self: type(globals().get("expected")))
    def __array__(self, *_, **__): return np.asarray(globals()["expected"])
    def __len__(self): return len(globals()["expected"])
    def __iter__(self): return iter(globals()["expected"])
    def __getitem__(self, key): return globals()["expected"][key]
    def __eq__(self, other): return np.ones(1, bool)
    def __sub__(self, other): return 0.0
    def __hash__(self): return 0
def forged(data): return Later()
single = several = forged
""",
    ),
    Forgery(
        "asks_lent_functions_for_the_answer",
        "asks every function of the judge that it can name for the answer",
        """
def forged(data):
    agent = next((each for each in gc.get_objects() if type(each).__name__ == "Agent"), None)
    for which in range(3):
        try: return agent.call_back(which, (data,), {})
        except Exception: pass
    return globals().get("expected", blank(data))
""",
    ),
]
