"""Role `kernel`: an IPython kernel on sockets that the server bound before, with all that costs time left out.

The shell is built in the zygote, once; a forked process gives it sockets and threads. Left out are the command line,
configuration files, the connection file, history on disk, debugpy, subshells, and the list of all modules that only the debugger
needs. `request`: `{"key", "output_kb", "channels"}`; a socket for each channel: shell and iopub, for stock clients also stdin,
control and hb."""

import inspect
import logging
import os
import signal
import sys
import threading
import types
import uuid
from collections.abc import Callable
from typing import Any

import zmq
from ipykernel import ipkernel
from ipykernel.heartbeat import Heartbeat
from ipykernel.kernelapp import IPKernelApp
from IPython.core.profiledir import ProfileDir
from traitlets import HasTraits
from traitlets.config import Config
from zmq.eventloop.zmqstream import ZMQStream

from .kernel_output import GuardedSession, PipedIOPubThread

NOWHERE = "ipc://handed-over-{}"  # an address is asked for, the socket that was handed over is used


def warm() -> None:
    """In the zygote: no thread, no event loop and no socket may exist before the fork."""
    app = SandboxKernelApp.instance(config=configuration())
    app.build_shell()
    app.shell.run_cell("None", store_history=False, silent=True)  # fills the caches of compiling and running
    fail_once(app.shell)


def fail_once(shell: Any) -> None:
    """The first traceback of a process costs 100 ms, most of it for the rules of syntax colouring."""
    code = compile("1 / 0", shell.compile.cache("1 / 0", 0), "exec")
    try:
        exec(code, {})
    except ZeroDivisionError:
        shell.InteractiveTB.structured_traceback(*sys.exc_info())


def prepare(request: dict[str, Any], descriptors: list[int]) -> Callable[[], None]:
    app = SandboxKernelApp.instance()
    app.init_signal()
    app.session = GuardedSession(key=request["key"].encode(), username="candidate", output_bytes=request["output_kb"] * 1024)
    app.handed_over = dict(zip(request["channels"], descriptors, strict=True))
    app.connect()
    show_figures()
    return app.start


def configuration() -> Config:
    config = Config()
    config.IPKernelApp.log_level = logging.CRITICAL
    config.IPKernelApp.outstream_class = f"{__package__}.kernel_output.QuickOutStream"
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
    handed_over: dict[str, int] | None = None
    parent_handle = 0

    def build_shell(self) -> None:
        self.init_profile_dir()
        self.init_pdb()
        self.kernel = SandboxKernel.instance(parent=self, log=self.log, profile_dir=self.profile_dir, user_ns=self.user_ns)
        self.init_path()
        self.init_shell()
        self.init_gui_pylab()
        self.init_extensions()
        self.init_code()

    def connect(self) -> None:
        self.init_sockets()
        self.init_heartbeat()
        self.init_io()
        self.tie_kernel()
        sys.stdout.flush()
        sys.stderr.flush()

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

    def tie_kernel(self) -> None:
        kernel, shell = self.kernel, self.shell
        kernel.ident = str(uuid.uuid4())
        kernel.session, kernel.stdin_socket = self.session, self.stdin_socket
        kernel.shell_stream = ZMQStream(self.shell_socket)
        kernel.control_stream = self.control_socket and ZMQStream(self.control_socket)
        kernel.iopub_thread, kernel.iopub_socket = self.iopub_thread, self.iopub_socket
        kernel._stdout, kernel._stderr = sys.stdout, sys.stderr
        shell.displayhook.topic = kernel._topic("execute_result")
        for publisher in (shell.displayhook, shell.display_pub):
            publisher.session, publisher.pub_socket = self.session, self.iopub_socket
        self.displayhook.get_execution_count = lambda: kernel.execution_count

    def init_profile_dir(self) -> None:
        place = os.environ["IPYTHONDIR"]
        os.makedirs(place, exist_ok=True)
        self.profile_dir = ProfileDir.create_profile_dir(place, config=self.config)

    def init_signal(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # ipykernel listens while a cell runs, and only then


class NoChannelThread:
    """Stands where the thread for subshells would be: cells run in the main thread, which reads the shell channel itself."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


class SandboxKernel(ipkernel.IPythonKernel):
    shell_channel_thread = NoChannelThread()
    _supports_kernel_subshells = False
    _execute_sleep = 0.0  # the server waits for the last output itself


class HandedOverHeartbeat(Heartbeat):
    descriptor = -1

    def _bind_socket(self) -> None:
        self.socket.setsockopt(zmq.USE_FD, self.descriptor)
        self.socket.bind(NOWHERE.format("hb"))


class Instead:
    """A module in which some names mean something else."""

    def __init__(self, module: Any, **names: Any) -> None:
        self.__dict__.update(names)
        self._module = module

    def __getattr__(self, name: str) -> Any:
        return getattr(self._module, name)


class NoDebugger(HasTraits):
    just_my_code = True


def leave_out_debugger() -> None:
    """Importing the real one brings debugpy in (80 ms); and the kernel makes it a list of all modules (7 ms)."""
    module = types.ModuleType("ipykernel.debugger")
    module.Debugger, module._is_debugpy_available = NoDebugger, False
    sys.modules["ipykernel.debugger"] = module
    ipkernel.sys = Instead(sys, modules={})


def look_at_few_modules() -> None:
    """For each frame of a traceback, `inspect` looks at every module there is: time, and memory of the zygote that is then shared
    no more (14 MB for a first error). The frame itself names its module."""
    search = inspect.getmodule

    def getmodule(thing: Any, filename: str | None = None) -> types.ModuleType | None:
        return module_of(thing) if inspect.isframe(thing) else search(thing, filename)

    inspect.getmodule = getmodule


def module_of(frame: types.FrameType) -> types.ModuleType | None:
    """None for a cell, which is in no file."""
    module = sys.modules.get(str(frame.f_globals.get("__name__")))
    return module if getattr(module, "__file__", None) and module.__dict__ is frame.f_globals else None


leave_out_debugger()
look_at_few_modules()
