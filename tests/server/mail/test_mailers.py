"""Mails reach a real SMTP server as written, or a folder; nothing smuggles a header in."""

import shutil
import socket
import ssl
import stat
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from server.mail.mailer import MailError
from server.mail.message import Message
from server.mail.outbox import Outbox
from server.mail.smtp import Smtp
from server.settings import SmtpServer

SENDER = "touchstone@example.org"
MESSAGE = Message("mira@example.org", "Choose a new password", "Grüße,\n\nhttps://example.org/reset/abc\n")


class Postbox:
    """The other end of the SMTP conversation. It refuses nobody@, and is busy for later@."""

    def __init__(self) -> None:
        self.envelopes: list[Envelope] = []

    async def handle_RCPT(self, _smtp: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]) -> str:
        if address.startswith("nobody@"):
            return "550 no such person"
        if address.startswith("later@"):
            return "451 busy, try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _smtp: SMTP, _session: Session, envelope: Envelope) -> str:
        self.envelopes.append(envelope)
        return "250 OK"


def authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"pass word")
    return AuthResult(success=right, handled=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, authenticator=authenticate, auth_require_tls=False)
    controller.start()
    yield box, port
    controller.stop()


def smtp(port: int, user: str | None = None, password: str | None = None, security: str = "none") -> Smtp:
    return Smtp(SmtpServer("127.0.0.1", port, user, password, security), SENDER)  # type: ignore[arg-type]


def test_a_mail_arrives_as_it_was_written(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    smtp(port).send(MESSAGE)
    envelope = box.envelopes[0]
    mail = message_from_bytes(envelope.original_content or b"", policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["mira@example.org"])
    assert (mail["From"], mail["To"], mail["Subject"]) == (SENDER, "mira@example.org", "Choose a new password")
    assert mail.get_content().splitlines() == MESSAGE.text.splitlines()
    assert mail["Date"] and mail["Message-ID"].endswith("@example.org>")


def test_the_user_and_password_of_the_setting_are_used(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    smtp(port, "user", "pass word").send(MESSAGE)
    assert len(box.envelopes) == 1


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for 127.0.0.1 with its key, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    path = tmp_path_factory.mktemp("certificate") / "both.pem"
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    made += ["-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(["openssl", *made, "-keyout", path, "-out", path.with_name("cert.pem")], check=True, capture_output=True)
    path.write_text(path.read_text() + path.with_name("cert.pem").read_text())
    return path


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mails_travel_encrypted_when_the_setting_says_so(certificate: Path, security: str) -> None:
    box, port = Postbox(), free_port()
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(certificate)
    ours = ssl.create_default_context(cafile=certificate)
    encrypted = {"tls_context": theirs, "require_starttls": True} if security == "starttls" else {"ssl_context": theirs}
    controller = Controller(box, hostname="127.0.0.1", port=port, **encrypted)
    controller.start()
    try:
        Smtp(SmtpServer("127.0.0.1", port, None, None, security), SENDER, ours).send(MESSAGE)  # type: ignore[arg-type]
        with pytest.raises(MailError, match="cannot be used"):  # a certificate that nobody vouches for
            smtp(port, security=security).send(MESSAGE)
    finally:
        controller.stop()
    assert len(box.envelopes) == 1


def test_a_refused_password_names_the_setting_and_may_be_tried_again(postbox: tuple[Postbox, int]) -> None:
    with pytest.raises(MailError, match="TOUCHSTONE_SMTP_URL") as caught:
        smtp(postbox[1], "user", "wrong").send(MESSAGE)
    assert not caught.value.permanent


@pytest.mark.parametrize(("address", "permanent"), [("nobody@example.org", True), ("later@example.org", False)])
def test_a_refused_recipient_says_whether_trying_again_helps(postbox: tuple[Postbox, int], address: str, permanent: bool) -> None:
    with pytest.raises(MailError, match="refused the recipient") as caught:
        smtp(postbox[1]).send(Message(address, "Hello", "Hello"))
    assert caught.value.permanent is permanent


def test_without_starttls_nothing_is_sent_where_it_is_demanded(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    with pytest.raises(MailError, match="cannot be used"):
        smtp(port, security="starttls").send(MESSAGE)
    assert box.envelopes == []


def test_a_server_that_is_away_is_no_permanent_fault() -> None:
    with pytest.raises(MailError, match="cannot be used") as caught:
        smtp(free_port()).send(MESSAGE)
    assert not caught.value.permanent


@pytest.mark.parametrize(
    "message",
    [
        Message("mira@example.org\nBcc: all@example.org", "Hello", "Hello"),
        Message("mira@example.org", "Hello\r\nBcc: all@example.org", "Hello"),
    ],
)
def test_no_header_can_be_smuggled_in(postbox: tuple[Postbox, int], tmp_path: Path, message: Message) -> None:
    box, port = postbox
    for mailer in (smtp(port), Outbox(tmp_path, SENDER)):
        with pytest.raises(MailError, match="cannot be written"):
            mailer.send(message)
    assert box.envelopes == []
    assert list(tmp_path.iterdir()) == []


def test_the_outbox_keeps_mails_as_files_for_the_operator_only(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "outbox", SENDER)
    outbox.send(MESSAGE)
    outbox.send(MESSAGE)
    files = list((tmp_path / "outbox").glob("*.eml"))
    mail = message_from_bytes(files[0].read_bytes(), policy=default)
    assert len(files) == 2
    assert mail.get_content() == MESSAGE.text
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "outbox").stat().st_mode) == 0o700


def test_an_outbox_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file is in the way")
    with pytest.raises(MailError, match="could not be put into"):
        Outbox(tmp_path / "outbox", SENDER).send(MESSAGE)
