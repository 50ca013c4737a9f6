"""Users lent to an ordinary user, so that each kernel can be somebody else: /etc/subuid and /etc/subgid say which, and the
programs newuidmap and newgidmap map them into a namespace (man 5 subuid; rootless containers live from the same).

Only these two may, and only from outside of the namespace, so a process is forked before it is entered."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass

USERS, GROUPS = "/etc/subuid", "/etc/subgid"
MAP_USERS, MAP_GROUPS = "newuidmap", "newgidmap"
WHERE = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"
PATIENCE_SECONDS = 20
LONGEST = 500  # characters of what a program says
READ_AND_ENTER = 0o005
LEAST = 20_001  # see uids.py


@dataclass(frozen=True, slots=True)
class Loan:
    """`uid` and `gid` have it, and are root in the namespace; the lent ones follow from 1 on."""

    uid: int
    gid: int
    first_uid: int
    first_gid: int
    count: int


def largest(text: str, names: Sequence[str]) -> tuple[int, int]:
    """Lines `name or number:first:count` -> (first, count) of the largest of these names; count is 0 if there is none. Pure."""
    fields = [line.split(":") for line in text.splitlines() if line.strip() and not line.startswith("#")]
    ranges = [(int(each[1]), int(each[2])) for each in fields if len(each) == 3 and each[0] in names and each[1].isdigit()
              and each[2].strip().isdigit()]  # fmt: skip
    return max(ranges, key=lambda each: each[1], default=(0, 0))


def own_loan() -> Loan:
    """Raises LookupError that says what is missing."""
    for program in (MAP_USERS, MAP_GROUPS):
        if shutil.which(program, path=WHERE) is None:
            raise LookupError(f"{program} is not installed")
    uid, gid = os.getuid(), os.getgid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError:
        raise LookupError(f"user {uid} has no name on this machine") from None
    first_uid, users = largest(read(USERS), (name, str(uid)))
    first_gid, groups = largest(read(GROUPS), (name, str(uid)))
    if not users or not groups:
        raise LookupError(f"{GROUPS if users else USERS} lends nothing to {name}")
    if min(users, groups) < LEAST:
        raise LookupError(f"{min(users, groups)} users are lent to {name}, {LEAST} are needed")
    return Loan(uid, gid, first_uid, first_gid, min(users, groups))


def read(path: str) -> str:
    try:
        with open(path) as text:
            return text.read()
    except OSError:
        return ""


def check_open_to_all(paths: Sequence[str]) -> None:
    """Lent users read with everybody's rights. Raises LookupError for the first place that is closed to them."""
    for path in paths:
        real = os.path.realpath(path)
        if os.stat(real).st_mode & READ_AND_ENTER != READ_AND_ENTER:
            raise LookupError(f"{real} is closed to other users (chmod -R o+rX {real} opens it)")


class Lender:
    """Waits outside of the namespace that this process is about to enter."""

    def __init__(self, loan: Loan) -> None:
        target = os.getpid()
        told, self.go = os.pipe()
        self.answer, answer = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.go)
            os.read(told, 1)
            os.write(answer, map_into(target, loan).encode())
            os._exit(0)
        os.close(told)
        os.close(answer)

    def lend(self) -> str:
        """-> why it could not be done; empty when this process is root of its namespace now."""
        os.close(self.go)
        with os.fdopen(self.answer, "rb") as answer:
            why = answer.read()
        os.waitpid(self.pid, 0)
        return why.decode(errors="replace")


def map_into(target: int, loan: Loan) -> str:
    """-> what went wrong. Groups first: when they cannot be mapped, nothing was, and the plain way is still open."""
    for program, own, first in ((MAP_GROUPS, loan.gid, loan.first_gid), (MAP_USERS, loan.uid, loan.first_uid)):
        ids = [target, 0, own, 1, 1, first, loan.count]
        try:
            ran = subprocess.run(
                [program, *map(str, ids)], env={"PATH": WHERE}, capture_output=True, text=True, timeout=PATIENCE_SECONDS
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError) as error:
            return f"{program}: {error}"[:LONGEST]
        if ran.returncode:
            return (ran.stderr.strip() or f"{program} ended with {ran.returncode}")[:LONGEST]
    return ""
