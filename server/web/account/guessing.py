"""Limits on guessing: by address, by account, and for the whole site.

An attacker who tries one account from many addresses uses up the limit of that account; its owner must still get in. So a
browser that has signed in to an account before is counted on its own (a "known device"; the cookie is signed).
"""

import hashlib
import secrets

from flask import session as cookie

from server.accounts.people import plain_email
from server.web.account.forms import typed
from server.web.limits import limiter

MOST_KNOWN = 5

by_address = limiter.shared_limit("30 per 5 minutes", "guessing", methods=["POST"])
whole_site = limiter.shared_limit("600 per minute", "guessing-everywhere", key_func=lambda: "everybody", methods=["POST"])
account_makers = limiter.shared_limit("30 per hour", "account-makers", methods=["POST"])


def by_account() -> str:
    mark = _mark(typed("email")["email"])  # as the view reads it: padding must not make another account of it
    return f"known:{mark}:{cookie['device']}" if mark in cookie.get("known", []) else f"account:{mark}"


per_account = limiter.shared_limit("10 per 10 minutes", "guessing-account", key_func=by_account, methods=["POST"])


def remember_account(email: str | None) -> None:
    """This browser has proved that it knows the password of this account."""
    known = [mark for mark in cookie.get("known", []) if mark != _mark(email or "")]
    cookie.setdefault("device", secrets.token_hex(8))
    cookie["known"] = [_mark(email or ""), *known][:MOST_KNOWN]


def _mark(email: str) -> str:
    return hashlib.sha256(plain_email(email).encode()).hexdigest()[:16]
