"""Sign in and out."""

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from server.accounts import sign_in as domain
from server.accounts.sessions import end_session
from server.errors import Invalid
from server.web.account import guessing
from server.web.account.blueprint import blueprint
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, enter, leave, moment, person, signed_in, token
from server.web.house import house
from server.web.pages import own_path

TEMPLATE = "account/sign_in.html"


@blueprint.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    return form_page(TEMPLATE, next=own_path(request.args.get("next"), ""))


@blueprint.post("/sign-in")
@guessing.by_address
@guessing.per_account
@guessing.whole_site
def send_sign_in() -> ResponseReturnValue:
    values = typed("email")
    target = own_path(request.form.get("next"), "")
    try:
        account, new = domain.sign_in(
            database(), values["email"], request.form.get("password", ""), person(), house().keepers, moment()
        )
    except domain.WrongPassword as wrong:
        problem = Invalid.fields({"email": wrong.sentence})
        return form_again(TEMPLATE, values, problem, next=target)
    end_old_session()
    commit()
    enter(account, new, stay=request.form.get("stay") == "on")
    guessing.remember_account(account.email)
    return redirect(target or "/exercises", 303)


@blueprint.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    domain.sign_out(database(), signed_in(), token() or "", house().keepers, moment())
    commit()
    leave()
    flash("You are signed out.")
    return redirect("/", 303)


def end_old_session() -> None:
    """The session that the browser came with; its copies elsewhere stop working, too."""
    old = token()
    if old is not None:
        end_session(database(), old, moment())
