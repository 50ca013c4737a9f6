"""What all pages share: own paths only, marks on static files, words for numbers and dates."""

from datetime import UTC, datetime

import pytest

from server.web.pages import own_path
from server.web.wording import day, join_words, number, plural, wait

FOREIGN = [
    "//evil.example", "///evil.example", "////evil.example", "https://evil.example", "http:evil.example", "https:evil.example",
    "https:/evil.example", "HTTPS://evil.example", "\\\\evil.example", "/\\evil.example", "\\/evil.example", "/\\/evil.example",
    "/\t/evil.example", "\t//evil.example", "/\n/evil.example", " //evil.example", "/ /evil.example", "//evil.example/%2f..",
    "javascript:alert(1)", "JavaScript:alert(1)", "java\nscript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:x@y",
    "/%0d%0aSet-Cookie:x=1\r\n", "/path\r\nLocation: //evil.example", "evil.example", "evil.example/path", "@evil.example",
    "?next=//evil.example", "#//evil.example", "", " ", "\x00", "/\x00", "/a\x7fb", "/\u2028", "/\u202e", "//[::1]", "//[",
    "/" * 3_000,
    "//evil.example@localhost", "//localhost@evil.example", "https://localhost", "http://localhost/", "//localhost/", "ftp://x",
    "///", "//", "\\", "/\\", "https://", "://evil.example", ":evil", "//evil%2eexample", "/\u0085/evil", "/\xa0/evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", FOREIGN)
def test_no_target_leads_to_another_site(target: str) -> None:
    assert own_path(target, "/safe") == "/safe"


@pytest.mark.parametrize("target", ["/", "/exercises?kind=coding&q=a%20b", "/exercises/softmax#notebook", "/a/b?next=/c"])
def test_own_paths_are_kept(target: str) -> None:
    assert own_path(target, "/safe") == target


def test_numbers_and_counts_read_well() -> None:
    assert number(1_234_567) == "1\u2009234\u2009567"
    assert (number(3.0), number(2.5)) == ("3", "2.5")
    assert plural(1, "exercise") == "1 exercise"
    assert plural(0, "exercise") == "0 exercises"
    assert plural(2, "person", "people") == "2 people"


def test_dates_name_the_year_only_when_it_is_another_one() -> None:
    moment = datetime(2026, 12, 4, 9, 5, tzinfo=UTC)
    assert day(moment, today=moment) == "4 December"
    assert day(moment, today=moment.replace(year=2027)) == "4 December 2026"


def test_lists_and_waits_read_well() -> None:
    assert join_words([]) == ""
    assert join_words(["a"]) == "a"
    assert join_words(["a", "b", "c"]) == "a, b and c"
    assert [wait(seconds) for seconds in (0, 40, 89, 90, 1_500, 7_200)] == [
        "1 second", "40 seconds", "89 seconds", "2 minutes", "25 minutes", "2 hours"
    ]  # fmt: skip
