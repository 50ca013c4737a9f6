"""Ways to the network and to the sockets of others (C004)."""

import os
import socket
import time

from .toolkit import CONTEXT, Answer, probe, read, those, tried

USUAL_PORTS = (22, 80, 443, 5000, 8000, 8080, 5432, 6379)
ADDRESSES = ("1.1.1.1", "8.8.8.8", "169.254.169.254")  # the last one tells machines in a cloud their passwords
PACKETS_LEFT = ("ECONNREFUSED", "ETIMEDOUT", "EHOSTUNREACH", "TimeoutError", "timed out")
USUAL_SOCKETS = (
    "/run/docker.sock", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/dbus/system_bus_socket",
    "/run/systemd/private", "/var/run/postgresql/.s.PGSQL.5432", "/tmp/.X11-unix/X0", "/run/redis/redis.sock",
    "/run/systemd/journal/socket", "/dev/log", "/run/user/0/bus",
)  # fmt: skip
FAMILIES = {"vsock": (40, 1), "alg": (38, 5), "bluetooth": (31, 3), "can": (29, 3), "tipc": (30, 5), "rds": (21, 5),
            "xdp": (44, 3), "qipcrtr": (42, 2), "key": (15, 3), "kcm": (41, 2), "smc": (43, 1), "x25": (9, 5), "phonet": (35, 2),
            "mctp": (45, 2), "netlink": (16, 3), "ax25": (3, 2), "ieee802154": (36, 3), "nfc": (39, 5), "caif": (37, 5),
            "mptcp": (2, 1)}  # fmt: skip
MPTCP = 262
UNIX_KINDS = (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM)


def connect(family: int, kind: int, address: object, seconds: float = 0.5) -> None:
    with socket.socket(family, kind) as own:
        own.settimeout(seconds)
        own.connect(address)


def addresses() -> list[str]:
    return list(CONTEXT.get("addresses", ADDRESSES))


@probe("network", seconds=8)
def tcp_to_server() -> Answer:
    ports = [CONTEXT["tcp_port"]] if CONTEXT.get("tcp_port") else USUAL_PORTS
    hosts = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
    targets = [(family, (host, port)) for family, host in hosts for port in ports]
    return those([(str(address), lambda family=family, address=address: connect(family, socket.SOCK_STREAM, address))
                  for family, address in targets])  # fmt: skip


@probe("network", seconds=12)
def internet_tcp() -> Answer:
    """Silence counts: it means that packets left."""
    got, stopped = [], ""
    for host, port in zip(addresses(), (53, 443, 80), strict=False):
        worked, why = tried(connect, socket.AF_INET, socket.SOCK_STREAM, (host, port), 1.5)
        if worked or why.startswith(PACKETS_LEFT):
            got.append(f"{host}: {'connected' if worked else why}")
        else:
            stopped = why
    return bool(got), got or stopped


@probe("network")
def udp_send() -> Answer:
    ways = [(host, lambda host=host: send_datagram((host, 53))) for host in addresses()]
    if CONTEXT.get("udp_port"):
        ways.append(("server's port", lambda: send_twice(("127.0.0.1", CONTEXT["udp_port"]))))
    return those(ways)


def send_datagram(address: tuple[str, int]) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.sendto(b"x", address)


