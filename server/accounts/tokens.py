"""Secrets that travel in cookies and links: 256 random bits, stored only as their hash."""

import hashlib
import secrets


def new_token() -> str:
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """No salt or slow hash is needed: the token itself cannot be guessed. The look-up goes by hash, so it leaks no timing."""
    return hashlib.sha256(token.encode()).hexdigest()
