"""The first run: what is ready, what is missing, and the operator's account. Shown to whoever has the printed link."""

from typing import Any

from flask import flash, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.accounts.people import has_operator
from server.accounts.setup import LINK_OVER, setup_is_open, use_setup_link
from server.bank.search import count_listed
from server.errors import Conflict, Invalid
from server.web.account import guessing
from server.web.account.blueprint import blueprint
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, enter, moment, person
from server.web.house import house
from server.web.links import keep_token

TEMPLATE = "account/first_run.html"
LINK = "setup"


@blueprint.get("/setup/<token>")
def open_setup(token: str) -> ResponseReturnValue:
    return keep_token(LINK, token)


@blueprint.get("/setup")
def show_setup() -> ResponseReturnValue:
    _refuse_strangers()
    return form_page(TEMPLATE, **_conditions())


@blueprint.post("/setup")
@guessing.account_makers
def send_setup() -> ResponseReturnValue:
    values = typed("name", "email")
    try:
        operator, token = use_setup_link(
            database(),
            cookie.get(LINK, ""),
            person(),
            values["name"],
            values["email"],
            request.form.get("password", ""),
            moment(),
        )
    except Invalid as problem:
        return form_again(TEMPLATE, values, problem, **_conditions())
    commit()
    cookie.pop(LINK, None)
    enter(operator, token, stay=True)
    guessing.remember_account(operator.email)
    flash("You are the operator of this site.", "good")
    return redirect("/setup", 303)


def _refuse_strangers() -> None:
    own = person()
    if own is not None and own.is_operator:
        return
    if not setup_is_open(database(), cookie.get(LINK, ""), moment()):
        raise Conflict(LINK_OVER, code="link_over")


def _conditions() -> dict[str, Any]:
    state, word, sentence = house().sandbox_condition()
    return {
        "sandbox": {"state": state, "word": word, "sentence": sentence},
        "exercises": count_listed(database()),
        "has_operator": has_operator(database()),
        "mail": house().settings.smtp_url is not None,
        "outbox": house().settings.outbox,
    }
