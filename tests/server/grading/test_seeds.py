"""The draws of checks: fixed for a submission, unknown without the site's secret."""

from server.grading.seeds import check_seed, seeds_key


def test_the_seed_is_fixed_and_each_part_changes_it() -> None:
    key = seeds_key("the secret of this site")
    first = check_seed(key, "softmax", 7)
    assert check_seed(key, "softmax", 7) == first
    others = [check_seed(key, "softmax", 8), check_seed(key, "ridge", 7), check_seed(seeds_key("another"), "softmax", 7)]
    assert len({first, *others}) == 4
    assert all(0 <= seed < 2**63 for seed in (first, *others))
