"""The log is sealed in a chain: whoever changes or removes a row in the database, without the site's secret, is found out.

1. `record` notes each new row in its session.
2. Right before the commit, when everything else of the transaction is done, `seal_noted` waits for the end of the chain and adds
   a seal for each row. Nobody waits for anything after that but the commit itself, so the line is short and cannot be crossed.
3. The commit stores act, row and seal together, or nothing of them.

A row is never deleted, so a seal whose row is gone is a fault. See server/database/chain.py for what the links are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from enum import StrEnum

from sqlalchemy import Engine, event
from sqlalchemy.orm import sessionmaker
from sqlmodel import Session, col, select

from server.audit.tables import AuditRow, AuditSeal
from server.database.chain import FIRST, chain_key, digest_of, fits, link_of, wait_for_the_end
from server.database.engine import session_factory

PURPOSE = b"touchstone: seals of the audit log, 1"
CHAIN = 7406
MOST_AT_ONCE = 1_000
NOTED = "audit rows without a seal"  # name in session.info


class Fault(StrEnum):
    """What is wrong with one row or seal."""

    CHANGED = "the row is not the one that was sealed"
    DELETED = "the row was deleted"
    FORGED = "the seal was not made with this site's secret, or one before it was changed or removed"
    MISSING = "seals are missing before this one"
    UNSEALED = "the row has no seal"
    CUT = "the chain does not hold the link that was to be found"


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking through the whole log found. `earlier`: rows from before the log was sealed at all. `faults`: "row 7" or
    "seal 9" and what is wrong, in the order of the chain."""

    sealed: int
    earlier: int
    last_link: str
    faults: tuple[tuple[str, Fault], ...]


def audit_key(secret: str) -> bytes:
    return chain_key(secret, PURPOSE)


def sealed_sessions(engine: Engine, secret: str) -> sessionmaker[Session]:
    """Sessions whose commits seal what was recorded in them. Whatever writes to the log works with these."""
    sessions, key = session_factory(engine), audit_key(secret)
    event.listen(sessions, "before_commit", lambda session: seal_noted(session, key))
    return sessions


def note(session: Session, row: AuditRow) -> None:
    session.info.setdefault(NOTED, []).append(row)


def seal_noted(session: Session, key: bytes) -> None:
    """The rows of this transaction; those of a savepoint or transaction that was rolled back are in the session no more."""
    if session.in_nested_transaction():
        return
    rows = [row for row in session.info.pop(NOTED, []) if row in session]
    if not rows:
        return
    session.flush()
    wait_for_the_end(session, CHAIN)
    last = session.exec(select(AuditSeal).order_by(col(AuditSeal.number).desc()).limit(1)).first()
    number, link = (last.number, last.link) if last else (0, FIRST)
    for row in rows:
        number, digest = number + 1, digest_of_row(row)
        link = link_of(key, number, link, str(row.id), digest)
        session.add(AuditSeal(number=number, row_id=row.id, digest=digest, link=link))
    session.flush()


def digest_of_row(row: AuditRow) -> str:
    """Of all that a row says, in one spelling whatever database it comes from."""
    return digest_of(
        {
            "id": row.id,
            "at": row.at.astimezone(UTC).isoformat(),
            "actor": row.actor,
            "act": row.act,
            "subject": row.subject,
            "details": json.loads(json.dumps(row.details)),  # as the database gives it back
        }
    )


def verify(session: Session, key: bytes, expected: str = "") -> Verified:
    """Every seal and every row. `expected`: a link that was kept outside; the chain must hold it."""
    number, before, first_row, found = 0, FIRST, 0, not expected
    faults: list[tuple[str, Fault]] = []
    sealed = 0
    for seal, digest in _sealed(session):
        if seal.number != number + 1:
            faults.append((f"seal {seal.number}", Fault.MISSING))
        elif not fits(seal.link, key, seal.number, before, str(seal.row_id), seal.digest):
            faults.append((f"seal {seal.number}", Fault.FORGED))
        if digest is None:
            faults.append((f"row {seal.row_id}", Fault.DELETED))
        elif digest != seal.digest:
            faults.append((f"row {seal.row_id}", Fault.CHANGED))
        first_row = seal.row_id if seal.number == 1 else first_row
        found = found or seal.link == expected
        number, before, sealed = seal.number, seal.link, sealed + 1
    unsealed = _unsealed(session)
    earlier = sum(0 < row_id < first_row for row_id in unsealed)
    faults += [(f"row {row_id}", Fault.UNSEALED) for row_id in unsealed if not 0 < row_id < first_row]
    if not found:
        faults.append((expected, Fault.CUT))
    return Verified(sealed, earlier, before if sealed else "", tuple(faults))


def _sealed(session: Session) -> Iterator[tuple[AuditSeal, str | None]]:
    """Each seal with the digest of what its row says now; some at a time, because a log is long."""
    after = 0
    while seals := session.exec(
        select(AuditSeal).where(AuditSeal.number > after).order_by(col(AuditSeal.number)).limit(MOST_AT_ONCE)
    ).all():
        rows = session.exec(select(AuditRow).where(col(AuditRow.id).in_([seal.row_id for seal in seals])))
        digests = {row.id: digest_of_row(row) for row in rows}
        for seal in seals:
            yield seal, digests.get(seal.row_id)
        after = seals[-1].number
        session.expunge_all()


def _unsealed(session: Session) -> list[int]:
    has_seal = select(AuditSeal.number).where(AuditSeal.row_id == AuditRow.id).exists()
    wanted = select(AuditRow.id).where(~has_seal).order_by(col(AuditRow.id))
    return [row_id for row_id in session.exec(wanted) if row_id is not None]
