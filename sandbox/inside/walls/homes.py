"""Home folders on disk, for walls without a file tree of their own. They go with their process; those of a killed zygote go when
the next one starts."""

import os
import shutil
import stat
import tempfile

from .names import is_of_the_dead, own_name


class Homes:
    def __init__(self) -> None:
        self.place = ""  # the folder of this zygote's homes
        self.of: dict[int, str] = {}  # pid -> home
        self.next = ""  # of the process that is forked now

    def open(self) -> str:
        """Make the place; -> the zygote's own home in it."""
        folder = tempfile.gettempdir()
        sweep(folder)
        self.place = os.path.join(folder, own_name())
        os.mkdir(self.place, 0o711)
        return self.new()

    def new(self) -> str:
        return tempfile.mkdtemp(dir=self.place)

    def fork(self) -> int:
        """A new process, for which there is a home."""
        self.next = self.new()
        pid = os.fork()
        if pid:
            self.of[pid] = self.next
        return pid

    def drop(self, pid: int) -> None:
        home = self.of.pop(pid, None)
        if home is not None:
            shutil.rmtree(home, ignore_errors=True)

    def close(self) -> None:
        shutil.rmtree(self.place, ignore_errors=True)


def settle(home: str) -> None:
    os.environ.update(HOME=home, TMPDIR=home, MPLCONFIGDIR=f"{home}/.config/matplotlib", IPYTHONDIR=f"{home}/.ipython")
    tempfile.tempdir = None
    os.chdir(home)


def sweep(folder: str) -> None:
    for name in os.listdir(folder):
        path = os.path.join(folder, name)
        if is_of_the_dead(name) and is_own_folder(path):
            shutil.rmtree(path, ignore_errors=True)


def is_own_folder(path: str) -> bool:
    try:
        found = os.lstat(path)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
