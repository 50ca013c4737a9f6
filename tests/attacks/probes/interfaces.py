"""Interfaces of Linux that a candidate does not need, most of them with a history of holes."""

import ctypes
import mmap
import os
import struct

from .toolkit import NUMBERS, Answer, Skip, called, in_child, permitted, probe, raw_call, reaching, those

X32_BIT = 0x4000_0000
GETPID_BY_INTERRUPT = bytes.fromhex("b814000000cd80c3")  # mov eax, 20; int 0x80; ret: the calls of 32-bit programs


@probe("interfaces")
def bpf_call() -> Answer:
    attributes = ctypes.create_string_buffer(struct.pack("IIII", 2, 4, 8, 1) + bytes(112))
    return those([("bpf", lambda: os.close(called("bpf", 0, attributes, 128)))])


@probe("interfaces")
def perf_event_open() -> Answer:
    attributes = ctypes.create_string_buffer(struct.pack("IIQ", 1, 128, 0) + bytes(112))
    of_user_code = ctypes.create_string_buffer(struct.pack("IIQ", 1, 128, 1) + bytes(24) + struct.pack("Q", 0x60) + bytes(80))
    return those([("all", lambda: os.close(called("perf_event_open", attributes, 0, -1, -1, 0))),
                  ("own code", lambda: os.close(called("perf_event_open", of_user_code, 0, -1, -1, 0)))])  # fmt: skip


@probe("interfaces")
def io_uring() -> Answer:
    return those([("io_uring_setup", lambda: os.close(called("io_uring_setup", 4, ctypes.create_string_buffer(120))))])


@probe("interfaces")
def userfaultfd() -> Answer:
    device = "/dev/userfaultfd"
    return those([("own code", lambda: os.close(called("userfaultfd", 1))), ("all", lambda: os.close(called("userfaultfd", 0))),
                  (device, lambda: os.close(os.open(device, os.O_RDWR)))])  # fmt: skip


@probe("interfaces")
def keyrings() -> Answer:
    return those([("add_key", lambda: called("add_key", b"user", b"probe", b"y", 1, -2)),
                  ("keyctl", lambda: called("keyctl", 0, -3, 1)),
                  ("request_key", lambda: called("request_key", b"user", b"probe", 0, -2))])  # fmt: skip


@probe("interfaces")
def module_and_kexec() -> Answer:
    """That the call reaches Linux at all, even one that is built without it and says so."""
    return reaching([
        ("init_module", lambda: called("init_module", -1, 16, b"")), ("finit_module", lambda: called("finit_module", -1, b"", 0)),
        ("delete_module", lambda: called("delete_module", -1, 0)), ("kexec_load", lambda: called("kexec_load", 0, -1, -1, -1)),
        ("kexec_file_load", lambda: called("kexec_file_load", -1, -1, 0, 0, 0)),
    ])  # fmt: skip


@probe("interfaces")
def the_machine_itself() -> Answer:
    """Restart (with a wrong magic word), swapping (of a file that is not there), accounting, quotas, ports."""
    ways = [("reboot", lambda: called("reboot", 1, 2, 3, 0)), ("swapon", lambda: called("swapon", b"/nowhere", 0)),
            ("swapoff", lambda: called("swapoff", b"/nowhere")), ("acct", lambda: called("acct", b"/nowhere/file"))]  # fmt: skip
    if "iopl" in NUMBERS:
        ways += [("iopl", lambda: called("iopl", 3)), ("ioperm", lambda: called("ioperm", 0x80, 1, 1))]
    return permitted(ways)


@probe("interfaces")
def shared_memory_of_system_v() -> Answer:
    """Objects that outlive processes and that no limit of a process counts."""
    return those([
        ("shmget", lambda: called("shmget", 0, 4096, 0o1600)), ("msgget", lambda: called("msgget", 0, 0o1600)),
        ("semget", lambda: called("semget", 0, 1, 0o1600)),
        ("mq_open", lambda: os.close(called("mq_open", b"probe", os.O_CREAT | os.O_RDWR, 0o600, 0))),
    ])  # fmt: skip


@probe("interfaces")
def memory_without_a_file() -> Answer:
    return those([("memfd_create", lambda: os.close(os.memfd_create("probe"))),
                  ("memfd_secret", lambda: os.close(called("memfd_secret", 0)))])  # fmt: skip


@probe("interfaces")
def odd_personalities() -> Answer:
    """Another layout of the address space, other rules for what may be executed."""
    answers = {name: in_child(lambda value=value: f"set {called('personality', value)}") for name, value in
               {"no random addresses": 0x0040000, "read implies execute": 0x0400000}.items()}  # fmt: skip
    return any(answer.startswith("set") for answer in answers.values()), answers


@probe("interfaces")
def gifts_of_memory() -> Answer:
    """vmsplice and the old remapping of pages."""

    def gift() -> None:
        reading, writing = os.pipe()
        page = mmap.mmap(-1, 4096)
        vector = struct.pack("QQ", ctypes.addressof(ctypes.c_char.from_buffer(page)), 4096)
        try:
            called("vmsplice", writing, vector, 1, 0)
        finally:
            os.close(reading)
            os.close(writing)

    return those([("vmsplice", gift)])


@probe("interfaces")
def rules_on_top_of_the_wall() -> Answer:
    """A filter of one's own could listen to what one's children ask Linux for."""
    attributes = ctypes.create_string_buffer(struct.pack("=Q", 1))
    return permitted([("seccomp", lambda: called("seccomp", 2, 0, ctypes.create_string_buffer(8))),
                      ("landlock", lambda: os.close(called("landlock_create_ruleset", attributes, 8, 0)))])  # fmt: skip


@probe("interfaces")
def second_abi() -> Answer:
    """The same calls by other numbers, which a filter for the first would not know."""
    if os.uname().machine != "x86_64":
        raise Skip("only x86-64 has a second ABI behind the same entry")
    return those([("x32", lambda: raw_call(X32_BIT + 39)), ("32 bits", getpid_of_32_bits)])


def getpid_of_32_bits() -> None:
    def act() -> str:
        code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
        code.write(GETPID_BY_INTERRUPT)
        function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))
        return f"pid {'right' if function() == os.getpid() else 'wrong'}"

    if (answer := in_child(act)) != "pid right":
        raise PermissionError(1, answer)
