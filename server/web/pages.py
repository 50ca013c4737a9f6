"""Pages from templates: what every page knows without being told."""

import hashlib
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, render_template, request, url_for
from flask import session as cookie

from server.accounts.tables import Theme
from server.files import static_folder
from server.web import wording
from server.web.door import person
from server.web.house import house
from server.web.security import nonce

# What the header offers to everybody, and to accounts besides.
NAVIGATION = (("Exercises", "/exercises"),)
FOR_ACCOUNTS = (("Teams", "/teams"),)


def install(app: Flask) -> None:
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.context_processor(_common)
    app.jinja_env.globals.update(static=static)
    app.jinja_env.filters.update(
        plural=wording.plural, day=wording.day, moment=wording.moment, number=wording.number, join_words=wording.join_words
    )


def page(template: str, status: int = 200, **context: Any) -> tuple[str, int]:
    return render_template(template, **context), status


@cache
def static(name: str) -> str:
    """The address of a static file, with a mark that changes with its content: it may then be cached for a year.

    Kept, because the notebook page names a hundred of them.
    """
    return url_for("static", filename=name, v=_mark(name))


def own_path(target: str | None, otherwise: str = "/") -> str:
    """`target` if it is a path of this site, written as browsers read it; else the other one."""
    if not target or not target.startswith("/") or len(target) > 2_000:
        return otherwise
    if any(ord(letter) <= 32 or letter in "\\\x7f" for letter in target) or not target.isprintable():
        return otherwise
    try:
        parts = urlsplit(target)
    except ValueError:
        return otherwise
    return otherwise if target.startswith("//") or parts.scheme or parts.netloc else target


def _mark(name: str) -> str:
    try:
        return hashlib.sha256((static_folder() / name).read_bytes()).hexdigest()[:12]
    except OSError:
        return "none"


def _common() -> dict[str, Any]:
    asking = person()
    return {
        "person": asking,
        "theme": asking.theme if asking else cookie.get("theme", Theme.SYSTEM),
        "nonce": nonce(),
        "here": request.path if request.method == "GET" else "/",
        "navigation": NAVIGATION if asking is None or asking.is_guest else NAVIGATION + FOR_ACCOUNTS,
        "sandbox_open": house().settings.sandbox == "open",
    }
