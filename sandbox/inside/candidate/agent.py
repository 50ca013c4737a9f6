"""The suspect's end of the socket to the judge (the protocol is in handles/link.py).

It runs beside the learner's code, which can patch all of it: nothing here is a wall. It has to serve honest code well."""

import builtins
import io
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from types import GeneratorType
from typing import Any

from ..codec import parcels
from ..codec.codec import Packer, Tree, Unpacker, Unsendable
from ..codec.libraries import open_figures

LONGEST_TEXT = 4_000
LONGEST_PRINT = 64 << 10
MAX_WARNINGS = 100
BATCH_BYTES = 1 << 20
BATCH_NODES = 10_000
CALLABLE, ITERATOR = 1, 2
LAZY = (GeneratorType, map, filter, zip, enumerate)


class Lent:
    """A function of the judge's: calling it asks the judge."""

    def __init__(self, agent: "Agent", which: int, name: str) -> None:
        self._agent, self._which = agent, which
        self.__name__ = self.__qualname__ = name

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._agent.call_back(self._which, arguments, named)


class Agent:
    def __init__(self, sock: socket.socket, namespace: Mapping[str, Any]) -> None:
        self.sock, self.namespace = sock, namespace
        self.reader = parcels.Reader(sock)
        self.objects: list[Any] = []
        self.numbers: dict[int, int] = {}  # id of an object -> its number; `objects` keeps it alive
        self.late: dict[int, BaseException] = {}  # an iteration's error that comes after the items already sent
        self.question = 0
        self.lock = threading.RLock()  # a learner's threads may call back

    def serve(self) -> None:
        """Until the judge closes its end."""
        while True:
            self.answer(*self.reader.receive())

    def answer(self, question: list[Any], blobs: list[bytearray]) -> None:
        before, (self.question, operation, *parts) = self.question, question
        number, packer = self.question, Packer(self.refer)
        try:
            told = OPERATIONS[operation](self, Unpacker(self.resolve, blobs), packer, *parts)
            parcels.send(self.sock, [number, *told], packer)
        except Unsendable as error:
            parcels.send(self.sock, [number, "refused", str(error)])
        except Exception as error:  # a value that cannot be turned into plain data, because it misbehaves
            parcels.send(self.sock, [number, *describe(error)])
        self.question = before

    # Operations: (unpacker, packer, parts of the question) -> parts of the answer

    def get_name(self, unpacker: Unpacker, packer: Packer, name: str) -> list[Tree]:
        if name not in self.namespace:
            return ["error", "NameError", "NameError", f"name {name!r} is not defined", True]
        return ["value", packer.pack(self.namespace[name])]

    def get_attribute(self, unpacker: Unpacker, packer: Packer, number: int, name: str) -> list[Tree]:
        return attempt(lambda: getattr(self.objects[number], name), packer, AttributeError)

    def get_item(self, unpacker: Unpacker, packer: Packer, number: int, key: Tree) -> list[Tree]:
        return attempt(lambda: self.objects[number][unpacker.unpack(key)], packer, TypeError)

    def get_length(self, unpacker: Unpacker, packer: Packer, number: int) -> list[Tree]:
        return attempt(lambda: len(self.objects[number]), packer, TypeError)

    def iterate(self, unpacker: Unpacker, packer: Packer, number: int) -> list[Tree]:
        told = attempt(lambda: iter(self.objects[number]), None, TypeError)
        return told if told[0] == "error" else ["value", self.refer(told[1])]

    def advance(self, unpacker: Unpacker, packer: Packer, number: int, count: int) -> list[Tree]:
        """Some next items: few when they are large, and one by one when making them may be the learner's code."""
        if number in self.late:
            return describe(self.late.pop(number))
        iterator, items, ended = self.objects[number], [], False
        if type(iterator).__module__ != "builtins" or isinstance(iterator, LAZY):
            count = 1
        try:
            while len(items) < count and packer.bytes < BATCH_BYTES and packer.nodes < BATCH_NODES:
                items.append(packer.pack(next(iterator), 2))
        except StopIteration:
            ended = True
        except (parcels.Gone, Unsendable):
            raise
        except BaseException as error:  # all that the learner's code can raise is an answer
            if not items:
                return describe(error)
            self.late[number] = error
        return ["value", ["t", [["l", items], ended]]]

    def call(self, unpacker: Unpacker, packer: Packer, number: int, *trees: list[Tree]) -> list[Tree]:
        arguments, named = read_arguments(unpacker, *trees)
        return attempt(lambda: self.objects[number](*arguments, **named), packer)

    def observe(self, unpacker: Unpacker, packer: Packer, number: int, *trees: list[Tree]) -> list[Tree]:
        arguments, named = read_arguments(unpacker, *trees)
        standard, sys.stdout = sys.stdout, Printed()
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                told = attempt(lambda: self.objects[number](*arguments, **named), packer)
            printed = sys.stdout.getvalue() if isinstance(sys.stdout, Printed) else ""
        finally:
            sys.stdout = standard
        after = pack_or_none(packer, [*arguments, *named.values()])
        split = len(arguments)
        positional, values = (None, None) if after is None else (after[:split], after[split:])
        warned = [[warning.category.__name__, str(warning.message)[:LONGEST_TEXT]] for warning in caught[:MAX_WARNINGS]]
        figures = pack_or_none(packer, open_figures())
        seen_named = None if values is None else [list(named), values]
        return ["seen", told, positional, seen_named, portable(printed), warned, figures]

    def read_file(self, unpacker: Unpacker, packer: Packer, name: str) -> list[Tree]:
        return attempt(Path(name).read_bytes, packer, OSError)

    def call_back(self, which: int, arguments: tuple[Any, ...], named: dict[str, Any]) -> Any:
        with self.lock:
            packer = Packer(self.refer)
            try:
                trees, values = packer.pack_all(arguments, 0), packer.pack_all(named.values(), 0)
                parcels.send(self.sock, [self.question, "callback", which, trees, list(named), values], packer)
            except Unsendable as error:
                raise ValueError(f"An argument {error}.") from None
            while True:
                tree, blobs = self.reader.receive()
                if tree[1] == "value":
                    return Unpacker(self.resolve, blobs).unpack(tree[2])
                if tree[1] == "raise":
                    raise rebuild(tree[2], tree[3])
                self.answer(tree, blobs)

    # References

    def refer(self, value: Any) -> Tree:
        if type(value) is Lent:
            return ["k", value._which]
        number = self.numbers.get(id(value))
        if number is None:
            number = self.numbers[id(value)] = len(self.objects)
            self.objects.append(value)
        flags = (CALLABLE if callable(value) else 0) | (ITERATOR if hasattr(type(value), "__next__") else 0)
        return ["h", number, type(value).__name__, flags]

    def resolve(self, tree: Tree, depth: int) -> Any:
        return self.objects[tree[1]] if tree[0] == "h" else Lent(self, tree[1], tree[2])


