"""The routes of accounts, each in the file of its noun."""

from flask import Blueprint

blueprint = Blueprint("account", __name__)
