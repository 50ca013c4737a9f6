"""Mails reach a real SMTP server as written, or a folder; nothing smuggles a header in."""

import shutil
import ssl
import stat
import subprocess
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from server.mail.mailer import MailError
from server.mail.message import Message
from server.mail.outbox import Outbox
from server.mail.smtp import Smtp
from server.mail.templates import write_mail
from server.settings import SmtpServer
from tests.postbox import Postbox, free_port, part, postbox_on

SENDER = "touchstone@example.org"
MESSAGE = Message("mira@example.org", "Choose a new password", "Grüße,\n\nhttps://example.org/reset/abc\n")


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, int]]:
    box = Postbox()
    port = free_port()
    controller = postbox_on(port, box)
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


def test_a_mail_with_html_has_both_forms_and_the_plain_one_first(postbox: tuple[Postbox, int]) -> None:
    box, port = postbox
    smtp(port).send(Message("mira@example.org", "Hello", "Grüße\n", "<p>Grüße</p>\n"))
    mail = box.mails()[0]
    assert mail.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in mail.iter_parts()] == ["text/plain", "text/html"]
    assert (part(mail, "plain").strip(), part(mail, "html").strip()) == ("Grüße", "<p>Grüße</p>")


def test_a_template_gives_the_same_words_twice_and_escapes_them_in_html() -> None:
    words = {"name": "Mira <b>", "team": "A & B", "job": "ML", "contact": "", "link": "https://example.org/invitation/abc"}
    message = write_mail("way_back", "mira@example.org", "A\r\nBcc: all@example.org", **words)
    assert message.subject == "A Bcc: all@example.org"
    assert "Hello Mira <b>," in message.text and "A & B" in message.text
    assert "Hello Mira &lt;b&gt;," in message.html and "A &amp; B" in message.html and "<b>" not in message.html
    assert "Questions" not in message.text + message.html


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
    assert caught.value.reply == ("550 no such person" if permanent else "451 busy, try later")


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
