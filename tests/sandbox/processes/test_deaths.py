import pytest

from sandbox.errors import Death
from sandbox.limits import Limits
from sandbox.processes.child import Ending
from sandbox.processes.deaths import cause_of
from sandbox.sentences import seconds, why_it_died

LIMITS = Limits(cpu_seconds=100)


@pytest.mark.parametrize(
    ("ours", "ending", "cause"),
    [
        (Death.session_over, Ending(signal=9), (Death.session_over, "")),
        (None, Ending(signal=9, cpu_seconds=99.9), (Death.cpu, "")),
        (None, Ending(signal=24), (Death.cpu, "")),
        (None, Ending(signal=9, cpu_seconds=1), (Death.memory, "")),  # by the machine itself
        (None, Ending(signal=11), (Death.crashed, "SIGSEGV")),
        (None, Ending(signal=63), (Death.crashed, "signal 63")),
        (None, Ending(code=3), (Death.crashed, "exit code 3")),
        (None, Ending(), (Death.crashed, "")),
    ],
)
def test_the_cause_follows_from_what_we_did_and_what_was_seen(
    ours: Death | None, ending: Ending, cause: tuple[Death, str]
) -> None:
    assert cause_of(ours, ending, LIMITS) == cause


@pytest.mark.parametrize("why", Death)
def test_every_death_has_a_sentence_that_says_what_is_safe(why: Death) -> None:
    assert why_it_died(why, LIMITS).endswith("your cells are safe.")


def test_the_sentence_about_memory_names_the_limit() -> None:
    expected = "Your code used more than 2 GB of memory, so the kernel was stopped; your cells are safe."
    assert why_it_died(Death.memory, Limits(memory_mb=2048)) == expected
    assert "512 MB" in why_it_died(Death.memory, Limits(memory_mb=512))


def test_lengths_of_time_read_well() -> None:
    assert [seconds(count) for count in (0.5, 1, 60, 120, 5400, 14_400)] == [
        "0.5 seconds", "1 second", "60 seconds", "2 minutes", "90 minutes", "4 hours"
    ]  # fmt: skip
