"""A real SMTP server for tests: it keeps the mails that it takes, and refuses some recipients."""

from __future__ import annotations

import re
import socket
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


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

    def mails(self) -> list[EmailMessage]:
        """In the order in which they came."""
        found = [message_from_bytes(envelope.original_content or b"", policy=default) for envelope in self.envelopes]
        return [mail for mail in found if isinstance(mail, EmailMessage)]


def part(mail: EmailMessage, kind: str) -> str:
    """The text of a mail as plain or html."""
    found = mail.get_body((kind,))
    assert found is not None, kind
    return str(found.get_content())


def link_in(mail: EmailMessage, name: str) -> str:
    """The address, without its host, of the one link with a token to /name/."""
    found = re.findall(rf"(/{name}/[\w-]+)", part(mail, "plain"))
    assert len(found) == 1, part(mail, "plain")
    return str(found[0])


def postbox_on(port: int, box: Postbox) -> Controller:
    """Started and stopped by whoever asks for it. Its user is "user", the password "pass word"."""
    return Controller(box, hostname="127.0.0.1", port=port, authenticator=_authenticate, auth_require_tls=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"user", b"pass word")
    return AuthResult(success=right, handled=False)
