"""Create an account."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from server.accounts.sign_up import sign_up
from server.errors import Invalid
from server.web.account import guessing
from server.web.account.blueprint import blueprint
from server.web.account.forms import form_again, form_page, typed
from server.web.account.sign_in import end_old_session
from server.web.door import commit, database, enter, moment, person
from server.web.pages import own_path

TEMPLATE = "account/sign_up.html"


@blueprint.get("/sign-up")
def show_sign_up() -> ResponseReturnValue:
    return form_page(TEMPLATE, next=own_path(request.args.get("next"), ""))


@blueprint.post("/sign-up")
@guessing.account_makers
@guessing.whole_site
def send_sign_up() -> ResponseReturnValue:
    values = typed("name", "email")
    target = own_path(request.form.get("next"), "")
    try:
        account, token = sign_up(
            database(), person(), values["name"], values["email"], request.form.get("password", ""), moment()
        )
    except Invalid as problem:
        return form_again(TEMPLATE, values, problem, next=target)
    end_old_session()
    commit()
    enter(account, token, stay=True)
    guessing.remember_account(account.email)
    return redirect(target or "/exercises", 303)
