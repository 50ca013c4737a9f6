"""Lets stock Jupyter clients (jupyter_client, nbclient) run their kernels in the sandbox.

A kernel specification asks for it (see `kernelspec.py`). The kernel's
sockets are Unix sockets in a folder of ours, bound before the kernel exists, so a client can connect at once."""

import asyncio
import atexit
import shutil
import signal
import tempfile
import threading
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.provisioner_base import KernelProvisionerBase
from traitlets import Float, Int, Unicode

from sandbox.environments import candidate_python
from sandbox.kernels.channels import listen
from sandbox.limits import Limits
from sandbox.processes.child import Child
from sandbox.processes.forkserver import ForkServer

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")  # in the order of the ports below
POLL_SECONDS = 0.02
_starting = threading.Lock()


@cache
def shared_forkserver(python: Path) -> ForkServer:
    """One zygote for all kernels of this process and interpreter; it ends with the process."""
    forkserver = ForkServer(python)
    atexit.register(forkserver.close)
    return forkserver


class SandboxProvisioner(KernelProvisionerBase):
    python = Unicode("", config=True)  # of the environment; without one: that of `base`
    memory_mb = Int(Limits().memory_mb, config=True)
    session_seconds = Float(Limits().session_seconds, config=True)

    child: Child | None = None
    folder: Path | None = None

    @property
    def has_process(self) -> bool:
        return self.child is not None

    async def poll(self) -> int | None:
        """None while it runs, else how it ended."""
        if self.child is None or self.child.alive():
            return None if self.child else 0
        ending = self.child.ending()
        return -ending.signal if ending.signal is not None else (ending.code or 0)

    async def wait(self) -> int | None:
        while self.child is not None and self.child.alive():
            await asyncio.sleep(POLL_SECONDS)
        ended = await self.poll()
        self._forget()
        return ended

    async def send_signal(self, signum: int) -> None:
        if self.child is not None and signum:  # 0 only asks whether it is there
            self.child.signal(signal.Signals(signum))

    async def kill(self, restart: bool = False) -> None:
        if self.child is not None:
            self.child.kill()

    async def terminate(self, restart: bool = False) -> None:
        """The first process of a pid namespace cannot be asked to end by SIGTERM."""
        await self.kill(restart)

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        return await super().pre_launch(cmd=["touchstone-kernel"], **kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        assert self.parent is not None
        key = self.parent.session.key.decode()
        self.folder = Path(tempfile.mkdtemp(prefix="touchstone-"))
        listeners = [listen(self.folder, f"k-{port}") for port in range(1, len(CHANNELS) + 1)]
        request: dict[str, object] = {"key": key, "output_kb": Limits().output_kb, "channels": list(CHANNELS)}
        limits = Limits(memory_mb=self.memory_mb, session_seconds=self.session_seconds)
        try:
            self.child = await asyncio.to_thread(self._spawn, request, [each.fileno() for each in listeners], limits)
        finally:
            for each in listeners:
                each.close()
        return {
            "transport": "ipc", "ip": str(self.folder / "k"), "key": key.encode(), "signature_scheme": "hmac-sha256",
            "shell_port": 1, "iopub_port": 2, "stdin_port": 3, "control_port": 4, "hb_port": 5,
        }  # fmt: skip

    def _spawn(self, request: dict[str, object], sockets: list[int], limits: Limits) -> Child:
        with _starting:
            forkserver = shared_forkserver(Path(self.python) if self.python else candidate_python())
        return forkserver.spawn("kernel", request, sockets, limits)

    async def cleanup(self, restart: bool = False) -> None:
        self._forget()

    def _forget(self) -> None:
        if self.child is not None:
            self.child.close()
            self.child = None
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.folder = None