def send_twice(address: tuple[str, int]) -> None:
    """Where nobody listens, the second one fails."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        own.connect(address)
        for _ in range(2):
            own.send(b"x")
            time.sleep(0.05)


@probe("network", seconds=8)
def dns_lookup() -> Answer:
    name = CONTEXT.get("dns_name", "example.org")
    found = socket.getaddrinfo(name, 80)
    return True, [address[0] for *_, address in found][:3]


@probe("network")
def fast_open_and_implicit_connect() -> Answer:
    """Data in the first packet: no call to connect that could be refused."""
    target = ("127.0.0.1", CONTEXT.get("tcp_port") or USUAL_PORTS[0])

    def fast_open() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as own:
            own.sendto(b"x", socket.MSG_FASTOPEN, target)

    return those([("fast open", fast_open)])


@probe("network")
def listen_on_a_port() -> Answer:
    """Of the machine: a port that only loopback reaches is no door."""
    if [line.split(":")[0].strip() for line in read("/proc/net/dev").decode().splitlines()[2:]] == ["lo"]:
        return False, "only loopback reaches it"

    def listen(family: int, host: str) -> None:
        with socket.socket(family, socket.SOCK_STREAM) as own:
            own.bind((host, 0))
            own.listen()

    return those([("IPv4", lambda: listen(socket.AF_INET, "0.0.0.0")), ("IPv6", lambda: listen(socket.AF_INET6, "::"))])


@probe("network")
def raw_and_packet_sockets() -> Answer:
    kinds = {"packet": (17, 3, 0), "raw icmp": (2, 3, 1), "raw tcp": (2, 3, 6), "raw6": (10, 3, 58), "ping": (2, 2, 1)}
    return those([(name, lambda kind=kind: socket.socket(*kind).close()) for name, kind in kinds.items()])


@probe("network")
def odd_socket_families() -> Answer:
    def make(name: str, family: int, kind: int) -> None:
        socket.socket(family, kind, MPTCP if name == "mptcp" else 0).close()

    return those([(name, lambda name=name, parts=parts: make(name, *parts)) for name, parts in FAMILIES.items()])


@probe("network")
def odd_socket_pairs() -> Answer:
    """A second call that makes sockets."""
    return those(
        [(str(family), lambda family=family: [each.close() for each in socket.socketpair(family)]) for family in (30, 2, 16, 38)]
    )


@probe("network")
def host_interfaces() -> Answer:
    found = [name for _, name in socket.if_nameindex() if name != "lo"]
    return bool(found), found or "only lo"


@probe("network")
def network_state_of_the_machine() -> Answer:
    """Connections and listeners of everybody, as /proc lists them."""
    paths = [f"/proc/net/{name}" for name in ("tcp", "udp", "unix", "arp", "route", "dev")]
    lines = {path: len(read(path).splitlines()) - 1 for path in paths if os.path.exists(path)}
    strange = unix_names()
    seen = lines.get("/proc/net/tcp", 0) + lines.get("/proc/net/route", 0) + len(strange)
    return seen > 0, lines or "nothing"


@probe("network")
def unix_socket_paths() -> Answer:
    """Also in folders that only hide them; connecting is enough, nothing is sent."""
    paths = {*CONTEXT.get("unix_paths", []), *USUAL_SOCKETS, *(name for name in unix_names() if name.startswith("/"))}
    if CONTEXT.get("only_pids"):
        paths = set(CONTEXT.get("unix_paths", []))
    return those(
        [
            (path, lambda path=path, kind=kind: connect(socket.AF_UNIX, kind, path))
            for path in sorted(paths)
            for kind in UNIX_KINDS
        ]
    )


@probe("network")
def abstract_sockets() -> Answer:
    names = {*CONTEXT.get("abstract", [])}
    if not CONTEXT.get("only_pids"):
        names |= {name[1:] for name in unix_names() if name.startswith("@")}
    return those([(name, lambda name=name: connect(socket.AF_UNIX, socket.SOCK_STREAM, "\0" + name)) for name in sorted(names)])


def unix_names() -> list[str]:
    worked, text = tried(read, "/proc/net/unix", 1 << 20)
    lines = [line.split() for line in text.decode(errors="replace").splitlines()[1:]] if worked else []
    return [words[7] for words in lines if len(words) > 7]


@probe("network")
def take_descriptors_from_others() -> Answer:
    """Whoever answers on a unix socket may hand over an open file (SCM_RIGHTS)."""

    def take(path: str) -> None:
        with socket.socket(socket.AF_UNIX) as own:
            own.settimeout(1)
            own.connect(path)
            _, descriptors, _, _ = socket.recv_fds(own, 16, 4)
            for descriptor in descriptors:
                os.close(descriptor)
            if not descriptors:
                raise FileNotFoundError("nothing came")

    givers = CONTEXT.get("givers", [])
    return those([(path, lambda path=path: take(path)) for path in givers])
