"""A person's own page: name, theme, password, export, deletion. Guests have it, too, without name and password."""

import json

from flask import Response, flash, redirect, request
from flask.typing import ResponseReturnValue

from server.accounts.leaving import confirm, delete_person, export_person
from server.accounts.people import choose_theme, rename
from server.accounts.sign_in import change_password
from server.accounts.tables import Theme
from server.errors import Invalid
from server.web.account import guessing
from server.web.account.blueprint import blueprint
from server.web.account.forms import form_again, form_page, typed
from server.web.door import commit, database, enter, leave, moment, signed_in
from server.web.house import house

TEMPLATE = "account/settings.html"
DELETE = "account/delete.html"
EXPORT = "account/export.html"


@blueprint.get("/settings")
def show_settings() -> ResponseReturnValue:
    return form_page(TEMPLATE, {"name": signed_in().name}, themes=list(Theme))


@blueprint.post("/settings/name")
def send_name() -> ResponseReturnValue:
    values = typed("name")
    try:
        rename(database(), signed_in(), values["name"])
    except Invalid as problem:
        return form_again(TEMPLATE, values, problem, themes=list(Theme))
    commit()
    flash("Your name is saved.", "good")
    return redirect("/settings", 303)


@blueprint.post("/settings/theme")
def send_theme() -> ResponseReturnValue:
    choose_theme(database(), signed_in(), request.form.get("theme", ""))
    commit()
    flash("Your theme is saved.", "good")
    return redirect("/settings", 303)


@blueprint.post("/settings/password")
@guessing.by_address
def send_password() -> ResponseReturnValue:
    own = signed_in()
    try:
        token = change_password(
            database(), own, request.form.get("current", ""), request.form.get("new", ""), house().keepers, moment()
        )
    except Invalid as problem:
        return form_again(TEMPLATE, {"name": own.name}, problem, themes=list(Theme))
    commit()
    enter(own, token, stay=True)
    flash("Your password is changed. Other browsers are signed out.", "good")
    return redirect("/settings", 303)


@blueprint.get("/settings/export")
def show_export() -> ResponseReturnValue:
    return form_page(EXPORT)


@blueprint.post("/settings/export")
@guessing.by_address
def send_export() -> ResponseReturnValue:
    own = signed_in()
    try:
        confirm(own, request.form.get("password", ""))
    except Invalid as problem:
        return form_again(EXPORT, {}, problem)
    data = export_person(database(), own, house().keepers, moment())
    headers = {"Content-Disposition": f'attachment; filename="touchstone-{moment():%Y-%m-%d}.json"'}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return Response(text, mimetype="application/json", headers=headers)


@blueprint.get("/settings/delete")
def show_delete() -> ResponseReturnValue:
    return form_page(DELETE)


@blueprint.post("/settings/delete")
@guessing.by_address
def send_delete() -> ResponseReturnValue:
    own = signed_in()
    try:
        confirm(own, request.form.get("password", ""))
    except Invalid as problem:
        return form_again(DELETE, {}, problem)
    delete_person(database(), own, house().keepers)
    commit()
    leave()
    flash("Everything that was kept of you here is deleted.", "good")
    return redirect("/", 303)
