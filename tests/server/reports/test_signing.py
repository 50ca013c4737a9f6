"""A report is genuine as a whole or not at all: no byte of it can be changed, whatever JSON makes of the change."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.reports.signing import LARGEST, Found, Signer, canonical, envelope, pem_of, signer_of, verify_report

SECRET, ADDRESS = "s" * 40, "https://practice.example.org"
DOCUMENT = {"issued_at": "2026-11-24T09:00:00+00:00", "candidate": "Zoë", "needs": [{"low": 0.25, "n": 3}], "percentile": None}


@pytest.fixture
def signer() -> Signer:
    return signer_of(SECRET, ADDRESS)


def report(signer: Signer, document: dict[str, Any] = DOCUMENT) -> bytes:
    return envelope(*signer.sign({**document, "signed": {"key": signer.fingerprint}})).encode()


def test_what_this_site_signed_is_genuine(signer: Signer) -> None:
    found = verify_report(report(signer), signer.public)
    assert (found.found, str(found.issued_at)) == (Found.genuine, "2026-11-24 09:00:00+00:00")
    assert found.document is not None and found.document["candidate"] == "Zoë"


def test_the_key_follows_from_the_secret_alone(signer: Signer) -> None:
    again, other = signer_of(SECRET, "http://localhost"), signer_of("t" * 40, ADDRESS)
    assert verify_report(report(signer), again.public).found is Found.genuine
    assert (again.fingerprint, pem_of(again.public)) == (signer.fingerprint, pem_of(signer.public))
    assert other.fingerprint != signer.fingerprint
    assert verify_report(report(signer), other.public).found is Found.foreign


def test_another_sites_signature_under_our_name_is_found_out(signer: Signer) -> None:
    """Whoever names our key and signs with their own."""
    text, signature = signer_of("t" * 40, ADDRESS).sign({**DOCUMENT, "signed": {"key": signer.fingerprint}})
    assert verify_report(envelope(text, signature).encode(), signer.public).found is Found.altered


@settings(deadline=None)
@given(st.data())
def test_no_byte_can_be_changed(data: st.DataObject) -> None:
    signer = signer_of(SECRET, ADDRESS)
    whole = report(signer)
    for place in range(len(whole)):
        other = data.draw(st.integers(1, 255))
        changed = whole[:place] + bytes([whole[place] ^ other]) + whole[place + 1 :]
        assert verify_report(changed, signer.public).found is not Found.genuine, (place, other)


@settings(deadline=None)
@given(place=st.integers(0, 10_000), added=st.binary(min_size=1, max_size=3))
def test_nothing_can_be_put_in_or_left_out(place: int, added: bytes) -> None:
    signer = signer_of(SECRET, ADDRESS)
    whole = report(signer)
    at = 1 + place % (len(whole) - 2)
    assert verify_report(whole[:at] + added + whole[at:], signer.public).found is not Found.genuine
    assert verify_report(whole[:at] + whole[at + 1 :], signer.public).found is not Found.genuine


def test_another_spelling_of_the_same_json_is_altered(signer: Signer) -> None:
    whole = report(signer)
    read = json.loads(whole)
    spaced = json.dumps(read, indent=1).encode()
    escaped = canonical(read).replace("ë", "\\u00eb").encode()
    twice = whole[:-1] + b',"signing":"' + read["signing"].encode() + b'"}'
    louder = whole.replace(read["signature"].encode(), read["signature"].upper().encode())
    for changed in (spaced, escaped, twice, louder):
        assert changed != whole
        assert verify_report(changed, signer.public).found is Found.altered


def test_space_around_it_does_no_harm(signer: Signer) -> None:
    whole = report(signer)
    for given_bytes in (b"\xef\xbb\xbf" + whole, b"\r\n " + whole + b"\n"):
        assert verify_report(given_bytes, signer.public).found is Found.genuine


@pytest.mark.parametrize(
    ("given_bytes", "says"),
    [
        (b"", "nothing to verify"),
        (b" \n", "nothing to verify"),
        (b"\x89PNG\xff", "not text in UTF-8"),
        (b"%PDF-1.7", "whole JSON file"),
        (b"[]", "whole JSON file"),
        (b'{"report":{}}', "whole JSON file"),
        (b'{"report":[],"signature":"","signing":""}', "whole JSON file"),
        (b'{"report":{"a":NaN},"signature":"","signing":""}', "whole JSON file"),
        (b"[" * 100_000, "whole JSON file"),
        (b"9" * 10_000, "whole JSON file"),
        (b" " * LARGEST + b"x", "larger than any report"),
    ],
)
def test_what_is_no_report_is_told_apart(signer: Signer, given_bytes: bytes, says: str) -> None:
    found = verify_report(given_bytes, signer.public)
    assert found.found is Found.unreadable
    assert says in found.why


@pytest.mark.parametrize("signature", ["", "zz", "0" * 127, "0" * 128, "٣" * 128])
def test_a_signature_that_is_none(signer: Signer, signature: str) -> None:
    text, _ = signer.sign({**DOCUMENT, "signed": {"key": signer.fingerprint}})
    assert verify_report(envelope(text, signature).encode(), signer.public).found is Found.altered
