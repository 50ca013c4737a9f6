"""The probes as one text that can be sent as a cell: what the modules import from one another is left out, the rest is joined."""

import ast
import importlib
import os
from functools import cache
from pathlib import Path

from sandbox.inside.confinement import syscalls
from tests.attacks.probes import toolkit

MODULES = (
    "toolkit",
    "files",
    "processes",
    "network",
    "privileges",
    "interfaces",
    "resources",
    "kernel_memory",
    "signs",
    "observed",
)
MORE_CALLS = {"io_setup": (206, 0), "clone": (56, 220)}  # x86-64, 64-bit ARM


@cache
def probes_source(*modules: str) -> str:
    """All probes, or those of some modules; the toolkit is always there."""
    wanted = [name for name in MODULES if not modules or name in (*modules, "toolkit")]
    texts = {name: Path(__file__).with_name(f"{name}.py").read_text() for name in wanted}
    expect_own_names(texts)
    return "\n".join([*map(standalone, texts.values()), f"NUMBERS.update({numbers()!r})"])


def standalone(text: str) -> str:
    lines = text.splitlines()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.level:
            lines[node.lineno - 1 : node.end_lineno] = [""] * ((node.end_lineno or node.lineno) - node.lineno + 1)
    return "\n".join(lines)


def expect_own_names(texts: dict[str, str]) -> None:
    """Joined, a second function of the same name would take the place of the first."""
    seen: dict[str, str] = {}
    for module, text in texts.items():
        for node in ast.parse(text).body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                if node.name in seen:
                    raise ValueError(f"{module}.py and {seen[node.name]}.py both define {node.name}: rename one")
                seen[node.name] = module


def numbers() -> dict[str, int]:
    machine = syscalls.MACHINES.index(os.uname().machine)
    known = {name: found[machine] for name, found in {**syscalls.TABLE, **MORE_CALLS}.items()}
    return {name: number for name, number in known.items() if number is not None}


@cache
def all_probes() -> dict[str, toolkit.Probe]:
    """In the order of the modules, whoever imported one of them before."""
    places = [importlib.import_module(f"{__package__}.{name}").__name__ for name in MODULES]
    return dict(sorted(toolkit.PROBES.items(), key=lambda item: places.index(item[1].act.__module__)))


def names(*kinds: str) -> list[str]:
    return [name for name, each in all_probes().items() if not kinds or each.kind in kinds]
