"""How much one sandboxed process may take. The unit is in each name."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace


@dataclass(frozen=True, slots=True)
class Limits:
    cell_seconds: float = 60  # wall clock of one cell
    session_seconds: float = 14_400  # wall clock of a kernel's life
    start_seconds: float = 20  # a start that takes longer is our fault, never the candidate's
    cpu_seconds: int = 3_600  # of all that runs below a kernel
    memory_mb: int = 2_048  # above what the warm interpreter holds already; see docs of the sandbox
    processes: int = 64  # processes and threads together
    open_files: int = 256
    file_mb: int = 64  # the largest single file
    disk_mb: int = 64  # home, /tmp and /dev/shm together
    output_kb: int = 1_024  # text of one cell; images have a budget of their own
    outputs: int = 500  # messages of one cell

    def within(self, ceilings: Mapping[str, int]) -> "Limits":
        """None larger than its ceiling, where there is one: of the site, of a team."""
        return replace(self, **{name: min(getattr(self, name), most) for name, most in ceilings.items()})


NAMES = tuple(field.name for field in fields(Limits))


def read_ceilings(text: str) -> dict[str, int]:
    """`memory_mb=2048 cell_seconds=300` -> {name: most}. Raises ValueError with what it should be."""
    ceilings: dict[str, int] = {}
    for word in text.split():
        name, _, number = word.partition("=")
        if name not in NAMES or not number.isascii() or not number.isdigit() or int(number) < 1:
            raise ValueError(f"must be words such as memory_mb=2048, with a name out of {', '.join(NAMES)}")
        ceilings[name] = int(number)
    return ceilings
