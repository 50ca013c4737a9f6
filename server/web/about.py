"""Pages that say how the site treats people."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.web.house import house
from server.web.pages import page

blueprint = Blueprint("about", __name__)


@blueprint.get("/privacy")
def show_privacy() -> ResponseReturnValue:
    return page("about/privacy.html", mail_from=house().settings.mail_from)


@blueprint.get("/accessibility")
def show_accessibility() -> ResponseReturnValue:
    return page("about/accessibility.html")


@blueprint.get("/keys")
def show_keys() -> ResponseReturnValue:
    return page("about/keys.html")
