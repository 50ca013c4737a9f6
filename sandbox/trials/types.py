"""What goes into one grading run and what comes out of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sandbox.inside.stack import Stack
from sandbox.limits import Limits
from sandbox.processes.stacks import smallest_stack

CellStatus = Literal["ok", "error", "timed_out", "died", "not_run"]
Outcome = Literal["passed", "failed", "crashed", "timed_out", "out_of_memory", "blocked", "our_fault"]
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Cell:
    id: str
    source: str
    counts: bool = True  # carried for the caller: the run treats all cells alike


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    source: str
    hidden: bool
    needs: tuple[str, ...] = ()  # names of checks that must pass first; a name that is not in the plan is no condition
    seconds: float = 10


@dataclass(frozen=True, slots=True)
class TrialPlan:
    cells: tuple[Cell, ...]  # run top to bottom in the suspect
    judge_setup: tuple[str, ...]  # sources run in the judge, in order
    checks: tuple[Check, ...]
    remote_names: tuple[str, ...]  # names that checks read from the finished notebook
    object_names: frozenset[str] = frozenset()  # those of them whose values, and what calls give back, a check may ask as objects
    sources: Mapping[str, str] = field(default_factory=dict)  # answer name -> submitted source
    seed: int = 0  # of the notebook's process
    check_seed: int = 0  # of the checks; to be one that the notebook's author cannot know
    files: Mapping[str, bytes] = field(default_factory=dict)  # for both
    private_files: Mapping[str, bytes] = field(default_factory=dict)  # for the judge only
    limits: Limits = field(default_factory=Limits)
    notebook_seconds: float = 900  # all cells together; what is left after it is not run
    stack: Stack = field(init=False)  # what both sides have ready: a value must mean the same on either

    def __post_init__(self) -> None:
        cells, checks = (cell.source for cell in self.cells), (check.source for check in self.checks)
        stack = smallest_stack([*self.judge_setup, *checks, *cells])
        object.__setattr__(self, "stack", stack)  # once, not for each process


@dataclass(frozen=True, slots=True)
class CellRun:
    id: str
    status: CellStatus
    error: str = ""  # "NameError: ..."
    text: str = ""  # what it printed, cut
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class CheckRun:
    """`text` is for the learner, but with `our_fault` for the author or operator alone: it says what to repair."""

    name: str
    outcome: Outcome
    fraction: float = 0.0
    text: str = ""
    note: str = ""
    reported: bool = False  # the verdict rests in part on what the suspect says about itself
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class TrialReport:
    cells: tuple[CellRun, ...]
    checks: tuple[CheckRun, ...]
    seconds: float
    notebook_seconds: float  # of the cells alone
