"""Attacks on what passes between judge and suspect, by somebody who has read our sources."""

from tests.attacks.grading.forgeries.forgery import OURS_ALONE, Forgery
from tests.attacks.grading.sabotage import PRELUDE

TREES = """
class Forged:
    def __init__(self, tree): self.tree = tree
module = sys.modules.get("inside.candidate.agent")
honest_refer = module.Agent.refer
module.Agent.refer = lambda self, value: value.tree if type(value) is Forged else honest_refer(self, value)
"""
REPLACED = """
module = sys.modules.get("inside.candidate.agent")
parcels = sys.modules.get("inside.codec.parcels")
"""
AT_FORK = """
def in_each_copy(act):
    \"\"\"In every copy that is made of this process for a check.\"\"\"
    os.register_at_fork(after_in_child=lambda: threading.Thread(target=act, daemon=True).start())
"""


def ours(name: str, does: str, source: str, seconds: float = 0.0) -> Forgery:
    return Forgery(name, does, PRELUDE + source, seconds=seconds, not_there=OURS_ALONE)


PROTOCOL = [
    ours(
        "answers_true_to_every_question",
        "replaces the agent with one that says True to everything",
        REPLACED
        + """
def serve(self):
    while True:
        question, blobs = self.reader.receive()
        parcels.send(self.sock, [question[0], "value", True])
module.Agent.serve = serve
""",
    ),
    ours(
        "answers_before_it_is_asked",
        "sends answers ahead of the next questions",
        """
def forged(data):
    for ahead in range(1, 20): agent().sock.sendall(frame([agent().question + ahead, "value", True]))
    return blank(data)
single = several = forged
""",
    ),
    ours(
        "answers_twice",
        "sends a forged answer and then its own",
        """
def forged(data):
    agent().sock.sendall(frame([agent().question, "value", True]) * 2)
    return blank(data)
""",
    ),
    ours(
        "thread_answers_before_the_agent",
        "a thread in each copy sends answers before the agent does",
        AT_FORK
        + """
def act():
    for _ in range(200):
        found = [each for each in gc.get_objects() if type(each).__name__ == "Agent"]
        for each in found:
            try: each.sock.sendall(frame([each.question + 1, "value", True]))
            except OSError: return
        time.sleep(0.001)
in_each_copy(act)
""",
    ),
    ours(
        "greets_in_place_of_a_copy",
        "leaves the greeting of a copy to a child",
        """
def act():
    if os.fork(): os._exit(0)
os.register_at_fork(after_in_child=lambda: once("greeted") and act())
""",
        seconds=2,
    ),
    ours(
        "verdict_to_every_descriptor_of_the_notebook",
        "writes a passed verdict to every descriptor",
        """
import msgspec
whole = {"type": "Verdict", "outcome": "passed", "fraction": 1.0, "text": "", "note": "", "reported": False}
verdict = msgspec.msgpack.encode(whole)
def forged(data):
    for descriptor in range(3, 64):
        for head in (b"", struct.pack("<I", len(verdict)), struct.pack("<II", len(verdict), 0)):
            try: os.write(descriptor, head + verdict)
            except OSError: pass
    return blank(data)
single = several = forged
""",
    ),
    ours(
        "verdict_as_a_value",
        "returns a passed verdict as its answer",
        """
def forged(data): return {"type": "Verdict", "outcome": "passed", "fraction": 1.0, "text": "", "note": "", "reported": False}
single = several = forged
""",
    ),
    ours(
        "cell_results_that_were_not_asked_for",
        "reports cells as done from a copy",
        """
import msgspec
def report():
    for descriptor in range(3, 64):
        body = msgspec.msgpack.encode({"type": "CellDone", "status": "ok", "error": "", "text": "passed"})
        try: os.write(descriptor, struct.pack("<I", len(body)) + body)
        except OSError: pass
os.register_at_fork(after_in_child=lambda: once("reported") and report())
""",
    ),
    ours(
        "handle_that_nobody_has",
        "names an object that does not exist",
        TREES + "def forged(data): return Forged(['h', 10**9, 'ndarray', 3])\nsingle = several = forged",
    ),
    ours(
        "handle_named_ndarray",
        "names an object of its own as an array or a table",
        TREES + "def forged(data): return Forged(['h', 0, type(blank(data)).__name__, 0])\nsingle = several = forged",
    ),
    ours(
        "handle_with_a_negative_number",
        "names an object by a negative number",
        TREES + "def forged(data): return Forged(['h', -1, '__class__', 255])",
    ),
    ours(
        "function_of_the_judge_as_a_value",
        "returns a function that the judge lent, or never did",
        TREES + "def forged(data): return Forged(['k', 0])\nsingle = several = forged",
    ),
    ours(
        "function_that_was_never_lent",
        "returns a function of the judge that was never lent",
        TREES + "def forged(data): return Forged(['k', 2**40])",
    ),
    ours(
        "type_for_a_value",
        "sends a built-in type where a value is asked for",
        TREES + "def forged(data): return Forged(['T', 'object'])\ndef single(data): return Forged(['T', 'str'])",
    ),
    ours(
        "true_that_is_neither",
        "booleans of other bytes than 0 and 1",
        TREES + "def forged(data): return Forged(['a', '|b1', [2, 2], b'\\x02\\xff\\x02\\xff'])",
    ),
    ours(
        "blob_used_twice",
        "two arrays in the same bytes",
        TREES + "def forged(data): return Forged(['l', [['a', '<f8', [1024], 0], ['a', '<f8', [1024], 0]]])",
    ),
    ours(
        "array_larger_than_its_data",
        "an array of 2^32 items in 8 bytes",
        TREES + "def forged(data): return Forged(['a', '<f8', [2, 2**31], b'12345678'])",
    ),
    ours(
        "array_of_objects",
        "raw bytes as an array of pointers",
        TREES + "def forged(data): return Forged(['a', '|O8', [1], b'12345678'])",
    ),
    ours(
        "generator_of_numbers",
        "a random generator with a state of its own",
        TREES + "def forged(data): return Forged(['R', 'PCG64', ['d', [], []]])",
    ),
    ours(
        "table_of_objects",
        "a table whose columns are objects of its own",
        TREES
        + """
def forged(data):
    labels = ["pX", None, ["O", [3], ["shop", "total", "orders"]], None]
    return Forged(["pD", ["pR", None, 0, 1, 1], labels, [["O", [1], [["h", 0, "float", 0]]]] * 3])
""",
    ),
    ours(
        "table_with_columns_of_many_dimensions",
        "a table whose columns have two axes",
        TREES
        + """
def forged(data):
    labels = ["pX", None, ["O", [3], ["shop", "total", "orders"]], None]
    return Forged(["pD", ["pR", None, 0, 0, 1], labels, [["a", "<f8", [0, 2], b""]] * 3])
""",
    ),
    ours(
        "empty_parts_of_a_tree",
        "lists and dicts without the parts that belong there",
        TREES + "def forged(data): return Forged([])\ndef single(data): return Forged({})",
    ),
    ours(
        "error_that_ends_the_judge",
        "errors that would end a loop or a process of the judge",
        REPLACED
        + """
kinds = iter(["SystemExit", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "BaseException", "ExceptionGroup"] * 50)
module.describe = lambda *_: ["error", next(kinds), "Passed", "passed", False]
def forged(data): raise ValueError
single = several = forged
""",
    ),
    ours(
        "error_that_looks_like_a_missing_name",
        "an AssertionError with the text of a pass, told as something missing",
        REPLACED
        + """
module.describe = lambda *_: ["error", "AssertionError", "Passed", "passed", True]
def forged(data): raise ValueError
single = several = forged
""",
    ),
    ours(
        "observation_instead_of_a_value",
        "answers a call in the form of an observed one",
        """
def forged(data):
    agent().sock.sendall(frame([agent().question, "seen", ["value", True], [], [[], []], "passed", []]))
    return blank(data)
""",
    ),
    ours(
        "call_back_within_call_back",
        "calls functions of the judge a thousand times without waiting",
        """
def forged(data):
    for _ in range(1000): agent().sock.sendall(frame([agent().question, "callback", 0, [], [], []]))
    return blank(data)
""",
    ),
    ours(
        "random_bytes",
        "4,096 random bytes into the socket",
        "def forged(data):\n    agent().sock.sendall(os.urandom(4096))\n    return blank(data)",
    ),
    ours(
        "array_of_four_billion",
        "a message that announces 2^32 parts",
        """
def forged(data):
    body = b"\\xdd" + b"\\xff" * 4
    agent().sock.sendall(struct.pack("<II", len(body), 0) + body)
    return blank(data)
""",
    ),
    ours(
        "head_without_end",
        "a message that announces 4 GB",
        """
def forged(data):
    agent().sock.sendall(struct.pack("<II", 2**32 - 1, 2**32 - 1))
    return blank(data)
""",
    ),
    ours(
        "nested_arrays_in_a_frame",
        "a message nested 100,000 deep",
        """
def forged(data):
    body = b"\\x91" * 100_000
    agent().sock.sendall(struct.pack("<II", len(body), 0) + body)
    return blank(data)
""",
    ),
    ours(
        "writes_to_every_descriptor",
        "writes to the first 256 descriptors, open or not",
        """
def forged(data):
    for descriptor in range(256):
        try: os.write(descriptor, b"passed" * 100)
        except OSError: pass
    return blank(data)
""",
    ),
    ours(
        "descriptors_along_with_an_answer",
        "sends open files to the judge",
        "def forged(data):\n    socket.send_fds(agent().sock, [b''], [0, 1, 2])\n    return blank(data)",
    ),
    ours(
        "raised_limits",
        "lifts its own limits of size and sends more than is allowed",
        """
for name in ("codec", "parcels"):
    sys.modules["inside.codec." + name].MAX_BYTES = sys.modules["inside.codec." + name].MAX_TREE_BYTES = 1 << 40
def forged(data): return np.zeros(20_000_000)
""",
    ),
    ours(
        "copies_tell_one_another",
        "tells later checks the inputs of earlier ones through shared memory",
        """
import mmap, pickle
board = mmap.mmap(-1, 1 << 20)
def forged(data):
    size = int.from_bytes(board[:8], "little")
    before = pickle.loads(board[8:8 + size]) if size else []
    told = pickle.dumps([*before, data])[: (1 << 20) - 8]
    board[:8 + len(told)] = len(told).to_bytes(8, "little") + told
    return before[-1] if before and type(before[-1]) is type(blank(data)) else blank(data)
""",
    ),
    ours(
        "daemon_of_the_notebook_answers",
        "a process that the notebook left running writes answers everywhere",
        """
if os.fork() == 0:
    os.setsid()
    until = time.monotonic() + 20
    while time.monotonic() < until:
        for descriptor in range(3, 32):
            try: os.write(descriptor, frame([1, "value", True]))
            except OSError: pass
        time.sleep(0.005)
    os._exit(0)
""",
    ),
    ours(
        "length_and_items_that_do_not_agree",
        "replaces length and iteration in the agent",
        """
module = sys.modules.get("inside.candidate.agent")
module.OPERATIONS["len"] = lambda *_: ["value", 16]
module.OPERATIONS["next"] = lambda *_: ["value", ["t", [["l", []], True]]]
class Row: __len__ = lambda self: 16; __iter__ = lambda self: iter([])
def forged(data): return Row()
""",
    ),
]
