"""The page about scale from measured figures: tables, a plot, what bounds each figure, what the next machine adds. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template
from typing import Any

from server.cli.bench.load import KERNELS_EACH
from server.cli.bench.scale.growth import Computer, Growth, Step
from server.cli.bench.scale.next_machine import Rates, next_machines, rates
from server.cli.bench.scale.plot import Line, Panel, draw

WORDS = Path(__file__).parent / "page.md"
PARTS = ("server", "zygote", "kernels", "graders")


def page(growth: Growth, plot: str) -> str:
    """Markdown; `plot` is the picture's address as seen from the page."""
    measured = rates(growth)
    first = growth.steps[0].load
    return Template(WORDS.read_text()).substitute(
        day=growth.day,
        machine=_machine(growth.computer),
        plot=plot,
        kernels=_kernels(growth.steps),
        think=_think(first["think_s"]),
        ramp=f"{first['ramp_up_s']:g} to {growth.steps[-1].load['ramp_up_s']:g} s",
        people=_people(growth.steps),
        cores=_cores(growth.steps),
        memory_bound=_memory_bound(measured),
        cpu_bound=_cpu_bound(measured),
        server_bound=_server_bound(measured),
        saves_bound=_saves_bound(growth),
        next=_next(growth, measured),
    )


def picture(growth: Growth) -> str:
    """The plot as SVG."""
    steps = growth.steps
    sizes = [step.size for step in steps]
    return draw([
        Panel("Answers to people, p95 in ms", "people", sizes, [
            Line("run", [_act(step, "run", "p95_ms") for step in steps], goal=_goal(steps, "run_p95_ms")),
            Line("check", [_act(step, "check", "p95_ms") for step in steps], goal=_goal(steps, "check_p95_ms")),
            Line("save", [_act(step, "save", "p95_ms") for step in steps]),
        ]),
        Panel("Kernels, p50 in ms", "kernels alive", sizes, [
            Line("next start", _kernel_figures(steps, "start_beside_them_ms")),
            Line("kill", _kernel_figures(steps, "kill_ms")),
            Line("trivial cell", _kernel_figures(steps, "trivial_cell_ms")),
        ]),
        Panel("Memory in GB", "people", sizes, [
            Line("kernels", [_gb(step, "kernels") for step in steps]),
            Line("server, zygote", [_gb(step, "server", "zygote") for step in steps]),
        ]),
        Panel(f"Cores busy, of {growth.computer.cores}", "people", sizes, [
            Line(part, [step.load["cores_busy"][part] for step in steps]) for part in ("server", "graders", "kernels", "others")
        ]),
    ])  # fmt: skip


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; every column but the first is of numbers."""
    lines = [heads, ["---"] + ["--:"] * (len(heads) - 1), *rows]
    return "\n".join(f"| {' | '.join(map(_shown, line))} |" for line in lines)


def _shown(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:,.10g}" if isinstance(value, int | float) else str(value)


def _machine(computer: Computer) -> str:
    cores = "1 core" if computer.cores == 1 else f"{computer.cores} cores"
    return f"{cores} ({computer.processor}), {computer.memory_gb:g} GB, {computer.system}, {computer.python}"


def _think(think: Mapping[str, Any]) -> str:
    return (
        f"{think['mean']:g} s on average (exponential, cut at {think['least']:g} and {think['most']:g} s, seed {think['seed']})"
    )


def _kernels(steps: Sequence[Step]) -> str:
    heads = ["alive", "idle, MB", "after light work, MB", "next start", "starts/s", "trivial cell", "kill"]
    largest, goals = steps[-1].kernels, steps[-1].kernels["goals"]
    return table(heads, [
        *(_kernel_row(step.kernels) for step in steps),
        ["goal", *(_p50(goals, name) for name in ("memory_idle_mb", "memory_light_mb")), _both(goals, "start_beside_them_ms"),
         goals["starts_per_second"], _p50(goals, "trivial_cell_ms"), _p50(goals, "kill_ms")],
        ["stock", None, _p50(largest, "stock_memory_light_mb"), _both(largest, "stock_first_reply_ms"), None,
         _both(largest, "stock_trivial_cell_ms"), _both(largest, "stock_kill_ms")],
    ])  # fmt: skip


def _kernel_row(figures: Mapping[str, Any]) -> list[object]:
    return [
        figures["kernels_alive"],
        _p50(figures, "memory_idle_mb"),
        _p50(figures, "memory_light_mb"),
        _both(figures, "start_beside_them_ms"),
        figures["starts_per_second"],
        _both(figures, "trivial_cell_ms"),
        _both(figures, "kill_ms"),
    ]


def _p50(figures: Mapping[str, Any], name: str) -> object:
    return figures[name]["p50"]


def _both(figures: Mapping[str, Any], name: str) -> str:
    return f"{figures[name]['p50']:g} / {figures[name]['p95']:g}"


def _people(steps: Sequence[Step]) -> str:
    heads = ["people", "errors", "acts/s", "run", "check", "submit", "save", "bank", "kernels", "memory, GB"]
    return table(heads, [
        [step.size, step.load["errors"], step.load["acts_per_second"],
         *(_act_times(step, name) for name in ("run", "check", "submit", "save", "bank")),
         step.load["kernels_alive_peak"], _gb(step, "server", "zygote", "kernels")]
        for step in steps
    ])  # fmt: skip


def _cores(steps: Sequence[Step]) -> str:
    columns = (*PARTS, "all", "others")
    heads = ["people", *PARTS, "together", "others"]
    return table(heads, [[step.size, *(round(step.load["cores_busy"][name], 2) for name in columns)] for step in steps])


def _act(step: Step, name: str, figure: str) -> float | None:
    found: float | None = step.load["acts"].get(name, {}).get(figure)
    return found


def _act_times(step: Step, name: str) -> str | None:
    middle, upper = _act(step, name, "p50_ms"), _act(step, name, "p95_ms")
    return None if middle is None or upper is None else f"{middle:.0f} / {upper:.0f}"


def _goal(steps: Sequence[Step], name: str) -> float:
    return float(steps[-1].load["goals"][name]["goal"])


def _kernel_figures(steps: Sequence[Step], name: str) -> list[float]:
    return [step.kernels[name]["p50"] for step in steps]


def _gb(step: Step, *parts: str) -> float:
    megabytes: float = sum(step.load["memory_mb_at_end"][part] for part in parts)
    return round(megabytes / 1024, 2)


def _memory_bound(measured: Rates) -> str:
    one_more = measured.kernel_mb * KERNELS_EACH
    return (
        f"One kernel takes {measured.kernel_mb:.0f} MB after light work; server and zygote take {measured.base_mb:.0f} MB\n"
        f"  together. With {KERNELS_EACH:g} kernels for each person, one more person takes {one_more:.0f} MB."
    )


def _cpu_bound(measured: Rates) -> str:
    return (
        f"A run takes {measured.run_ms:.0f} ms of a core in its kernel (starts are spread over all runs), a\n"
        f"  grading {measured.grading_ms:.0f} ms in judge and suspect. One person keeps {measured.cores_each * 100:.1f} % of a "
        "core busy, all parts together."
    )


def _server_bound(measured: Rates) -> str:
    most = f" {1_000 / measured.act_ms:.0f}" if measured.act_ms else ""
    return (
        f"An act takes {measured.act_ms:.0f} ms in the server, with the looks for results and the files of a first\n"
        f"  visit. Python runs one thread at a time, so about{most} acts a second are its end, however many cores there are."
    )


def _saves_bound(growth: Growth) -> str:
    sent = max(step.load["acts"].get("save", {}).get("count", 0) / step.load["seconds"] for step in growth.steps)
    return (
        f"It takes {growth.saves_per_second:,.0f} saves a second from eight threads, each synced to the disk;\n"
        f"  people sent {sent:.1f} a second at most. PostgreSQL (`TOUCHSTONE_DATABASE_URL`) lets several write at once."
    )


def _next(growth: Growth, measured: Rates) -> str:
    heads = [
        "cores",
        "memory, GB",
        "kernels",
        "runs/s",
        "gradings/s",
        "people by memory",
        "people by cores",
        "people by the server",
    ]
    return table(heads, [
        [machine.cores, machine.memory_gb, machine.kernels, machine.runs_per_second, machine.gradings_per_second,
         machine.people_by_memory, machine.people_by_cores, machine.people_by_server]
        for machine in next_machines(growth.computer, measured)
    ])  # fmt: skip
