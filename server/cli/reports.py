"""`touchstone reports`: the signed reports of candidates."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from server.reports.signing import Found, Verified, fingerprint_of, read_pem, signer_of, verify_report
from server.settings import read_settings

EXIT = {Found.genuine: 0, Found.altered: 1, Found.foreign: 1, Found.unreadable: 2}


@click.group()
def reports() -> None:
    """The signed reports of candidates."""


@reports.command("verify")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--key",
    "key_file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Public key of the site that issued it, as its page /reports/key gives it. Default: the key of this site.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
def verify(file: BinaryIO, key_file: Path | None, as_json: bool) -> None:
    """Look whether the report in FILE (- for standard input) is genuine. Exit code: 0 genuine, 1 not, 2 no report."""
    public = _key(key_file)
    found = verify_report(file.read(), public)
    click.echo(json.dumps(_plain(found) | {"key": fingerprint_of(public)}) if as_json else in_words(found))
    sys.exit(EXIT[found.found])


def _key(key_file: Path | None) -> Ed25519PublicKey:
    if key_file is None:
        settings = read_settings(os.environ)
        return signer_of(settings.secret, settings.base_url).public
    try:
        return read_pem(key_file.read_bytes())
    except ValueError as error:
        raise click.UsageError(f"{key_file} holds no public key of a site. Take it from the site's page /reports/key.") from error


def _plain(found: Verified) -> dict[str, object]:
    return {"found": found.found.value, "why": found.why, "report": found.document}


def in_words(found: Verified) -> str:
    if found.document is None:
        return f"Not genuine: {found.why}" if found.found is not Found.unreadable else found.why
    document = found.document
    return (
        f"Genuine: {found.why} {document['candidate']}, {document['job']} at {document['team']}, issued {document['issued_at']}."
    )
