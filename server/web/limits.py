"""How often one address may do what costs or can be guessed. Counted in memory: the server is one process.

A view is limited by a decorator from here: `@limiter.limit("30/minute")`, with `key_func=by_person` where people share an
address.
"""

from flask import Flask, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from server.web.door import workers
from server.web.limit_windows import MovingWindows


def by_address() -> str:
    return get_remote_address() or "unknown"


def by_person() -> str:
    found = workers()
    return f"person:{found[-1].id}" if found else by_address()


limiter = Limiter(
    key_func=by_address,
    storage_uri=f"{MovingWindows.STORAGE_SCHEME[0]}://",
    strategy="moving-window",
    headers_enabled=False,
)


def install(app: Flask) -> None:
    limiter.init_app(app)


def posts_only() -> bool:
    """For `exempt_when`: showing a form costs nothing, sending it counts."""
    return request.method in ("GET", "HEAD", "OPTIONS")
