"""Fingerprints: of a file set for its version, of a cell's code for finding an answer that was moved."""

import ast
from collections.abc import Mapping
from hashlib import sha256

LONGEST_CODE = 200_000


def fingerprint(source: str) -> str:
    """The same for two cells that hold the same program; comments, layout and quotes do not count."""
    return sha256(_essence(source).encode("utf-8", "replace")).hexdigest()[:16]


def same_code(one: str, other: str) -> bool:
    return _essence(one) == _essence(other)


def _essence(source: str) -> str:
    """The syntax tree as text; for what is no Python, such as magics, the text without its white space."""
    if len(source) <= LONGEST_CODE:
        try:
            return ast.dump(ast.parse(source))
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            pass
    return " ".join(source.split())


def content_digest(notebook: bytes, public_files: Mapping[str, bytes], private_files: Mapping[str, bytes]) -> str:
    """Names one version of an exercise with all its files."""
    digest = sha256(sha256(notebook).digest())
    for label, files in (("public", public_files), ("private", private_files)):
        for name in sorted(files):
            digest.update(f"{label}/{name}\0".encode())
            digest.update(sha256(files[name]).digest())
    return digest.hexdigest()
