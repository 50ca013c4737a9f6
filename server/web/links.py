"""Links that carry a token: it is kept in the browser's cookie, and the address that people see and hand on has none."""

from flask import make_response, redirect
from flask import session as cookie
from flask.typing import ResponseReturnValue

LONGEST_TOKEN = 100


def keep_token(name: str, token: str) -> ResponseReturnValue:
    """On to the page of the same name, so that no history or log keeps the token. Nothing is used up."""
    cookie[name] = token[:LONGEST_TOKEN]
    response = make_response(redirect(f"/{name}", 303))
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
