import pytest

from server.exercise_format.reading.options import names, split_options, with_line_breaks


def test_options_are_taken_off_the_top() -> None:
    split = split_options("#| name: example\n#| points: 2\nassert x\n", markdown=False)
    assert (split.options, split.body, split.problems) == ({"name": "example", "points": "2"}, "assert x", ())


def test_markdown_takes_both_spellings() -> None:
    split = split_options("<!-- name: a -->\n#| type: order\n\nText\n", markdown=True)
    assert (split.options, split.body) == ({"name": "a", "type": "order"}, "Text")


def test_a_comment_in_code_is_no_option() -> None:
    split = split_options("<!-- name: a -->\n# name: b", markdown=False)
    assert split.options == {}
    assert split.body.startswith("<!--")


def test_a_value_keeps_colons_and_hashes() -> None:
    assert split_options("#| edit: a[1:] = b  # c", markdown=False).options == {"edit": "a[1:] = b  # c"}


def test_an_empty_value_is_a_value() -> None:
    assert split_options("#| into:\nx", markdown=False).options == {"into": ""}


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("#| name", "option-shape"),
        ("#| Name: x", "option-shape"),
        ("#|name=x", "option-shape"),
        ("#| name: a\n#| name: b", "option-repeated"),
        ("x = 1\n#| name: a", "option-place"),
        (f"#| name: {'x' * 2001}", "option-value"),
    ],
)
def test_a_slip_in_an_option_line_is_found(source: str, code: str) -> None:
    assert [problem[0] for problem in split_options(source, markdown=False).problems] == [code]


def test_names_are_split_at_commas() -> None:
    assert names(" a, b ,,c ") == ("a", "b", "c")


def test_backslash_n_is_a_line_break_unless_it_is_escaped() -> None:
    assert with_line_breaks(r"a\n    b") == "a\n    b"
    assert with_line_breaks(r"print('\\n')") == r"print('\n')"
