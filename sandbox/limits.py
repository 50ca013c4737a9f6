"""How much one sandboxed process may take. The unit is in each name."""

from dataclasses import dataclass


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
