from pathlib import Path

import pytest

from sandbox.inside.confinement import loans
from sandbox.inside.confinement.loans import check_open_to_all, largest, own_loan

SUBUID = """# lent users
anna:100000:65536
1000:300000:131072
anna:500000:70000
berta:600000:65536
broken:line
anna:x:999999
"""


def test_the_largest_range_of_a_name_or_number_is_taken() -> None:
    assert largest(SUBUID, ("anna",)) == (500_000, 70_000)
    assert largest(SUBUID, ("anna", "1000")) == (300_000, 131_072)
    assert largest(SUBUID, ("berta", "1001")) == (600_000, 65_536)


@pytest.mark.parametrize("text", ["", "\n\n", "anna:1", "other:1:70000", "anna:-5:70000", "anna:1:2:3"])
def test_without_a_whole_line_nothing_is_lent(text: str) -> None:
    assert largest(text, ("anna", "1000")) == (0, 0)


def test_without_the_programs_it_says_which(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(loans, "WHERE", str(tmp_path))
    with pytest.raises(LookupError, match="newuidmap is not installed"):
        own_loan()


@pytest.mark.parametrize(("users", "groups", "why"), [
    ("", "root:1:65536", "/etc/subuid lends nothing"), ("root:1:65536", "", "/etc/subgid lends nothing"),
    ("root:1:100", "root:1:65536", "100 users are lent"),
])  # fmt: skip
def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, users: str, groups: str, why: str) -> None:
    for name in ("MAP_USERS", "MAP_GROUPS"):
        monkeypatch.setattr(loans, name, "true")  # a program that is everywhere
    texts = {"/etc/subuid": users, "/etc/subgid": groups}
    monkeypatch.setattr(loans, "read", texts.__getitem__)
    monkeypatch.setattr("os.getuid", lambda: 0)
    with pytest.raises(LookupError, match=why):
        own_loan()


def test_a_closed_environment_is_named(tmp_path: Path) -> None:
    for folder in ("open", "closed"):
        (tmp_path / folder).mkdir()
    (tmp_path / "open").chmod(0o755)
    (tmp_path / "closed").chmod(0o700)
    check_open_to_all([str(tmp_path / "open")])
    with pytest.raises(LookupError, match="closed is closed to other users"):
        check_open_to_all([str(tmp_path / "open"), str(tmp_path / "closed")])
