"""What protects every page: which hosts are answered, cookies, CSRF, and headers."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from server.accounts.sessions import LIFE
from server.errors import Invalid, NotAllowed, NotFound
from server.settings import Settings
from server.web.access import Who, who_may
from server.web.door import person

LOCAL_HOSTS = ("127.0.0.1", "localhost", "::1")
LARGEST_BODY = 8 * 1024 * 1024
FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
csrf = CSRFProtect()  # type: ignore[no-untyped-call]


def install(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret,
        SESSION_COOKIE_NAME="__Host-touchstone" if settings.https else "touchstone",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=LIFE,
        TRUSTED_HOSTS=trusted_hosts(settings),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=200,
        WTF_CSRF_TIME_LIMIT=None,  # a notebook that was open overnight must still be able to save
        WTF_CSRF_SSL_STRICT=False,  # the origin is checked below, by a rule that also holds without a Referer
    )
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    app.before_request(_refuse_other_sites)
    app.before_request(_refuse_nul)
    csrf.init_app(app)  # type: ignore[no-untyped-call]
    app.after_request(_add_headers)


def trusted_hosts(settings: Settings) -> list[str]:
    """The host of the base address; a site on this machine answers to all names of it."""
    host = urlsplit(settings.base_url).hostname or ""
    return list(LOCAL_HOSTS) if host in LOCAL_HOSTS else [host]


def nonce() -> str:
    """Random for each response; scripts and styles written into the page must carry it."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def _refuse_other_sites() -> None:
    """A post from another site's page is refused whatever token it brings. "null" says nothing: no-referrer pages send it."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    origin = request.headers.get("Origin", "null")
    foreign = origin != "null" and urlsplit(origin).netloc != request.host
    if foreign or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("This was sent from a page of another site, so nothing was done.", code="other_site")


def sent_from_here() -> bool:
    """The browser itself says that a page of this site sent it, whatever token it brings."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return request.headers.get("Sec-Fetch-Site") == "same-origin" or origin.netloc == request.host


def _refuse_nul() -> None:
    """No name, address or field of ours holds a NUL character, and PostgreSQL cannot be asked for one."""
    if "\0" in request.path:
        raise NotFound("There is no page at this address.")
    if any("\0" in value for value in request.form.values()):
        raise Invalid("What was sent holds a character that no text has (NUL). Remove it and try again.")


def _content_security_policy() -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'nonce-{nonce()}'",
            f"style-src 'self' 'nonce-{nonce()}'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "connect-src 'self'",
            "frame-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def _add_headers(response: Response) -> Response:
    headers = response.headers
    headers.setdefault("Content-Security-Policy", _content_security_policy())
    for name, value in FIXED_HEADERS.items():
        headers.setdefault(name, value)
    headers["Cache-Control"] = _caching()
    return response


def _caching() -> str:
    if request.endpoint == "static":
        return "public, no-cache"  # what may be kept for long was answered before: see static_files.py
    return "no-store" if _is_private() else "private, no-cache"


def _is_private() -> bool:
    return who_may() is not Who.ANYONE or request.method not in ("GET", "HEAD") or person() is not None
