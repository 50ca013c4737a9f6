"""What the forms of accounts share: fields as they were typed, and the page again when they have errors."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from server.errors import Invalid
from server.web.pages import page

LONGEST_FIELD = 1_000


def typed(*names: str) -> dict[str, str]:
    return {name: request.form.get(name, "")[:LONGEST_FIELD] for name in names}


def form_page(template: str, values: Mapping[str, str] | None = None, **context: Any) -> ResponseReturnValue:
    return page(template, values=values or {}, errors={}, **context)


def form_again(template: str, values: Mapping[str, str], problem: Invalid, **context: Any) -> ResponseReturnValue:
    """Status 422; the page begins with the errors and keeps what was typed, passwords excepted."""
    return page(template, 422, values=values, errors=problem.errors, **context)
