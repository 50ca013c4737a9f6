"""Static files under their content mark are answered before Flask: a first visit fetches half a hundred, and none needs to know
who is asking. Without a mark they go the usual way."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask
from whitenoise import WhiteNoise

from server.files import static_folder
from server.web.security import FIXED_HEADERS

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

PREFIX = "/static/"
YEAR = 365 * 24 * 60 * 60
POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"  # for a picture that is opened by itself


class MarkedFiles:
    def __init__(self, app: "WSGIApplication") -> None:
        self._app = app
        self._files = WhiteNoise(
            app,
            root=str(static_folder()),
            prefix=PREFIX,
            max_age=YEAR,
            allow_all_origins=False,
            immutable_file_test=lambda *_: True,
            add_headers_function=_add_headers,
        )

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        answer = self._files if is_marked(environ.get("PATH_INFO", ""), environ.get("QUERY_STRING", "")) else self._app
        return answer(environ, start_response)


def install(app: Flask) -> None:
    """Before a proxy's headers are read: nothing here depends on them."""
    app.wsgi_app = MarkedFiles(app.wsgi_app)  # type: ignore[method-assign]


def is_marked(path: str, query: str) -> bool:
    """Fonts are named by the style sheet, without a mark; they never change under their name."""
    return path.startswith(PREFIX) and (query.startswith("v=") or path.startswith(f"{PREFIX}fonts/"))


def _add_headers(headers: "dict[str, str]", _path: str, _url: str) -> None:
    for name, value in {"Content-Security-Policy": POLICY, **FIXED_HEADERS}.items():
        headers[name] = value
