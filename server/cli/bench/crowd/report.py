"""From what people did to figures: each act's times, errors, and whether the goals were met. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from server.cli.bench.crowd.people import Lived
from server.cli.bench.crowd.plan import Act
from server.cli.bench.figures import percentile

# Every run counts, also one that has to start a kernel first.
GOALS_P95_MS = {"run": 500, "check": 1_000}
RUNS = ("first run", "next run")
LOOKING = ("look", "files")  # part of another act, and no act of a person
MOST_SHOWN = 10


def report(acts: Sequence[Act], measured_from: float, seconds: float) -> dict[str, object]:
    """Times are of acts that began when the arrival was over, and those of the arrival are told beside them; errors are counted
    from the first moment."""
    measured = [act for act in acts if measured_from <= act.at < measured_from + seconds]
    times = times_by_name(measured)
    arriving = times_by_name(act for act in acts if act.at < measured_from)
    wrong = [act for act in acts if act.error]
    return {
        "acts_per_second": round(sum(act.name not in LOOKING for act in measured) / seconds, 2),
        "acts": {name: spread_ms(times.get(name, [])) | {"errors": errors} for name, errors in errors_by_name(acts).items()},
        "while_arriving": {name: spread_ms(arriving.get(name, [])) for name in GOALS_P95_MS},
        "errors": len(wrong),
        "errors_seen": most_common(f"{act.name}: {act.error}" for act in wrong),
        "goals": goals(times, len(wrong)),
    }


def costs(lived: Lived, cpu_seconds: Mapping[str, float], machine_cpu_seconds: float) -> dict[str, object]:
    """Cores that were busy on average, and what one act took of one; None where none was done.

    `all` is the server and what is below it; `people` is what acting them cost; `others` is what else ran on the machine.
    """
    done = Counter(act.name for act in lived.acts)
    runs, gradings = sum(done[name] for name in RUNS), done["check"] + done["submit"]
    others = max(0.0, machine_cpu_seconds - sum(cpu_seconds.values()) - lived.cpu_seconds)
    used = {**cpu_seconds, "all": sum(cpu_seconds.values()), "people": lived.cpu_seconds, "others": others}
    return {
        "cores_busy": {part: round(seconds / lived.seconds, 3) for part, seconds in used.items()},
        "cpu_ms_each": {
            "act_in_server": each_ms(cpu_seconds["server"], sum(done.values()) - done["look"] - done["files"]),
            "run_in_kernel": each_ms(cpu_seconds["kernels"], runs),
            "grading_in_graders": each_ms(cpu_seconds["graders"], gradings),
        },
    }


def each_ms(seconds: float, count: int) -> float | None:
    return round(seconds / count * 1_000, 1) if count else None


def times_by_name(acts: Iterable[Act]) -> dict[str, list[float]]:
    """Seconds of acts that worked."""
    times: dict[str, list[float]] = {}
    for act in acts:
        if not act.error:
            for name in names_of(act):
                times.setdefault(name, []).append(act.seconds)
    return times


def errors_by_name(acts: Iterable[Act]) -> dict[str, int]:
    """Of every act that was tried, in the order of the alphabet."""
    counted: dict[str, int] = {}
    for act in acts:
        for name in names_of(act):
            counted[name] = counted.get(name, 0) + bool(act.error)
    return dict(sorted(counted.items()))


def names_of(act: Act) -> tuple[str, ...]:
    """Both kinds of run are runs."""
    return (act.name, "run") if act.name in RUNS else (act.name,)


def spread_ms(seconds: Sequence[float]) -> dict[str, object]:
    if not seconds:
        return {"count": 0}
    shown = {"p50_ms": percentile(seconds, 0.5), "p95_ms": percentile(seconds, 0.95), "max_ms": max(seconds)}
    return {"count": len(seconds)} | {name: round(value * 1_000, 1) for name, value in shown.items()}


def goals(times: dict[str, list[float]], errors: int) -> dict[str, object]:
    """`met` is None where nothing was measured."""
    reached: dict[str, object] = {"errors": {"goal": 0, "measured": errors, "met": errors == 0}}
    for name, goal in GOALS_P95_MS.items():
        measured = round(percentile(times[name], 0.95) * 1_000, 1) if times.get(name) else None
        reached[f"{name}_p95_ms"] = {"goal": goal, "measured": measured, "met": None if measured is None else measured < goal}
    return reached


def most_common(sentences: Iterable[str]) -> dict[str, int]:
    return dict(Counter(sentences).most_common(MOST_SHOWN))
