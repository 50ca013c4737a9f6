"""Many people at work at once, on a server of its own: do they all get answers, how fast, and what does it cost."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from server.cli.bench.crowd.machine import Machine, wait_until_settled
from server.cli.bench.crowd.people import Lived
from server.cli.bench.crowd.plan import SETTLING_SECONDS, Plan, Think, bundled_tasks
from server.cli.bench.crowd.report import costs, report
from server.cli.bench.site import end_of_log, serving, site_environment
from server.settings import Settings, read_settings

KERNELS_EACH = 1.25  # people leave kernels behind when they go on; the one that is idle for longest makes room
PEOPLE = (sys.executable, "-P", "-m", "server.cli.bench.crowd.people")


def measure_load(
    people: int, seconds: float, think: Think, kernels: int | None = None, database_url: str | None = None
) -> dict[str, object]:
    """Start a server, let people work on it, and tell what they met and what the machine gave. Raises RuntimeError."""
    with tempfile.TemporaryDirectory(prefix="touchstone-load-") as folder:
        environ = _environment(Path(folder), kernels or round(people * KERNELS_EACH), database_url)
        site = read_settings(environ)
        plan = Plan(site.host, site.port, people, seconds, think, bundled_tasks(), SETTLING_SECONDS)
        with serving(environ, site) as server:
            wait_until_settled(server)
            machine = Machine(server)
            machine.start()
            lived = _let_live(plan)
            taken = machine.stop()
        found = _conditions(plan, site) | report(lived.acts, plan.measured_from, seconds)
        found |= taken.shown() | costs(lived, taken.cpu_seconds, taken.machine_cpu_seconds)
        return found | ({"server_log": end_of_log(site.data)} if found["errors"] else {})


def _environment(folder: Path, kernels: int, database_url: str | None) -> dict[str, str]:
    """The product's own limits stay on. All come from this machine: a proxy's header gives each person an own address."""
    own: dict[str, object] = {"KERNELS": kernels, "PROXIES": 1}
    return site_environment(folder, **own | ({"DATABASE_URL": database_url} if database_url else {}))


def _let_live(plan: Plan) -> Lived:
    """In a process of their own, so that what it costs to act them is not the server's."""
    process = subprocess.run(PEOPLE, input=msgspec.json.encode(plan), stdout=subprocess.PIPE, check=True)
    return msgspec.json.decode(process.stdout, type=Lived)


def _conditions(plan: Plan, site: Settings) -> dict[str, object]:
    return {
        "people": plan.people,
        "seconds": plan.seconds,
        "ramp_up_s": round(plan.ramp_up, 1),
        "measured_from_s": round(plan.measured_from, 1),
        "think_s": plan.think.shown(),
        "exercises": len(plan.tasks),
        "cores": os.cpu_count(),
        "database": site.database_url.partition(":")[0],
        "kernels_allowed": site.kernels,
        "threads": site.threads,
        "workers": site.workers,
    }
