from sandbox.benches.neighbours import ATTACKS, measure_neighbours


def test_honest_cells_go_on_beside_every_attack_and_each_attacker_is_told() -> None:
    found = measure_neighbours(seconds=7)
    assert found["honest_failures"] == 0
    assert found["honest_during_ms"]["n"] > 5
    assert set(found["attackers_were_told"]) == set(ATTACKS)
    assert all(found["attackers_were_told"].values())
