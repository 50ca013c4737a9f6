"""Role `kernel`: an IPython kernel on sockets that the server bound before, with all that costs time left out.

Left out: the command line, configuration files, the connection file, history on disk, debugpy, subshells, and the walk over all
modules that only the debugger needs. `request`: `{"key", "output_kb", "channels"}`; a socket for each channel: shell and iopub, for
stock clients also stdin, control and hb."""

import logging
import os
import signal
import sys
import types
from collections.abc import Callable
from typing import Any

import zmq
from IPython.core.profiledir import ProfileDir
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from traitlets import HasTraits
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from .kernel_output import GuardedSession, PipedIOPubThread

NOWHERE = "ipc://handed-over-{}"  # an address is asked for, the socket that was handed over is used


def prepare(request: dict[str, Any], descriptors: list[int]) -> Callable[[], None]:
    app = SandboxKernelApp.instance(sockets=dict(zip(request["channels"], descriptors, strict=True)), config=configuration())
    app.session = GuardedSession(key=request["key"].encode(), username="candidate", output_bytes=request["output_kb"] * 1024)
    app.initialize([])
    show_figures()
    return app.start


def configuration() -> Config:
    config = Config()
    config.IPKernelApp.log_level = logging.CRITICAL
    config.HistoryManager.enabled = False
    config.InteractiveShell.history_load_length = 0
    config.InteractiveShell.cache_size = 100  # of `Out`: each entry keeps its value alive
    config.Completer.use_jedi = False  # slow on its first use, and it holds a lot of memory
    return config


def show_figures() -> None:
    """The inline backend was imported before there was a shell to tie it to: without this, figures arrive as text."""
    inline = sys.modules.get("matplotlib_inline.backend_inline")
    if inline is not None:
        inline._enable_matplotlib_integration()


class SandboxKernelApp(IPKernelApp):
    def __init__(self, sockets: dict[str, int], **more: Any) -> None:
        super().__init__(**more)
        self.handed_over = sockets
        self.parent_handle = 0

    def listen(self, context: zmq.Context, channel: str, kind: int) -> zmq.Socket | None:
        if channel not in self.handed_over:
            return None
        listener = context.socket(kind)
        listener.linger = 1000
        listener.setsockopt(zmq.USE_FD, self.handed_over[channel])
        listener.bind(NOWHERE.format(channel))
        return listener

    def init_sockets(self) -> None:
        """Control is served by the main loop: interrupts are signals, so nobody needs an answer while a cell runs."""
        self.context = zmq.Context()
        self.shell_socket = self.listen(self.context, "shell", zmq.ROUTER)
        self.stdin_socket = self.listen(self.context, "stdin", zmq.ROUTER)
        self.control_socket = self.listen(self.context, "control", zmq.ROUTER)
        self.configure_tornado_logger()
        self.iopub_thread = PipedIOPubThread(self.listen(self.context, "iopub", zmq.XPUB), pipe=True, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def init_heartbeat(self) -> None:
        if "hb" in self.handed_over:
            self.heartbeat = HandedOverHeartbeat(zmq.Context(), ("ipc", "handed-over", 1))
            self.heartbeat.descriptor = self.handed_over["hb"]
            self.heartbeat.start()

    def init_kernel(self) -> None:
        self.kernel = self.kernel_class.instance(
            parent=self, session=self.session, control_stream=self.control_socket and ZMQStream(self.control_socket),
            shell_stream=ZMQStream(self.shell_socket), iopub_thread=self.iopub_thread, iopub_socket=self.iopub_socket,
            stdin_socket=self.stdin_socket, log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns,
        )  # fmt: skip
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count

    def init_profile_dir(self) -> None:
        place = os.environ["IPYTHONDIR"]
        os.makedirs(place, exist_ok=True)
        self.profile_dir = ProfileDir.create_profile_dir(place, config=self.config)

    def init_signal(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # between cells; ipykernel listens while one runs

    def parse_command_line(self, argv: Any = None) -> None: ...
    def init_crash_handler(self) -> None: ...
    def init_config_files(self) -> None: ...
    def load_config_file(self, *_: Any, **__: Any) -> None: ...
    def init_connection_file(self) -> None: ...
    def write_connection_file(self, **_: Any) -> None: ...
    def cleanup_connection_file(self) -> None: ...
    def log_connection_info(self) -> None: ...
    def init_poller(self) -> None: ...


class HandedOverHeartbeat(Heartbeat):
    descriptor = -1

    def _bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        self.socket.bind(NOWHERE.format("hb"))


def leave_out_debugger() -> None:
    """A stand-in for `ipykernel.debugger`, whose import brings debugpy in (80 ms), and for the list of modules it wants (7 ms)."""

    class Debugger(HasTraits):
        just_my_code = True

    module = types.ModuleType("ipykernel.debugger")
    module.Debugger, module._is_debugpy_available = Debugger, False
    sys.modules["ipykernel.debugger"] = module

    class SysWithoutModules:
        modules: dict[str, Any] = {}

        def __getattr__(self, name: str) -> Any:
            return getattr(sys, name)

    sys.modules["ipykernel.ipkernel"].sys = SysWithoutModules()


leave_out_debugger()
