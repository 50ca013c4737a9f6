"""Mails written from templates: the words as plain text, and the same words once more as HTML."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from server.files import templates_folder
from server.mail.message import Message


def write_mail(template: str, to: str, subject: str, **words: object) -> Message:
    """From templates/mail/<template>.txt and .html. In the HTML every word is escaped; the subject is one line."""
    text, html = (_environment().get_template(f"{template}.{form}").render(words) for form in ("txt", "html"))
    return Message(to, " ".join(subject.split()), text, html)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(templates_folder() / "mail"),
        autoescape=lambda name: name is None or not name.endswith(".txt"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
