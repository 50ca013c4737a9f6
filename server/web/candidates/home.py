"""The front page: what this is, and an exercise in one click."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from server.bank.search import count_listed, count_solved, one_to_try
from server.web.door import database, person
from server.web.pages import page

blueprint = Blueprint("home", __name__)
# A task that needs no reading up: one function, checked from several sides. Without it, the easiest of its kind.
SLUG_TO_TRY, KIND_TO_TRY = "softmax-cross-entropy-stable", "coding"


@blueprint.get("/")
def show() -> ResponseReturnValue:
    someone = person()
    return page(
        "candidates/home.html",
        to_try=one_to_try(database(), SLUG_TO_TRY, KIND_TO_TRY),
        listed=count_listed(database()),
        solved=count_solved(database(), someone.id) if someone else 0,
    )
