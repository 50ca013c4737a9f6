"""A forgotten password: ask for a link, open it, choose a new password."""

from flask import flash, redirect, request
from flask import session as cookie
from flask.typing import ResponseReturnValue

from server.accounts.people import problem_of_email
from server.accounts.reset import LINK_OVER, ask_reset, reset_is_open, reset_password
from server.errors import Conflict, Invalid
from server.web.account import guessing
from server.web.account.blueprint import blueprint
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, moment
from server.web.house import house
from server.web.limits import limiter
from server.web.links import keep_token

ASK = "account/forgot.html"
CHOOSE = "account/reset.html"
LINK = "reset"


@blueprint.get("/forgot")
def show_forgot() -> ResponseReturnValue:
    return form_page(ASK, sent=False)


@blueprint.post("/forgot")
@limiter.limit("5 per hour", key_func=guessing.by_account, methods=["POST"])
@limiter.limit("20 per hour", methods=["POST"])
def send_forgot() -> ResponseReturnValue:
    """The same answer for every address."""
    values = typed("email")
    problem = problem_of_email(values["email"])
    if problem:
        return form_again(ASK, values, Invalid.fields({"email": problem}), sent=False)
    ask_reset(database(), values["email"], moment())
    commit()
    house().queue_wake()
    return form_page(ASK, values, sent=True, by_mail=house().settings.smtp_url is not None)


@blueprint.get("/reset/<token>")
def open_reset(token: str) -> ResponseReturnValue:
    return keep_token(LINK, token)


@blueprint.get("/reset")
def show_reset() -> ResponseReturnValue:
    if not reset_is_open(database(), cookie.get(LINK, ""), moment()):
        raise Conflict(LINK_OVER, code="link_over")
    return form_page(CHOOSE)


@blueprint.post("/reset")
@guessing.by_address
def send_reset() -> ResponseReturnValue:
    try:
        reset_password(database(), cookie.get(LINK, ""), request.form.get("password", ""), house().keepers, moment())
    except Invalid as problem:
        return form_again(CHOOSE, {}, problem)
    commit()
    cookie.pop(LINK, None)
    flash("Your password is changed. Sign in with the new one.", "good")
    return redirect("/sign-in", 303)
