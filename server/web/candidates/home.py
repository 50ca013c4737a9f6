"""The front page."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.web.pages import page

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> ResponseReturnValue:
    return page("candidates/home.html")
