"""The sandbox as a kernel that every Jupyter client finds: `jupyter console --kernel touchstone`."""

import json
import sys
import tempfile
from pathlib import Path

from jupyter_client.kernelspec import KernelSpecManager

from sandbox.environments import BASE

PROVISIONER = "touchstone"


def kernel_name(environment: str) -> str:
    return PROVISIONER if environment == BASE else f"{PROVISIONER}-{environment}"


def specification(environment: str, python: Path) -> dict[str, object]:
    """What stands in kernel.json. No process is started from `argv`: the provisioner asks the zygote for one."""
    return {
        "argv": [PROVISIONER, "{connection_file}"],
        "display_name": "Touchstone sandbox" if environment == BASE else f"Touchstone sandbox ({environment})",
        "language": "python",
        "interrupt_mode": "signal",
        "metadata": {
            "kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {"python": str(python.absolute())}},
            "debugger": False,
        },
    }


def register(environment: str, python: Path, prefix: Path | None = None) -> str:
    """Write it where the clients of this Python environment look (or below `prefix`). -> the kernel's name"""
    name = kernel_name(environment)
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "kernel.json").write_text(json.dumps(specification(environment, python), indent=1))
        KernelSpecManager().install_kernel_spec(folder, kernel_name=name, prefix=str(prefix or sys.prefix))
    return name
