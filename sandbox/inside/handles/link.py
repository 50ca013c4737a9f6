"""The judge's end of the socket to one copy of the suspect: asks, answers call-backs, turns answers into the judge's own values.

judge -> suspect    [number, operation, ...]
    "name" name · "get" id name · "item" id key · "len" id · "iter" id · "next" id count
    "call" id arguments names values · "observe" (as call) · "file" name
    in answer to a call-back: "value" tree · "raise" base text
suspect -> judge    [number, kind, ...]
    "value" tree · "error" base kind text missing · "refused" sentence · "callback" function arguments named values
    "seen" answer arguments named printed warnings figures
A call-back may ask the suspect again before it is answered; numbers keep question and answer together.
"""

import socket
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Any, NamedTuple

from ..board import Board
from ..codec import parcels
from ..codec.codec import Malformed, Packer, Tree, Unpacker, Unsendable, fields
from .answers import Seen, read_callback, read_items, read_seen, read_told
from .faults import AuthorFault, Forged, HandleMisuse, NotDefined, clean_name, clean_text, undefined, unwritten
from .own_generator import is_own_generator
from .remote import NotebookObject, grown, handle_class, id_of, is_declared, is_handle, path_of, type_of
from .taken import Taken

MAX_NESTING = 20
BATCH = 64
MANY_LENGTHS = "something that has as many items as its length says"
CALLABLE, ITERATOR = 1, 2


class Answer(NamedTuple):
    parts: list[Any]
    blobs: list[bytearray]


