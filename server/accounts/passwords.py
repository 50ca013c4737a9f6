"""Passwords: what is accepted, how they are stored, and a comparison that takes the same time for unknown accounts."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST = 10
MOST = 200
FEWEST_DIFFERENT = 5

# OWASP's second choice for argon2id: 19 MB for each try at signing in, about 30 ms on one core.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


def problem_of(password: str, email: str = "") -> str | None:
    """Why this password is not accepted, as a sentence for the form; None when it is."""
    if len(password) < LEAST:
        return f"Use at least {LEAST} characters for the password"
    if len(password) > MOST:
        return f"Use at most {MOST} characters for the password"
    if len(set(password)) < FEWEST_DIFFERENT:
        return f"Use at least {FEWEST_DIFFERENT} different characters in the password"
    if email and _plain(password).casefold() == email.casefold():
        return "Use a password that is not your e-mail address"
    return None


def hash_password(password: str) -> str:
    return _hasher.hash(_plain(password))


def matches(stored: str | None, password: str) -> bool:
    """False also when nothing is stored, after the same work: the time does not tell whether an account exists."""
    try:
        return _hasher.verify(stored or _nobodys_hash(), _plain(password)) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Made with weaker settings than today's; it is replaced at the next sign-in."""
    return _hasher.check_needs_rehash(stored)


def _plain(password: str) -> str:
    """Keyboards write the same letter in different ways."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash("nobody has this password")
