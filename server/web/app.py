"""The Flask application. It opens nothing, migrates nothing and starts no thread: that is done before, by the wiring."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask

from server import clock
from server.files import static_folder, templates_folder
from server.web import about, access, door, errors, limits, pages, security, static_files, verifying
from server.web.account import reset, settings, setup, sign_in, sign_up, theme
from server.web.account.blueprint import blueprint as account
from server.web.candidates import bank, exercise, home, kernel, workspace
from server.web.hiring import (
    blueprint_needs,
    blueprint_tasks,
    blueprints,
    board,
    decisions,
    incidents,
    invitations,
    join,
    log,
    marking,
    marking_acts,
    members,
    openings,
    preview,
    reconciling,
    retention,
    teams,
    time,
    unblinding,
)
from server.web.hiring import invitation as one_invitation
from server.web.hiring.blueprint import blueprint as hiring
from server.web.house import EXTENSION, House, Installed
from server.web.takehome import after, data, invitation, report, sitting
from server.web.takehome import door as invitation_door
from server.web.takehome.blueprint import blueprint as takehome

# Imported for the routes that they add to their blueprint.
ACCOUNT_PAGES = (sign_up, sign_in, reset, settings, theme, setup)
HIRING_PAGES = (
    teams,
    members,
    join,
    openings,
    preview,
    time,
    invitations,
    one_invitation,
    marking,
    marking_acts,
    reconciling,
    unblinding,
    log,
    retention,
    board,
    decisions,
    blueprints,
    blueprint_needs,
    blueprint_tasks,
    incidents,
)
TAKEHOME_PAGES = (invitation, sitting, after, data, report)
BLUEPRINTS = (
    home.blueprint,
    bank.blueprint,
    account,
    about.blueprint,
    exercise.blueprint,
    workspace.blueprint,
    kernel.blueprint,
    hiring,
    invitation_door.blueprint,
    takehome,
    verifying.blueprint,
)


def create_app(house: House, now: Callable[[], datetime] = clock.now) -> Flask:
    app = Flask("server.web", static_folder=static_folder(), template_folder=templates_folder())
    app.extensions[EXTENSION] = Installed(house, now)
    errors.install(app)
    door.install(app)
    security.install(app, house.settings)
    access.install(app)
    limits.install(app)
    pages.install(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    access.refuse_undeclared(app)
    static_files.install(app)
    return app
