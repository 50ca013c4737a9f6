"""What a candidate's code could try, and what became of it: `python -m tests.attacks.report [--as-user] [--quick] [--json]`.

`--as-user` runs all of it as an ordinary user, `--quick` leaves out which layer stops what (that takes minutes), `--write FILE`
makes the page for people, for root and for an ordinary user."""

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from sandbox.environments import candidate_python
from sandbox.processes.forkserver import ForkServer
from tests.attacks.layers import Runs, examine
from tests.attacks.nobody import open_to_all, run_as_ordinary_user, run_as_root
from tests.attacks.observing import observe
from tests.attacks.probes.source import all_probes, names
from tests.attacks.proving import LIMITS, PLACES, Finding, prove
from tests.attacks.resolver import resolver

User = Literal["root", "ordinary user"]
SUCCEEDS = "succeeds"
HOURS = 3600.0
# Why a probe cannot be seen to succeed outside, where Linux' own answer would not tell.
NOT_SEEN = {
    "change_a_file_that_is_only_readable": "this Linux has the hole closed",
    "odd_socket_pairs": "this Linux makes no other pairs",
    "dns_lookup": "only root can put up a resolver of names for it",
    "counts_of_the_user": "nothing is counted for root",
    "device_nodes": "this user may open no device here",
    "kernel_log_and_symbols": "this user may not read them",
    "locked_memory": "this user may lock less",
}
REFUSALS = ("0 MB, EPERM", "EPERM", "EACCES", "stopped: EPERM", "stopped: EACCES", "EINVAL", "error EPERM", "ENOENT")
OF_THE_SERVER = {
    "links_in_work_folder": "no file of a kernel is read by path",
    "ignores_interrupt": "time limit, kill by pidfd",
    "holds_the_gil": "time limit, kill by pidfd",
    "print_flood": "limit of output",
    "one_large_print": "limit of output",
    "exits_at_once": "the end is seen by pidfd",
    "surviving_daemon": "own pids",
    "many_survivors": "own pids",
    "malformed_frames": "messages are checked before use",
    "junk_on_all_sockets": "messages are checked before use",
    "descriptors_for_the_server": "no descriptor is taken",
    "keeps_all_processors_busy": "priority, own pids",
}
INTRODUCTION = """# What was tried against the walls

This page is made by `make attacks`; do not edit it. Every line is an attack by a candidate's code that was really carried out:

- **outside**: in a plain process of the same user without walls, with something real to find. Only an attack that succeeds here
  proves anything about the walls; where it does not, the reason is given and the line is no evidence.
- **kernel** and **suspect**: in the process that runs a candidate's cells, and in the one that runs a submitted notebook for
  grading. "held" means that it did not succeed there.
- **stopped by**: the layers that stop it by themselves, found by running it with each of them alone; the one that acts first
  comes first. Names joined by "and" are needed together. The layers are described in the
  [README of the sandbox](../sandbox/README.md).

Attacks on resources run with small limits ({memory} MB of memory, {processes} processes) and take more than these allow.
"""


@dataclass(frozen=True, slots=True)
class Row:
    probe: str
    area: str
    outside: str
    kernel: str
    suspect: str
    layers: tuple[str, ...]

    @property
    def breached(self) -> bool:
        return "breached" in (self.kernel, self.suspect)


def make_rows(quick: bool) -> list[Row]:
    forkserver = ForkServer(candidate_python())
    try:
        found = [*prove(forkserver, names("plain", "heavy")), *observe(forkserver, names("observed"), PLACES)]
    finally:
        forkserver.close()
    runs = None if quick else examine(names("plain", "heavy"))
    by_place = {(each.probe, each.place): each for each in found}
    probes = dict.fromkeys(each.probe for each in found)

    rows = [as_row(probe, [by_place.get((probe, place)) for place in PLACES]) for probe in probes]
    return [replace(row, layers=tuple(stopping(row, runs))) for row in rows]


def stopping(row: Row, runs: Runs | None) -> list[str]:
    """Nothing is said about an attack that got through, or that was never seen to succeed."""
    if row.breached or row.outside != SUCCEEDS:
        return []
    if row.probe in OF_THE_SERVER:
        return [OF_THE_SERVER[row.probe]]
    return runs.stopping(row.probe) if runs else []


