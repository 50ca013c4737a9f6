import pytest

from sandbox.inside.confinement.uids import EACH, FIRST, choose_block, next_free, parse_map

WHOLE_MACHINE = "         0          0 4294967295\n"
SMALL_CONTAINER = "         0     100000      65536\n"
SINGLE_USER = "      1000       1000          1\n"


def test_servers_get_blocks_of_their_own() -> None:
    ranges = parse_map(WHOLE_MACHINE)
    first, second = choose_block(ranges, serial=100), choose_block(ranges, serial=101)
    assert first == (FIRST + 100 * EACH, EACH)
    assert second[0] == first[0] + EACH


def test_a_container_with_few_users_leaves_those_of_the_system_alone() -> None:
    assert choose_block(parse_map(SMALL_CONTAINER), serial=1) == (10_000, 55_536)


def test_a_single_user_gives_no_block() -> None:
    assert choose_block(parse_map(SINGLE_USER), serial=1) == (0, 0)
    assert choose_block([], serial=1) == (0, 0)


def test_users_come_in_turn_and_never_twice_at_once() -> None:
    block = (100, 3)
    assert next_free(block, last=100, used=set()) == 101
    assert next_free(block, last=102, used=set()) == 100
    assert next_free(block, last=100, used={101}) == 102
    assert next_free(block, last=100, used={101, 102}) == 100
    with pytest.raises(OSError, match="every user"):
        next_free(block, last=100, used={100, 101, 102})
