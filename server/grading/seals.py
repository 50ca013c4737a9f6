"""Results are sealed in a chain: whoever changes, adds or removes one in the database, without the site's secret, is found out.

Each seal holds the digest of its result and a link to the seal before it (see server/database/chain.py). A seal stays when a
person's data are deleted: it tells that there was a result, and nothing about it. `touchstone grades verify` prints the last
link, for whoever wants to keep it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlmodel import Session, col, select

from server.database.chain import FIRST, chain_key, digest_of, fits, link_of, wait_for_the_end
from server.grading.tables import Result, ResultSeal

PURPOSE = b"touchstone: seals of results, 1"
CHAIN = 7405
MOST_AT_ONCE = 1_000


class Fault(StrEnum):
    """What is wrong with one result or seal."""

    CHANGED = "the result is not the one that was sealed"
    FORGED = "the seal was not made with this site's secret, or one before it was changed or removed"
    MISSING = "seals are missing before this one"
    UNSEALED = "the result has no seal"
    CUT = "the chain does not hold the link that was to be found"


@dataclass(frozen=True, slots=True)
class Verified:
    """What looking through the whole chain found. `faults`: by the id of a result, or the number of a seal."""

    sealed: int
    deleted: int  # seals whose result is gone: people may delete their work
    last_link: str
    faults: tuple[tuple[str, Fault], ...]


def seal_key(secret: str) -> bytes:
    return chain_key(secret, PURPOSE)


def seal(session: Session, result: Result, key: bytes, now: datetime) -> None:
    """In the transaction that stores the result. Sealing it again changes nothing."""
    wait_for_the_end(session, CHAIN)
    if session.exec(select(ResultSeal.number).where(ResultSeal.result_id == result.id)).first() is not None:
        return
    last = session.exec(select(ResultSeal).order_by(col(ResultSeal.number).desc()).limit(1)).first()
    number, before = (last.number + 1, last.link) if last else (1, FIRST)
    digest = digest_of_result(result)
    link = link_of(key, number, before, result.id, digest)
    session.add(ResultSeal(number=number, result_id=result.id, digest=digest, link=link, created_at=now))
    session.flush()


def verify(session: Session, key: bytes, expected: str = "") -> Verified:
    """Every seal and every result. `expected`: a link that was kept outside; the chain must hold it."""
    digests = dict(_digests(session))
    chain = session.exec(select(ResultSeal).order_by(col(ResultSeal.number)))
    return judge(chain, digests, key, expected)


def judge(chain: Iterable[ResultSeal], digests: Mapping[str, str], key: bytes, expected: str = "") -> Verified:
    """Pure. `digests`: of the results that are there, by id."""
    number, before, deleted, sealed, links = 0, FIRST, 0, set[str](), set[str]()
    faults: list[tuple[str, Fault]] = []
    for each in chain:
        if each.number != number + 1:
            faults.append((str(each.number), Fault.MISSING))
        elif not fits(each.link, key, each.number, before, each.result_id, each.digest):
            faults.append((str(each.number), Fault.FORGED))
        if each.result_id not in digests:
            deleted += 1
        elif digests[each.result_id] != each.digest:
            faults.append((each.result_id, Fault.CHANGED))
        number, before = each.number, each.link
        sealed.add(each.result_id)
        links.add(each.link)
    faults += [(result_id, Fault.UNSEALED) for result_id in digests if result_id not in sealed]
    if expected and expected not in links:
        faults.append((expected, Fault.CUT))
    return Verified(len(sealed), deleted, before if number else "", tuple(faults))


def digest_of_result(result: Result) -> str:
    """SHA-256 of all that a result says, in one spelling whatever database it comes from."""
    said = {
        "id": result.id,
        "submission": result.submission_id,
        "exercise": result.exercise_digest,
        "environment": result.environment,
        "seed": result.seed,
        "points": float(result.points),
        "possible": float(result.possible),
        "solved": result.solved,
        "outcomes": result.outcomes,
        "repairs": result.repairs,
        "cells": result.cells,
        "seconds": float(result.seconds),
        "created_at": result.created_at.astimezone(UTC).isoformat(),
    }
    if result.regrade_id:  # others keep the digest that they had before there were regrades
        said["regrade"] = result.regrade_id
    return digest_of(said)


def _digests(session: Session) -> Iterator[tuple[str, str]]:
    """Some rows at a time: a site has many, and only their digests are kept."""
    after = ""
    while rows := session.exec(select(Result).where(Result.id > after).order_by(col(Result.id)).limit(MOST_AT_ONCE)).all():
        for row in rows:
            yield row.id, digest_of_result(row)
        after = rows[-1].id
        session.expunge_all()
