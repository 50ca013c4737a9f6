"""Reports are signed with the site's own key (Ed25519, RFC 8032): whoever has one can have it verified, without an account.

A report travels as one line of JSON: the document, the name of the signing and the signature. There is one spelling only (keys
sorted, no spaces, UTF-8), and another one is refused, so that no byte of the file can be changed without being found out.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

PURPOSE = b"touchstone: signatures of reports, 1"
SIGNING = "touchstone report, Ed25519, 1"
LARGEST = 2_000_000  # bytes of a report that is verified
SIGNATURE = re.compile(r"[0-9a-f]{128}")


class Found(StrEnum):
    """What looking at a report found."""

    genuine = "genuine"
    altered = "altered"  # this site's key, and not what it signed
    foreign = "foreign"  # it names another key
    unreadable = "unreadable"  # no report at all


@dataclass(frozen=True, slots=True)
class Verified:
    """`document`: of a genuine report only. `why` is a sentence for whoever asked."""

    found: Found
    why: str
    document: Mapping[str, Any] | None = None

    @property
    def issued_at(self) -> datetime | None:
        return datetime.fromisoformat(self.document["issued_at"]) if self.document else None


@dataclass(frozen=True, slots=True)
class Signer:
    """The site's key, and where people can have a report verified."""

    key: Ed25519PrivateKey
    address: str

    @property
    def public(self) -> Ed25519PublicKey:
        return self.key.public_key()

    @property
    def fingerprint(self) -> str:
        return fingerprint_of(self.public)

    def sign(self, document: Mapping[str, Any]) -> tuple[str, str]:
        """-> the document as it is signed, and its signature"""
        text = canonical(document)
        return text, self.key.sign(text.encode()).hex()


def signer_of(secret: str, base_url: str) -> Signer:
    """From the site's secret: the same as long as that one stays."""
    seed = HKDF(SHA256(), 32, salt=None, info=PURPOSE).derive(secret.encode())
    return Signer(Ed25519PrivateKey.from_private_bytes(seed), f"{base_url}/reports/verify")


def fingerprint_of(public: Ed25519PublicKey) -> str:
    """The first half of the SHA-256 of the raw key: enough to tell keys apart."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:32]


def read_pem(text: bytes) -> Ed25519PublicKey:
    """Raises ValueError for what is no public key of this kind."""
    key = load_pem_public_key(text)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("a key of another kind")
    return key


def pem_of(public: Ed25519PublicKey) -> str:
    return public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def canonical(value: object) -> str:
    """The one spelling of JSON in which things are signed."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def envelope(document: str, signature: str) -> str:
    """What the candidate takes along, from the stored text."""
    return f'{{"report":{document},"signature":"{signature}","signing":"{SIGNING}"}}'


def verify_report(given: bytes, public: Ed25519PublicKey) -> Verified:
    """Of the whole file; space around it is left out, because pasting adds it. Nothing is looked up."""
    text = _text(given)
    if isinstance(text, Verified):
        return text
    parts = _parts(text)
    if parts is None:
        return Verified(Found.unreadable, "This is not a report of Touchstone: give the whole JSON file, as it was downloaded.")
    document, signature = parts
    named = document.get("signed")
    if isinstance(named, dict) and named.get("key") != fingerprint_of(public):
        return Verified(Found.foreign, "It names another key than this one, so only the site with that key can tell.")
    if not (_is_spelled(text, document, signature) and _is_signed(public, document, signature)):
        return Verified(Found.altered, "At least one byte differs from what this site signed.")
    return Verified(Found.genuine, "Issued by this site, and unchanged since.", document)


def _text(given: bytes) -> str | Verified:
    if len(given) > LARGEST:
        return Verified(Found.unreadable, f"This is larger than any report: at most {LARGEST // 1_000_000} MB are read.")
    if not given.strip():
        return Verified(Found.unreadable, "There was nothing to verify. Paste the report, or choose its file.")
    try:
        return given.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        return Verified(Found.unreadable, "This is not text in UTF-8. Give the JSON file, not a picture or PDF of the report.")


def _parts(text: str) -> tuple[dict[str, Any], str] | None:
    try:
        read = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    if not isinstance(read, dict) or set(read) != {"report", "signature", "signing"}:
        return None
    document, signature = read["report"], read["signature"]
    return (document, signature) if isinstance(document, dict) and isinstance(signature, str) else None


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _is_spelled(text: str, document: Mapping[str, Any], signature: str) -> bool:
    try:
        return canonical({"report": document, "signature": signature, "signing": SIGNING}) == text
    except RecursionError:
        return False


def _is_signed(public: Ed25519PublicKey, document: Mapping[str, Any], signature: str) -> bool:
    if SIGNATURE.fullmatch(signature) is None:
        return False
    try:
        public.verify(bytes.fromhex(signature), canonical(document).encode())
    except InvalidSignature:
        return False
    return True
