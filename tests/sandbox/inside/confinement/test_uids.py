import os
import socket
from itertools import pairwise

import pytest

from sandbox.inside.confinement.uids import EACH, FEW, FIRST, OF_SYSTEM, Range, blocks, claim, next_free, outside, parse_map

WHOLE_MACHINE = "         0          0 4294967295\n"
SMALL_CONTAINER = "         0     100000      65536\n"
SINGLE_USER = "      1000       1000          1\n"
LENT = "         0       1000          1\n         1     200000      65536\n"


def first_of(text: str, serial: int) -> tuple[int, int] | None:
    return next(blocks(parse_map(text), serial), None)


def test_servers_get_blocks_of_their_own() -> None:
    assert first_of(WHOLE_MACHINE, 100) == (FIRST + 100 * EACH, EACH)
    assert first_of(WHOLE_MACHINE, 101) == (FIRST + 101 * EACH, EACH)


@pytest.mark.parametrize("text", [SMALL_CONTAINER, LENT])
def test_where_there_are_few_users_those_of_the_system_are_left_alone_and_no_two_blocks_meet(text: str) -> None:
    found = sorted(blocks(parse_map(text), serial=1))
    assert len(found) == 54
    assert all(first >= OF_SYSTEM and first + count <= 65_537 for first, count in found)
    assert all(first + FEW <= following for (first, _), (following, _) in pairwise(found))


def test_a_single_user_gives_no_block() -> None:
    assert first_of(SINGLE_USER, 1) is None
    assert first_of("", 1) is None
    with pytest.raises(OSError, match="too few"):
        claim(parse_map(SINGLE_USER), 1)


def test_what_a_user_is_called_outside() -> None:
    assert outside(parse_map(LENT), 0) == 1000
    assert outside(parse_map(LENT), 10_001) == 210_000


def test_servers_with_the_same_serial_number_get_different_blocks_while_both_live() -> None:
    ranges = [Range(0, os.getpid() << 24, 65_536)]  # nobody else on this machine has these
    (first, held), (second, other) = claim(ranges, 7), claim(ranges, 7)
    with other:
        held.close()
        again, third = claim(ranges, 7)
        third.close()
    assert first != second
    assert again == first


def test_when_all_blocks_are_taken_that_is_said() -> None:
    ranges = [Range(0, os.getpid() << 24, 21_100)]  # ten blocks
    holders: list[socket.socket] = [claim(ranges, 3)[1] for _ in range(10)]
    with pytest.raises(OSError, match="all 10 blocks"):
        claim(ranges, 3)
    for each in holders:
        each.close()


def test_users_come_in_turn_and_never_twice_at_once() -> None:
    block = (100, 3)
    assert next_free(block, last=100, used=set()) == 101
    assert next_free(block, last=102, used=set()) == 100
    assert next_free(block, last=100, used={101}) == 102
    assert next_free(block, last=100, used={101, 102}) == 100
    with pytest.raises(OSError, match="every user"):
        next_free(block, last=100, used={100, 101, 102})
