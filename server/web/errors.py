"""Every way in which a request can fail, turned into a status and a page (or JSON) once."""

import secrets
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, g, jsonify, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, SecurityError

from server.clock import now
from server.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal, SignInNeeded, TooMany, Unavailable
from server.web.limits import limiter
from server.web.pages import own_path, page
from server.web.security import sent_from_here
from server.web.wording import wait

log = structlog.get_logger(__name__)

STATUS: tuple[tuple[type[Refusal], int], ...] = (
    (NotFound, 404),
    (SignInNeeded, 401),
    (NotAllowed, 403),
    (Conflict, 409),
    (Invalid, 422),
    (TooMany, 429),
    (Unavailable, 503),
    (Refusal, 400),
)

HEADINGS = {
    400: "This request could not be understood",
    403: "This page is not open to you",
    404: "There is no page at this address",
    405: "This address does not work that way",
    409: "Something changed in the meantime",
    413: "That is too large",
    422: "This could not be accepted",
    503: "This does not work just now",
}

HEADINGS_OF_CODES = {"link_over": "This link is over"}

NO_PAGE = "The exercise may have been renamed, or the link was cut off on the way."
PLAIN = {"Content-Type": "text/plain; charset=utf-8"}
EXPIRED_FORM = "This form was open for too long, or the cookies of this site are blocked. Go back, reload the page and try again."


def install(app: Flask) -> None:
    app.register_error_handler(Refusal, refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(RateLimitExceeded, _limited)
    app.register_error_handler(SecurityError, _wrong_host)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _broken)


def wants_json() -> bool:
    """Scripts get JSON: they send JSON, or accept nothing that a page could be."""
    accepted = request.accept_mimetypes
    return request.is_json or ("application/json" in accepted.values() and not accepted.accept_html)


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUS if isinstance(refusal, kind))


def refused(refusal: Refusal) -> ResponseReturnValue:
    status = status_of(refusal)
    if isinstance(refusal, SignInNeeded) and request.method in ("GET", "HEAD") and not wants_json():
        return redirect(url_for("account.sign_in", next=request.full_path.rstrip("?")))
    if isinstance(refusal, TooMany):
        return _too_many(refusal.sentence, refusal.wait_seconds, refusal.code)
    more = {"fields": refusal.errors} if isinstance(refusal, Invalid) and refusal.errors else {}
    return _answer(status, refusal.code, refusal.sentence, **more)


def _forged(error: HTTPException) -> ResponseReturnValue:
    log.info("csrf.refused", reason=error.description, path=request.path)
    if wants_json() or not _can_be_sent_again():
        return _answer(400, "form_expired", EXPIRED_FORM)
    fields = [(name, value) for name, value in request.form.items(multi=True) if name != "csrf_token"]
    return page("errors/send_again.html", 400, address=request.full_path.rstrip("?"), fields=fields)


def _can_be_sent_again() -> bool:
    """By its person, from a page of ours that shows what it says. A password and a file have to be given again."""
    secret = any("password" in name for name in request.form)
    return sent_from_here() and not secret and not any(file.filename for file in request.files.values())


def _too_deep(_error: Exception) -> ResponseReturnValue:
    """What the standard JSON reader raises for a body that is nested a hundred thousand times."""
    return _answer(422, "invalid", "What was sent is nested too deeply to be read.")


def _limited(_error: HTTPException) -> ResponseReturnValue:
    limit = limiter.current_limit
    seconds = max(1, round(limit.reset_at - now().timestamp())) if limit else 60
    return _too_many("The limit keeps the site free for others.", seconds, "too_many")


def _too_many(sentence: str, seconds: int, code: str) -> ResponseReturnValue:
    response = make_response(_answer(429, code, sentence, wait=wait(seconds), wait_seconds=seconds))
    response.headers["Retry-After"] = str(seconds)
    return response


def _http(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.response is not None:
        return error
    if 300 <= error.code < 400:
        return error
    sentence = NO_PAGE if error.code == 404 else error.description or error.name
    return _answer(error.code, error.name.lower().replace(" ", "_"), sentence)


def _wrong_host(_error: HTTPException) -> ResponseReturnValue:
    """Plain text: no address of a page can be made under a host that is not ours."""
    return "This site does not answer under this address. Its operator sets the address with TOUCHSTONE_BASE_URL.\n", 400, PLAIN


def _broken(_error: Exception) -> ResponseReturnValue:
    """The last door: what nobody foresaw. The person gets a code to quote, the log gets the code and the traceback."""
    code = f"{secrets.token_hex(2)}-{secrets.token_hex(1)}".upper()
    log.exception("request.broke", code=code, method=request.method, rule=str(request.url_rule))
    _drop_database()
    return _answer(500, "our_fault", f"The fault was recorded as {code}. Quote it if you write to the operator.", quote=code)


def _drop_database() -> None:
    """A session whose transaction broke cannot serve the error page."""
    broken = g.pop("database", None)
    if broken is not None:
        broken.close()
    g.setdefault("person", None)


def _answer(status: int, code: str, sentence: str, **more: Any) -> ResponseReturnValue:
    if wants_json():
        return jsonify({"error": {"code": code, "sentence": sentence, **more}}), status
    template = f"errors/{status}.html" if status in (403, 404, 429, 500) else "errors/other.html"
    heading = HEADINGS_OF_CODES.get(code) or HEADINGS.get(status, "This did not work")
    return page(template, status, sentence=sentence, heading=heading, number=status, back=_page_before(), **more)


def _page_before() -> str:
    """Where a form was sent from, to go on there; nothing when an address was only looked at."""
    before = urlsplit(request.referrer or "")
    at_ours = request.method == "POST" and before.netloc == request.host
    return own_path(f"{before.path}?{before.query}".rstrip("?"), "") if at_ours else ""