def as_row(probe: str, found: Sequence[Finding | None]) -> Row:
    outside, kernel, suspect = found
    area = all_probes()[probe].area if probe in all_probes() else "network"
    return Row(probe, area, seen_outside(outside), state_of(kernel), state_of(suspect), ())


def seen_outside(finding: Finding | None) -> str:
    if finding is None or finding.state == "breached":
        return SUCCEEDS if finding else "-"
    reason = NOT_SEEN.get(finding.probe) or ("this user has not the right" if finding.detail in REFUSALS else "")
    return f"not seen: {reason or finding.state}"


def state_of(finding: Finding | None) -> str:
    if finding is None:
        return "-"
    return f"skipped: {finding.detail}" if finding.state == "skipped" else finding.state


def as_table(rows: Sequence[Row]) -> str:
    lines = ["| attack | outside | kernel | suspect | stopped by |", "|---|---|---|---|---|"]
    for row in rows:
        cells = [row.outside, *(f"**{state}**" if state == "breached" else state for state in (row.kernel, row.suspect))]
        lines.append(f"| {row.probe.replace('_', ' ')} | {' | '.join(cells)} | {', '.join(row.layers) or 'not examined'} |")
    return "\n".join(lines)


def summary(rows: Sequence[Row]) -> str:
    seen = sum(row.outside == SUCCEEDS for row in rows)
    breaches = [row.probe.replace("_", " ") for row in rows if row.breached]
    which = f": {', '.join(breaches)}" if breaches else ""
    return f"{len(rows)} attacks, {seen} of them succeed outside; {len(breaches)} got through{which}."


def as_page(tables: dict[str, list[Row]], now: datetime) -> str:
    head = INTRODUCTION.format(memory=LIMITS.memory_mb, processes=LIMITS.processes)
    made = f"Made on {now:%Y-%m-%d} on Linux {platform.release()}, {platform.machine()}, Python {platform.python_version()}."
    parts = [f"## {title}\n\n{summary(rows)}\n\n{as_table(rows)}" for title, rows in tables.items()]
    return "\n\n".join([head + "\n" + made, *parts]) + "\n"


def rows_of(user: User, quick: bool) -> list[Row]:
    """In a process of its own. Root puts up a resolver of names for it; NoOrdinaryUser: there is none on this machine."""
    arguments = ["-m", "tests.attacks.report", "--json", *(["--quick"] if quick else [])]
    with tempfile.TemporaryDirectory(prefix="touchstone-attacks-", dir="/var/tmp", ignore_cleanup_errors=True) as name:
        place = open_to_all(Path(name))
        with resolver(place) if os.geteuid() == 0 else nullcontext({}) as shown:
            if user == "ordinary user" or os.geteuid() != 0:
                ran = run_as_ordinary_user(arguments, place, HOURS, shown=shown)
            else:
                ran = run_as_root(arguments, place, HOURS, shown=shown)
    if ran.returncode:
        raise SystemExit(f"The attacks as {user} could not be carried out: {ran.stderr[-2000:]}")
    return [as_read(each) for each in json.loads(ran.stdout)]


def as_read(told: dict[str, Any]) -> Row:
    return Row(**{**told, "layers": tuple(told["layers"])})


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.attacks.report", description=__doc__)
    for name in ("--as-user", "--quick", "--json"):
        parser.add_argument(name, action="store_true")
    parser.add_argument("--write", type=Path, metavar="FILE")
    options = parser.parse_args()
    if options.write:
        tables = {} if os.geteuid() else {"Started as root": rows_of("root", options.quick)}
        tables["Started as an ordinary user"] = rows_of("ordinary user", options.quick)
        options.write.write_text(as_page(tables, datetime.now(UTC)))
        print("\n".join(f"{title}: {summary(rows)}" for title, rows in tables.items()))
        return
    rows = rows_of("ordinary user", options.quick) if options.as_user else make_rows(options.quick)
    print(json.dumps([asdict(row) for row in rows]) if options.json else f"{as_table(rows)}\n\n{summary(rows)}")


if __name__ == "__main__":
    main()
