"""Passwords: stored so that a thief gains nothing, compared so that an outsider learns nothing."""

import pytest
from argon2 import PasswordHasher

from server.accounts import passwords


def test_a_password_matches_its_own_hash_only() -> None:
    stored = passwords.hash_password("three random words")
    assert stored.startswith("$argon2id$")
    assert passwords.matches(stored, "three random words")
    assert not passwords.matches(stored, "three random word")


def test_the_same_password_is_never_stored_twice_the_same_way() -> None:
    assert passwords.hash_password("three random words") != passwords.hash_password("three random words")


def test_a_password_typed_on_another_keyboard_still_matches() -> None:
    assert passwords.matches(passwords.hash_password("Café im Süden"), "Cafe\u0301 im Su\u0308den")


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_nothing_matches_where_no_password_is_stored(stored: str | None) -> None:
    assert not passwords.matches(stored, "nobody has this password")


def test_a_hash_with_weaker_settings_is_outdated() -> None:
    assert passwords.is_outdated(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash("three random words"))
    assert not passwords.is_outdated(passwords.hash_password("three random words"))


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("nine char", "Use at least 10 characters for the password"),
        ("x" * 201, "Use at most 200 characters for the password"),
        ("aaaaaaabbb", "Use at least 5 different characters in the password"),
        ("Mira@Example.org", "Use a password that is not your e-mail address"),
        ("three random words", None),
        ("パスワードは十文字以上です", None),
    ],
)
def test_what_is_accepted_as_a_password(password: str, problem: str | None) -> None:
    assert passwords.problem_of(password, "mira@example.org") == problem
