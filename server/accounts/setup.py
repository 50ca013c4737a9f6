"""The first account of a site: made with a link that only the operator's terminal shows."""

from datetime import datetime, timedelta

from sqlmodel import Session

from server.accounts.links import find_link, make_link, use_link
from server.accounts.people import has_operator
from server.accounts.sign_up import sign_up
from server.accounts.tables import LinkPurpose, Person
from server.errors import Conflict

LIFE = timedelta(days=1)
LINK_OVER = "This set-up link was used already or is too old. Restart the server to have a new one printed."


def make_setup_link(session: Session, base_url: str, now: datetime) -> str | None:
    """The address to print at start; None when the site has an operator. Earlier set-up links stop working."""
    if has_operator(session):
        return None
    return f"{base_url}/setup/{make_link(session, LinkPurpose.SETUP, None, LIFE, now)}"


def setup_is_open(session: Session, token: str, now: datetime) -> bool:
    return not has_operator(session) and find_link(session, LinkPurpose.SETUP, token, now) is not None


def use_setup_link(
    session: Session, token: str, asking: Person | None, name: str, email: str, password: str, now: datetime
) -> tuple[Person, str]:
    """Make the operator's account; the link works for one person only, and stays unused when the form has errors."""
    link = find_link(session, LinkPurpose.SETUP, token, now)
    if link is None or has_operator(session) or not use_link(session, link, now):
        raise Conflict(LINK_OVER, code="link_over")
    operator, session_token = sign_up(session, asking, name, email, password, now)
    operator.is_operator = True
    session.add(operator)
    session.flush()
    return operator, session_token
