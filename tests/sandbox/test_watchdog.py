from sandbox.watchdog import Sharing, over_by_sum, over_exactly

MB = 1 << 20
SHARING = Sharing(zygote_bytes=240 * MB, sharers=3)


def test_the_memory_of_the_zygote_is_not_the_candidates() -> None:
    assert not over_by_sum(1200 * MB, SHARING, allowed=1000 * MB)
    assert over_by_sum(1300 * MB, SHARING, allowed=1000 * MB)


def test_the_exact_look_leaves_out_the_part_of_the_zygote_that_is_shared() -> None:
    assert SHARING.part_of(2) == 120 * MB
    assert not over_exactly(1100 * MB, 2, SHARING, allowed=1000 * MB)
    assert over_exactly(1200 * MB, 2, SHARING, allowed=1000 * MB)
