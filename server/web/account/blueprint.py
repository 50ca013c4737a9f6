"""The routes of accounts; each file of this folder adds those of its noun."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