class Link:
    def __init__(self, sock: socket.socket, board: Board, object_names: Collection[str] = ()) -> None:
        """`object_names`: names whose values are declared to be objects, or to give back objects when they are called."""
        self.sock, self.board, self.object_names = sock, board, frozenset(object_names)
        self.reader = parcels.Reader(sock)
        self.handles: dict[tuple[int, bool], NotebookObject] = {}
        self.taken = Taken()
        self.functions: list[Callable[..., Any]] = []  # lent to the suspect as call-backs
        self.number = 0
        self.nesting = 0
        self.answers = 0  # how many came back: a check that fails before the first cannot be the learner's fault
        self.lost: BaseException | None = None  # Gone or Forged: stays, whatever the check does with it

    # What a check can do with the notebook

    def get_name(self, name: str) -> Any:
        try:
            return self.value(self.ask("name", name), f"`{name}`", name in self.object_names)
        except NotDefined:
            raise undefined(name) from None

    def get_file(self, name: str) -> bytes:
        """What the notebook wrote. Raises NotDefined."""
        try:
            data = self.value(self.ask("file", name), f"the file {name}", declared=False)
        except NotDefined:
            raise unwritten(name) from None
        if type(data) is not bytes:
            raise self.lose(Forged("no bytes of a file"))
        return data

    def get_attribute(self, handle: NotebookObject, name: str) -> Any:
        return self.taken.once(
            ("get", id_of(handle), name),
            lambda: self.value(self.ask("get", id_of(handle), name), grown(handle, f".{name}"), is_declared(handle)),
        )

    def get_item(self, handle: NotebookObject, key: object) -> Any:
        def item() -> Any:
            packer = Packer(self.refer)
            answer = self.ask("item", id_of(handle), packer.pack(key), packer=packer)
            return self.value(answer, grown(handle, "[...]"), is_declared(handle))

        return self.taken.once(("item", id_of(handle), key), item)

    def get_length(self, handle: NotebookObject) -> int:
        length = self.value(self.ask("len", id_of(handle)), path_of(handle), is_declared(handle))
        if type(length) is not int or not 0 <= length < 2**62:
            raise HandleMisuse(path_of(handle), type_of(handle), "something with a length")
        if not self.taken.agrees(id_of(handle), length):
            raise HandleMisuse(path_of(handle), type_of(handle), MANY_LENGTHS)
        return length

    def iterate(self, handle: NotebookObject, longest: int) -> Iterator[Any]:
        """Declared objects may go through their items anew each time (a loader that shuffles), in the number of their length;
        of others the items are the same each time."""
        begin = partial(self.begin_iteration, handle, longest)
        if not is_declared(handle):
            yield from self.taken.items(id_of(handle), begin)
            return
        self.taken.forget_answers()
        count = 0
        for item in begin():
            yield item
            count += 1
        if not self.taken.agrees(id_of(handle), count):
            raise HandleMisuse(path_of(handle), type_of(handle), MANY_LENGTHS)

    def begin_iteration(self, handle: NotebookObject, longest: int) -> Iterator[Any]:
        iterator = self.value(self.ask("iter", id_of(handle)), grown(handle, "[...]"), is_declared(handle))
        if not is_handle(iterator):
            raise HandleMisuse(path_of(handle), type_of(handle), "something to iterate over")
        count, ended = 0, False
        while not ended and count < longest:
            items, ended = self.get_items(iterator, BATCH)
            yield from items
            count += len(items)
        if not ended:
            raise HandleMisuse(path_of(handle), type_of(handle), f"something with at most {longest:,} items")

    def get_next(self, handle: NotebookObject) -> Any:
        items, _ = self.get_items(handle, 1)
        if not items:
            raise StopIteration
        return items[0]

    def get_items(self, handle: NotebookObject, count: int) -> tuple[list[Any], bool]:
        found = self.value(self.ask("next", id_of(handle), count), grown(handle, "[...]"), is_declared(handle))
        return self.guarded(lambda: read_items(found, count))

    def call(self, handle: NotebookObject, arguments: tuple[object, ...], named: dict[str, object]) -> Any:
        return self.value(self.ask_call("call", handle, arguments, named), grown(handle, "(...)"), is_declared(handle))

    def observe(self, handle: NotebookObject, arguments: tuple[object, ...], named: dict[str, object]) -> Seen:
        path, answer = grown(handle, "(...)"), self.ask_call("observe", handle, arguments, named)
        unpacker = self.unpacker(answer.blobs, path, is_declared(handle))
        if answer.parts[0] != "seen":
            return Seen(self.guarded(lambda: read_told(answer.parts, unpacker, path)), None, None, "", [], None)
        return self.guarded(lambda: read_seen(answer.parts, unpacker, path))

    # One question and its answer

    def ask_call(self, operation: str, handle: NotebookObject, arguments: tuple[object, ...], named: dict[str, object]) -> Answer:
        self.taken.forget()
        packer = Packer(self.refer)
        try:
            trees, values = packer.pack_all(arguments, 0), packer.pack_all(named.values(), 0)
            return self.ask(operation, id_of(handle), trees, list(named), values, packer=packer)
        except Unsendable as error:
            raise AuthorFault(f"An argument of {path_of(handle)} {error}.") from None

    def ask(self, operation: str, *parts: Tree, packer: Packer | None = None) -> Answer:
        if self.lost is not None:
            raise self.lost
        if self.nesting >= MAX_NESTING:
            raise RecursionError(f"more than {MAX_NESTING} calls into the notebook inside one another")
        self.number += 1
        number = self.number
        self.nesting += 1
        self.board.call_begins()
        try:
            parcels.send(self.sock, [number, operation, *parts], packer)
            return self.await_answer(number)
        except parcels.Gone as gone:
            raise self.lose(gone) from None
        finally:
            self.nesting -= 1
            self.board.call_ends()

    def await_answer(self, number: int) -> Answer:
        while True:
            tree, blobs = self.guarded(self.reader.receive)
            self.answers += 1
            if type(tree) is not list or len(tree) < 2 or tree[0] != number or type(tree[1]) is not str:
                raise self.lose(Forged("an answer to another question"))
            if tree[1] != "callback":
                return Answer(tree[1:], blobs)
            self.board.wait_ends()
            self.answer_callback(number, Answer(tree[1:], blobs))
            self.board.wait_begins()

    def answer_callback(self, number: int, question: Answer) -> None:
        asked = self.guarded(lambda: read_callback(question.parts, self.unpacker(question.blobs, "a call-back's argument")))
        function = self.guarded(lambda: self.lent(asked.function))
        packer = Packer(self.refer)
        try:
            parcels.send(self.sock, [number, "value", packer.pack(function(*asked.arguments, **asked.named))], packer)
        except Unsendable as error:
            parcels.send(self.sock, [number, "raise", "ValueError", f"what the function returned {error}"])
        except HandleMisuse as error:
            parcels.send(self.sock, [number, "raise", "TypeError", clean_text(str(error))])
        except Exception as error:  # whatever a lent function raises, the suspect sees, as it would see its own
            parcels.send(self.sock, [number, "raise", builtin_base(error), clean_text(str(error))])

    def guarded(self, read: Callable[[], Any]) -> Any:
        """What the suspect sent cannot cause anything but Forged."""
        try:
            return read()
        except (Malformed, MemoryError, RecursionError) as error:
            raise self.lose(Forged(str(error))) from None

    def lose(self, why: BaseException) -> BaseException:
        self.lost = self.lost or why
        return self.lost

    # Values

    def value(self, answer: Answer, path: str, declared: bool) -> Any:
        return self.guarded(lambda: read_told(answer.parts, self.unpacker(answer.blobs, path, declared), path)).get()

    def unpacker(self, blobs: list[bytearray], path: str, declared: bool = False) -> Unpacker:
        return Unpacker(lambda tree, depth: self.resolve(tree, f"a part of {path}" if depth else path, declared), blobs)

    def refer(self, value: object) -> Tree:
        """An argument that is no plain data."""
        if is_handle(value):
            return ["h", id_of(value)]
        if callable(value):
            self.functions.append(value)
            return ["k", len(self.functions) - 1, clean_name(getattr(value, "__name__", ""))]
        if is_own_generator(value):
            raise AuthorFault("a check's own rng would tell what it draws next: send np.random.default_rng(rng.integers(2**32))")
        kind = type(value).__name__
        raise AuthorFault(f"an object of type {kind} cannot be sent to the notebook; send plain data or a function")

    def resolve(self, tree: list[Any], path: str, declared: bool) -> object:
        if tree[0] == "k":
            return self.lent(fields(tree, int)[0])
        if tree[0] != "h":
            raise Malformed("an unknown tag")
        number, type_name, flags = fields(tree, int, str, int)
        known = number, declared  # an object is no more for a check than the way on which it came
        if known not in self.handles:
            make = handle_class(declared, bool(flags & CALLABLE), bool(flags & ITERATOR))
            self.handles[known] = make(self, number, clean_name(type_name), path)
        return self.handles[known]

    def lent(self, which: int) -> Callable[..., Any]:
        if not 0 <= which < len(self.functions):
            raise Malformed("no such call-back")
        return self.functions[which]


def builtin_base(error: BaseException) -> str:
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"), "Exception")
