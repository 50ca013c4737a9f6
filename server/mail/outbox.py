"""The mailer of a site without a mail server: each mail becomes a file that the operator can read and forward."""

import os
import secrets
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

import structlog

from server.clock import now
from server.mail.mailer import MailError
from server.mail.message import ABOUT, Message, as_email

log = structlog.get_logger(__name__)


class Outbox:
    def __init__(self, folder: Path, sender: str) -> None:
        self.folder = folder
        self.sender = sender

    def send(self, message: Message) -> None:
        moment = now()
        path = self.folder / f"{moment:%Y%m%d-%H%M%S}-{secrets.token_hex(4)}.eml"
        try:
            self._write(path, as_email(message, self.sender, moment).as_bytes())
        except ValueError as error:
            raise MailError(f"The mail cannot be written: {error}", permanent=True) from error
        except OSError as error:
            raise MailError(f"The mail could not be put into {self.folder}: {error.strerror}", permanent=False) from error
        log.info("mail.kept", file=str(path), subject=message.subject)

    def _write(self, path: Path, data: bytes) -> None:
        """Readable by the owner only, because mails carry links that sign people in."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)


def forget_mails(folder: Path, about: str, address: str) -> int:
    """Delete the copies that are about this thing, or to this address if one is given. Returns how many there were."""
    return sum(_forget_if(path, about, address) for path in folder.glob("*.eml"))


def _forget_if(path: Path, about: str, address: str) -> bool:
    try:
        with path.open("rb") as file:
            headers = BytesHeaderParser().parse(file)
    except OSError:  # the operator has moved it away
        return False
    to = parseaddr(headers.get("To", ""))[1].lower()
    if headers.get(ABOUT) != about and not (address and to == address.lower()):
        return False
    path.unlink(missing_ok=True)
    return True
