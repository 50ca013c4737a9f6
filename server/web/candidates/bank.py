"""The list of exercises."""

from flask import Blueprint

blueprint = Blueprint("bank", __name__)
