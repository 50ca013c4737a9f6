"""The theme switch of the footer: kept with the person, or in the cookie of a visitor."""

from flask import redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.accounts.people import choose_theme
from server.accounts.tables import Theme
from server.errors import Invalid
from server.web.account.blueprint import blueprint
from server.web.door import commit, database, person
from server.web.pages import own_path


@blueprint.post("/theme")
def keep_theme() -> ResponseReturnValue:
    sent = request.get_json() if request.is_json else request.form
    theme = sent.get("theme") if hasattr(sent, "get") else None
    if not isinstance(theme, str) or theme not in set(Theme):
        raise Invalid("A theme is system, light or dark.")
    someone = person()
    if someone is None:
        cookie["theme"] = theme
        cookie.permanent = True
    else:
        choose_theme(database(), someone, theme)
        commit()
    return ("", 204) if request.is_json else redirect(own_path(request.form.get("next")), 303)
