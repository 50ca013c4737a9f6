"""Every setting of Touchstone, read once from the environment at start.

`SETTINGS` is the one list: the reader, docs/settings.md and `touchstone doctor` all follow it. A wrong value stops the
start, and the message names every wrong one at once.
"""

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlsplit

from sandbox.limits import NAMES as LIMIT_NAMES
from sandbox.limits import read_ceilings

PREFIX = "TOUCHSTONE_"
TEST_PREFIX = "TOUCHSTONE_TEST_"
SECRET_LENGTH = 32

SandboxMode = Literal["confined", "full", "open"]


class SettingsError(Exception):
    """One message with a line for each setting that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        count = "One setting is" if len(problems) == 1 else f"{len(problems)} settings are"
        super().__init__("\n".join([f"{count} wrong:", *(f"  {problem}" for problem in problems)]))


@dataclass(frozen=True, slots=True)
class SmtpServer:
    host: str
    port: int
    user: str | None
    password: str | None
    security: Literal["none", "starttls", "tls"]


@dataclass(frozen=True, slots=True)
class Settings:
    data: Path
    host: str
    port: int
    database_url: str
    base_url: str
    secret: str
    smtp_url: SmtpServer | None
    mail_from: str
    sandbox: SandboxMode
    threads: int
    workers: int
    kernels: int
    proxies: int
    log_level: str
    candidate_python: Path | None
    limits: Mapping[str, int]

    @property
    def https(self) -> bool:
        return self.base_url.startswith("https://")

    @property
    def outbox(self) -> Path:
        """Where mails are kept as files while there is no mail server."""
        return self.data / "outbox"


@dataclass(frozen=True, slots=True)
class Setting:
    """`read` turns the text into the value, or raises ValueError with what it should be."""

    name: str
    help: str
    default: str
    read: Callable[[str], object]

    @property
    def variable(self) -> str:
        return PREFIX + self.name


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = least - 1
        if not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return text

    return read


def _from_home(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise ValueError("begins with a home folder that there is none of") from None


def _read_folder(text: str) -> Path:
    folder = _from_home(text)
    if folder.exists() and not folder.is_dir():
        raise ValueError("must be a folder, but a file lies there")
    return folder.absolute()


def _read_host(text: str) -> str:
    if "/" in text or " " in text:
        raise ValueError("must be a host name or an address, like 127.0.0.1")
    return text


def _read_database_url(text: str) -> str:
    for other in ("postgres://", "postgresql://"):
        if text.startswith(other):
            text = "postgresql+psycopg://" + text.removeprefix(other)
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("must start with sqlite:/// or postgresql://")
    return text


def _read_base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address like https://practice.example.org")
    if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        raise ValueError("must be a scheme and a host only, without a path")
    return f"{parts.scheme}://{parts.netloc}"


def _read_secret(text: str) -> str:
    if len(text) < SECRET_LENGTH:
        raise ValueError(f"must have at least {SECRET_LENGTH} characters; leave it out to have one made")
    return text


def _read_smtp(text: str) -> SmtpServer:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("must be an address like smtp://user:password@mail.example.org:587?starttls=1")
    starttls = parse_qs(parts.query).get("starttls", ["0"])[-1] in ("1", "true", "yes")
    security: Literal["none", "starttls", "tls"] = "tls" if parts.scheme == "smtps" else "starttls" if starttls else "none"
    port = parts.port or {"none": 25, "starttls": 587, "tls": 465}[security]
    user = unquote(parts.username) if parts.username else None
    return SmtpServer(parts.hostname, port, user, unquote(parts.password) if parts.password else None, security)


def _read_mail_from(text: str) -> str:
    if "@" not in text or "\n" in text or "\r" in text:
        raise ValueError("must be a mail address, like touchstone@example.org")
    return text


def _read_log_level(text: str) -> str:
    return _one_of("debug", "info", "warning", "error")(text.lower())


def _read_program(text: str) -> Path:
    program = _from_home(text)
    if not os.access(program, os.X_OK) or program.is_dir():
        raise ValueError("must be the path of a Python interpreter that can be run")
    return program.absolute()


SETTINGS: tuple[Setting, ...] = (
    Setting("DATA", "Folder for everything that Touchstone keeps.", "~/.local/share/touchstone", _read_folder),
    Setting("HOST", "Address that the server listens on.", "127.0.0.1", _read_host),
    Setting("PORT", "Port that the server listens on.", "8000", _whole_number(1, 65_535)),
    Setting(
        "DATABASE_URL",
        "Database: `sqlite:///path` or `postgresql://user:password@host/name`.",
        "touchstone.sqlite3 in the data folder",
        _read_database_url,
    ),
    Setting(
        "BASE_URL",
        "Address under which people reach the site. Links in mails use it, requests for other hosts are refused, and "
        "with https cookies are bound to it.",
        "http:// with host and port",
        _read_base_url,
    ),
    Setting(
        "SECRET",
        "Key that signs cookies, at least 32 characters. The default is made once and kept in the data folder, "
        "readable by its owner only.",
        "the file secret in the data folder",
        _read_secret,
    ),
    Setting(
        "SMTP_URL",
        "Mail server: `smtp://user:password@host:port?starttls=1`, or `smtps://` for TLS from the start. "
        "Without one, mails are written to the folder outbox in the data folder.",
        "none",
        _read_smtp,
    ),
    Setting("MAIL_FROM", "Sender of the mails.", "touchstone@ and the host of the base address", _read_mail_from),
    Setting(
        "SANDBOX",
        "`confined` runs people's code behind the strongest walls that this machine allows, or not at all. `full` insists on "
        "every wall. `open` runs it without walls: only for one person who practises on their own computer.",
        "confined",
        _one_of("confined", "full", "open"),
    ),
    Setting(
        "THREADS", "Web requests answered at the same time; at most half of them wait for a kernel.", "32", _whole_number(1, 512)
    ),
    Setting(
        "WORKERS",
        "Submissions graded at the same time; one more than processors keeps short checks from waiting.",
        "3",
        _whole_number(0, 64),
    ),
    Setting("KERNELS", "Most kernels running at the same time; others wait in a queue.", "100", _whole_number(1, 5_000)),
    Setting(
        "PROXIES",
        "Number of reverse proxies in front of the server whose X-Forwarded headers are believed.",
        "0",
        _whole_number(0, 5),
    ),
    Setting(
        "LIMITS",
        "Most that people's code may take, whatever an exercise asks for, such as `memory_mb=2048 cell_seconds=300`. "
        f"Names: {', '.join(LIMIT_NAMES)}.",
        "none",
        read_ceilings,
    ),
    Setting("LOG_LEVEL", "Least important log lines that are kept: debug, info, warning or error.", "info", _read_log_level),
    Setting(
        "CANDIDATE_PYTHON",
        "Interpreter that people's code runs with.",
        "the environment that `touchstone sandbox install` made",
        _read_program,
    ),
)


def read_settings(environ: Mapping[str, str]) -> Settings:
    """Read and check all settings; raises SettingsError with every wrong one."""
    values, problems = _read_each(environ)
    problems += _unknown_names(environ)
    data = values.get("DATA") or _default_data(environ)
    if data is None and not problems:
        problems.append(
            f"{PREFIX}DATA is not set, and the user of the server has no home folder: set it to a folder for its data."
        )
    if problems:
        raise SettingsError(problems)
    assert isinstance(data, Path)
    _complete(values, data)
    return Settings(**{setting.name.lower(): values[setting.name] for setting in SETTINGS})  # type: ignore[arg-type]


def _read_each(environ: Mapping[str, str]) -> tuple[dict[str, object], list[str]]:
    values: dict[str, object] = {}
    problems = []
    for setting in SETTINGS:
        text = environ.get(setting.variable, "").strip()
        if not text:
            continue
        try:
            values[setting.name] = setting.read(text)
        except ValueError as error:
            problems.append(f"{setting.variable} {error}.{_shown(setting, text)}")
    return values, problems


def _shown(setting: Setting, text: str) -> str:
    """What was set, unless it may hold a password."""
    return "" if setting.name in ("SECRET", "DATABASE_URL", "SMTP_URL") else f" It is {text!r}."


def _unknown_names(environ: Mapping[str, str]) -> list[str]:
    known = [setting.variable for setting in SETTINGS]
    problems = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and not name.startswith(TEST_PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1)
            problems.append(f"{name} is not a setting." + (f" Did you mean {near[0]}?" if near else ""))
    return problems


def _default_data(environ: Mapping[str, str]) -> Path | None:
    """None for a user of whom the machine knows nothing, as in many containers."""
    if base := environ.get("XDG_DATA_HOME"):
        return Path(base) / "touchstone"
    try:
        home = Path(environ.get("HOME") or Path.home())
    except RuntimeError:
        return None
    return home / ".local" / "share" / "touchstone"


def _complete(values: dict[str, object], data: Path) -> None:
    """Fill in the defaults, those that follow from other settings last."""
    values["DATA"] = data
    values.setdefault("SMTP_URL", None)
    values.setdefault("CANDIDATE_PYTHON", None)
    values.setdefault("LIMITS", {})
    values.setdefault("DATABASE_URL", f"sqlite:///{data / 'touchstone.sqlite3'}")
    for setting in SETTINGS:
        if setting.name in ("HOST", "PORT", "SANDBOX", "THREADS", "WORKERS", "KERNELS", "PROXIES", "LOG_LEVEL"):
            values.setdefault(setting.name, setting.read(setting.default))
    values.setdefault("BASE_URL", _local_address(str(values["HOST"]), values["PORT"]))
    values.setdefault("MAIL_FROM", f"touchstone@{urlsplit(str(values['BASE_URL'])).hostname}")
    if "SECRET" not in values:
        values["SECRET"] = kept_secret(data)


def _local_address(host: str, port: object) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "") else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def kept_secret(data: Path) -> str:
    """The secret of this data folder, made the first time. Two processes that start at once agree on one."""
    path = data / "secret"
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = data / f".secret-{secrets.token_hex(4)}"
    if not path.exists():
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(fresh, path)  # fails when another process was first; its secret is then ours
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text().strip()
