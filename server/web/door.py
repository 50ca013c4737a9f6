"""One request: its database session, its moment, and who is asking.

The database session opens at first use and is closed, without a commit, when the request ends: a view commits what it did.
A streamed response outlives this; it opens its own session from `house().sessions`.
"""

from datetime import datetime
from typing import cast

from flask import Flask, g
from flask import session as cookie
from sqlmodel import Session

from server.accounts.guests import become_guest
from server.accounts.sessions import end_session, find_visit, note_visit
from server.accounts.tables import Person
from server.errors import SignInNeeded
from server.web.house import house, installed

TOKEN = "token"
# What belongs to the browser, whoever signs in or out: devices known to guessing limits, and looks.
CANDIDATE, MOST_INVITATIONS = "candidate", 5  # sessions of invitations that were opened in this browser, the newest first
BROWSERS_OWN = ("known", "device", "theme", "filters", CANDIDATE)
PENDING = ("join", "invitation")  # invitations that wait to be answered
FORMS = ("csrf_token",)  # where flask-wtf keeps what its tokens are checked against


def install(app: Flask) -> None:
    app.teardown_appcontext(_close_database)


def moment() -> datetime:
    """The one moment of this request."""
    if "moment" not in g:
        g.moment = installed().now()
    return cast(datetime, g.moment)


def database() -> Session:
    if "database" not in g:
        g.database = house().sessions()
    return cast(Session, g.database)


def commit() -> None:
    database().commit()


def person() -> Person | None:
    """Who is asking: an account, a guest, or nobody yet."""
    if "person" not in g:
        g.person = _find_person()
    return cast(Person | None, g.person)


def signed_in() -> Person:
    """The person, where the access table lets nobody else in."""
    found = person()
    if found is None:
        raise SignInNeeded("Sign in to go on.")
    return found


def candidates_here() -> list[Person]:
    """The hidden persons of the invitations that were opened in this browser. Beside the account, never instead of it."""
    if "candidates" not in g:
        visits = (find_visit(database(), kept, moment()) for kept in cookie.get(CANDIDATE, []))
        g.candidates = [visit.person for visit in visits if visit is not None]
    return cast(list[Person], g.candidates)


def let_candidate_in(session_token: str) -> None:
    """This browser goes on as the candidate of one more invitation."""
    cookie[CANDIDATE] = [session_token, *cookie.get(CANDIDATE, [])][:MOST_INVITATIONS]
    cookie.permanent = True
    g.pop("candidates", None)


def show_candidates_out() -> None:
    """Forget the invitations in this browser; their links lead back."""
    for kept in cookie.pop(CANDIDATE, []):
        end_session(database(), kept, moment())
    g.pop("candidates", None)


def workers() -> list[Person]:
    """Everybody as whom this browser may work on a notebook: a guest, an account, candidates."""
    found = person()
    return [*([found] if found else []), *candidates_here()]


def person_or_guest() -> Person:
    """The person, or a new guest. Only posts may call this: looking at pages makes nobody."""
    found = person()
    if found is None:
        found, token = become_guest(database(), moment())
        found.theme = cookie.get("theme", found.theme)
        enter(found, token, stay=True, keep_forms=True)
    return found


def enter(someone: Person, token: str, *, stay: bool, keep_forms: bool = False) -> None:
    """Give this browser a new session. Everything in the old cookie goes, but for what belongs to the browser itself.

    `keep_forms`: pages that are open in other tabs can still be sent. Only where nobody gains rights: a visitor becomes a guest.
    """
    _clear_cookie((*PENDING, *FORMS) if keep_forms else PENDING)
    cookie[TOKEN] = token
    cookie.permanent = stay
    g.person = someone


def leave() -> None:
    """Forget the session in this browser; the caller ends it on the server."""
    _clear_cookie()
    cookie.permanent = True
    g.person = None


def token() -> str | None:
    return cast(str | None, cookie.get(TOKEN))


def _find_person() -> Person | None:
    current = token()
    if current is None:
        return None
    visit = find_visit(database(), current, moment())
    if visit is None:
        return None
    if visit.unnoted and note_visit(database(), current, moment()):
        commit()
        cookie.modified = True  # the cookie is sent again, so that it lives as long as the session
    return visit.person


def _clear_cookie(kept_too: tuple[str, ...] = ()) -> None:
    kept = {name: cookie[name] for name in (*BROWSERS_OWN, *kept_too) if name in cookie}
    cookie.clear()
    cookie.update(kept)


def _close_database(_error: BaseException | None) -> None:
    opened = g.pop("database", None)
    if opened is not None:
        opened.close()
