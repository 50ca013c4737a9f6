"""How much of the processor, and whether to go first when the machine runs out of memory: candidates come after the server."""

import os

OUT_OF_MEMORY_FIRST = 900
NICE = {"kernel": 5}  # somebody waits for what it computes
NICE_OTHERS = 10
GROUP_NICE = 10


def stand_back(counted: bool) -> None:
    """`counted`: a control group shares out the processor. Otherwise Linux may do so by session, and this becomes one."""
    with open("/proc/self/oom_score_adj", "w") as score:
        score.write(str(OUT_OF_MEMORY_FIRST))
    os.setsid()
    if not counted:
        weigh_session()


def work_behind_the_server(role: str) -> None:
    """The last step of a start, which itself should be as quick as a page."""
    os.nice(NICE.get(role, NICE_OTHERS))


def weigh_session() -> None:
    """Where Linux groups by session, else nothing. It lets ordinary users do this ten times a second."""
    try:
        with open("/proc/self/autogroup", "w") as group:
            group.write(str(GROUP_NICE))
    except OSError:
        pass
