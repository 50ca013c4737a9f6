import pytest

from server.exercise_format.fingerprint import content_digest, fingerprint, same_code

CODE = "def f(x):\n    return x + 1\n"


@pytest.mark.parametrize(
    "same",
    ["def f(x):\n    # why\n    return x+1", "def f( x ):\n\n\n        return (x + 1)\n\n"],
)
def test_layout_and_comments_do_not_change_a_fingerprint(same: str) -> None:
    assert same_code(CODE, same)
    assert fingerprint(CODE) == fingerprint(same)


@pytest.mark.parametrize("other", ["def f(x):\n    return x + 2\n", "def g(x):\n    return x + 1\n", ""])
def test_another_program_has_another_fingerprint(other: str) -> None:
    assert not same_code(CODE, other)
    assert fingerprint(CODE) != fingerprint(other)


@pytest.mark.parametrize("source", ["%timeit f(1)", "!ls -la", "def f(", "\x00", "(" * 5000, "\ud800", "x" * 300_000])
def test_what_is_no_python_has_a_fingerprint_of_its_text(source: str) -> None:
    assert fingerprint(source) == fingerprint(f" {source}\n")
    assert len(fingerprint(source)) == 16


def test_a_digest_changes_with_every_file_and_with_its_place() -> None:
    digests = {
        content_digest(b"a", {}, {}),
        content_digest(b"b", {}, {}),
        content_digest(b"a", {"x": b"1"}, {}),
        content_digest(b"a", {}, {"x": b"1"}),
        content_digest(b"a", {"x": b"2"}, {}),
        content_digest(b"a", {"y": b"1"}, {}),
        content_digest(b"a", {"x": b"1", "y": b"1"}, {}),
    }
    assert len(digests) == 7


def test_a_digest_does_not_depend_on_the_order_of_files() -> None:
    assert content_digest(b"a", {"x": b"1", "y": b"2"}, {}) == content_digest(b"a", {"y": b"2", "x": b"1"}, {})
