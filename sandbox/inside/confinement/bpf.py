"""A small assembler for seccomp filters (classic BPF): just the instructions that `seccomp.py` needs.

A filter reads `struct seccomp_data { int nr; u32 arch; u64 instruction_pointer; u64 args[6]; }` and returns what to do."""

import struct
import sys
from dataclasses import dataclass

LOAD_WORD, JUMP_EQUAL, JUMP_GREATER, JUMP_AT_LEAST, JUMP_ANY_BIT, AND, RETURN = (
    0x20, 0x15, 0x25, 0x35, 0x45, 0x54, 0x06,
)  # fmt: skip
NUMBER, ARCHITECTURE = 0, 4
ALLOW, ERRNO = 0x7FFF_0000, 0x0005_0000


@dataclass(frozen=True, slots=True)
class Instruction:
    code: int
    value: int
    if_true: int = 0
    if_false: int = 0

    def packed(self) -> bytes:
        return struct.pack("=HBBI", self.code, self.if_true, self.if_false, self.value)


Program = list[Instruction]


def load(offset: int) -> Program:
    return [Instruction(LOAD_WORD, offset)]


def argument(index: int) -> int:
    """Offset of the low half of an argument: the calls that are looked at take 32-bit values there."""
    return 16 + 8 * index + (0 if sys.byteorder == "little" else 4)


def keep_bits(mask: int) -> Program:
    """Of the loaded word."""
    return [Instruction(AND, mask)]


def answer(action: int) -> Program:
    return [Instruction(RETURN, action)]


def refuse(error: int) -> Program:
    return answer(ERRNO | error)


def when(jump: int, value: int, block: Program) -> Program:
    """Run `block` if the loaded word compares so, else step over it."""
    return [Instruction(jump, value, 0, len(block)), *block]


def unless(jump: int, value: int, block: Program) -> Program:
    return [Instruction(jump, value, len(block), 0), *block]


def assemble(program: Program) -> bytes:
    return b"".join(instruction.packed() for instruction in program)
