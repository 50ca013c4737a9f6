"""What the referee (on the server's side) says to the suspect and to the judge, and what they answer.

The suspect's answers are hostile data: typed, bounded, believed only as a report about its own cells.
The judge's are bounded as well.

referee -> suspect   RunCell for each cell. Then, each with a descriptor: Fork (a copy answers the judge there),
                     Serve (the suspect itself answers the judge there, and ends after that)
suspect -> referee   Ready once, CellDone for each RunCell; whoever begins to use a descriptor says hello there with one byte
referee -> judge     Prepare once; RunCheck (with the other end of that socket), CallFunction
judge -> referee     Prepared; during a check AskUsage (answered by Usage), then Verdict; FunctionDone
"""

import msgspec

HELLO = b"\x01"


class RunCell(msgspec.Struct, tag=True, frozen=True):
    source: str


class Fork(msgspec.Struct, tag=True, frozen=True):
    pass


class Serve(msgspec.Struct, tag=True, frozen=True):
    pass


class Ready(msgspec.Struct, tag=True, frozen=True):
    pass


class CellDone(msgspec.Struct, tag=True, frozen=True):
    status: str  # ok, error
    error: str
    text: str


class Prepare(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    setup: list[str]
    remote_names: list[str]
    object_names: list[str]
    sources: dict[str, str]
    seed: int
    private_folder: str


class Prepared(msgspec.Struct, tag=True, frozen=True):
    error: str  # what an author must repair; "" when all is well


class RunCheck(msgspec.Struct, tag=True, frozen=True):
    name: str
    source: str
    hidden: bool


class AskUsage(msgspec.Struct, tag=True, frozen=True):
    opens: bool  # a measurement begins: nothing of ours may compute in the suspect until it ends


class Usage(msgspec.Struct, tag=True, frozen=True):
    """What the suspect's processes have computed, and the memory that they hold; at the end, the most that they held since the
    measurement began."""

    seconds: float
    bytes: int  # below 0: it cannot be measured here


class Verdict(msgspec.Struct, tag=True, frozen=True):
    outcome: str  # passed, failed, crashed, out_of_memory, gone (the suspect's end of the socket closed), our_fault
    fraction: float
    text: str
    note: str
    reported: bool


class CallFunction(msgspec.Struct, tag=True, frozen=True):
    name: str
    arguments: list[list[object]]


class FunctionDone(msgspec.Struct, tag=True, frozen=True):
    results: list[object]
    error: str


ToSuspect = RunCell | Fork | Serve
FromSuspect = Ready | CellDone
ToJudge = Prepare | RunCheck | CallFunction | Usage
FromJudge = Prepared | AskUsage | Verdict | FunctionDone