OPERATIONS: dict[str, Callable[..., list[Tree]]] = {
    "name": Agent.get_name,
    "get": Agent.get_attribute,
    "item": Agent.get_item,
    "len": Agent.get_length,
    "iter": Agent.iterate,
    "next": Agent.advance,
    "call": Agent.call,
    "observe": Agent.observe,
    "file": Agent.read_file,
}


Arguments = tuple[list[Any], dict[str, Any]]


def read_arguments(unpacker: Unpacker, positional: list[Tree], names: list[str], values: list[Tree]) -> Arguments:
    arguments = [unpacker.unpack(tree) for tree in positional]
    return arguments, {name: unpacker.unpack(tree) for name, tree in zip(names, values, strict=True)}


class Printed(io.StringIO):
    """Keeps the beginning of what a call prints."""

    def write(self, text: str) -> int:
        super().write(text[: max(0, LONGEST_PRINT - self.tell())])
        return len(text)


def attempt(act: Callable[[], Any], packer: Packer | None, absent: type[BaseException] | tuple[()] = ()) -> list[Tree]:
    """The learner's code runs here; `absent` is what Python raises when the object has no such thing."""
    try:
        value = act()
    except parcels.Gone:
        raise
    except BaseException as error:  # all that the learner's code can raise is an answer
        return describe(error, isinstance(error, absent))
    return ["value", value if packer is None else packer.pack(value)]


def describe(error: BaseException, missing: bool = False) -> list[Tree]:
    base = next((kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"), "Exception")
    try:
        text = str(error)
    except BaseException:  # a learner's own __str__ can raise anything
        text = ""
    return ["error", base, portable(type(error).__name__), portable(text[:LONGEST_TEXT]), missing]


def portable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def rebuild(base: str, text: str) -> Exception:
    kind = getattr(builtins, base, RuntimeError)
    try:
        return kind(text)
    except TypeError:  # a class that needs more than a text
        return RuntimeError(f"{base}: {text}")


def pack_or_none(packer: Packer, values: Iterable[Any]) -> list[Tree] | None:
    blobs, size = len(packer.blobs), packer.bytes
    try:
        return [packer.pack(value) for value in values]
    except Exception:  # too large, or it misbehaves: the answer itself still counts
        del packer.blobs[blobs:]
        packer.bytes = size
        return None
