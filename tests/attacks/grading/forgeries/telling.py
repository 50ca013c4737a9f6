"""Carrying hidden inputs out: by print, errors, names, time, files. It gains nothing in the run itself, and must tell nothing."""

from tests.attacks.grading.forgeries.forgery import Forgery

TELLS = "gains nothing in the same run: it is for the next one"


def telling(name: str, does: str, source: str, seconds: float = 0.0) -> Forgery:
    return Forgery(name, does, source, seconds=seconds, not_there=TELLS)


TELLING = [
    telling(
        "prints_its_inputs",
        "prints, logs and warns the hidden inputs",
        """
import logging, warnings
def forged(data):
    print(repr(data), data.tolist() if hasattr(data, "tolist") else data.to_csv())
    print(repr(data), file=sys.stderr)
    warnings.warn(repr(data))
    logging.error(repr(data))
    os.write(1, repr(data).encode())
    return blank(data)
def single(data):
    forged(data)
    return wrong
""",
    ),
    telling(
        "raises_its_inputs",
        "raises an exception with the hidden inputs as text",
        "def forged(data): raise ValueError(repr(data))\nsingle = several = forged",
    ),
    telling(
        "notes_on_an_error",
        "adds the hidden inputs to an exception as notes",
        "def forged(data):\n    error = ValueError()\n    error.add_note(repr(data))\n    raise error\nsingle = several = forged",
    ),
    telling(
        "error_named_after_its_inputs",
        "raises an exception whose class is named after the hidden inputs",
        "def forged(data): raise type(repr(data)[:200], (ValueError,), {})(repr(data))\nsingle = several = forged",
    ),
    telling(
        "returns_what_is_named_after_its_inputs",
        "returns an object whose class is named after the hidden inputs",
        "def forged(data): return type(repr(data)[:200], (), {})()\nsingle = several = forged",
    ),
    telling(
        "error_that_is_told_by_the_cells",
        "writes the hidden inputs to a file and leaves with them",
        """
def forged(data):
    with open("told.txt", "a") as stream: stream.write(repr(data))
    raise SystemExit(repr(data))
single = several = forged
""",
    ),
    telling(
        "time_that_tells_an_input",
        "takes as long as a hidden number says",
        """
def forged(data):
    number = float(np.ravel(data.to_numpy()[:, -1] if hasattr(data, "to_numpy") else data)[0])
    time.sleep(abs(number) % 0.2)
    return blank(data)
""",
    ),
    telling(
        "outcome_that_tells_an_input",
        "ends in one of four ways, as a hidden number says",
        """
def forged(data):
    number = int(abs(float(np.ravel(data.to_numpy()[:, -1] if hasattr(data, "to_numpy") else data)[0])) * 1000) % 4
    if number == 0: raise KeyError
    if number == 1: os._exit(3)
    if number == 2: raise ZeroDivisionError
    return blank(data)
""",
    ),
    telling(
        "leaves_its_inputs_for_the_next_copy",
        "writes the hidden inputs where a later check's call could read them",
        """
def forged(data):
    kept = gc.get_referrers(data)
    with open("left.txt", "ab") as stream: stream.write(repr(data).encode())
    return blank(data)
""",
    ),
]
