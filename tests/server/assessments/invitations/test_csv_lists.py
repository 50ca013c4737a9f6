"""Lists of people as CSV: every row is kept, or named with its line and what to do; nothing makes it crash."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from server.assessments.invitations.candidates import Invitee
from server.assessments.invitations.csv_lists import COLUMNS, MOST_BYTES, MOST_ROWS, Sheet, decode, read_csv, to_mend
from server.assessments.invitations.list_import import invite_sheet
from server.assessments.tables.invitations import Candidate
from server.errors import Invalid
from tests import rounds


def refusal(text: str) -> str:
    with pytest.raises(Invalid) as refused:
        read_csv(text)
    assert list(refused.value.errors) == ["csv"]
    return refused.value.errors["csv"]


def test_a_row_says_everything() -> None:
    text = (
        "email,name,source,notes,extra_percent,opens,closes\n"
        'mira@example.org,Mira Santos,arXiv,"PhD, Lisbon",25 %,2026-12-01 08:00,2026-12-04T18:00+01:00\n'
    )
    wanted = Invitee(
        email="mira@example.org",
        name="Mira Santos",
        source="arXiv",
        notes="PhD, Lisbon",
        opens=datetime(2026, 12, 1, 8, tzinfo=UTC),
        closes=datetime(2026, 12, 4, 17, tzinfo=UTC),
        extra_percent=25,
    )
    sheet = read_csv(text)
    assert ([row.wanted for row in sheet.rows], sheet.errors) == ([wanted], ())


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_order_delimiter_and_line_endings_are_free(delimiter: str, ending: str) -> None:
    lines = [
        delimiter.join(cells) for cells in (("Name", "E-Mail"), ("Mira", "mira@example.org"), ("Tomas", "tomas@example.org"))
    ]
    found = read_csv("\ufeff" + ending.join(lines) + ending)
    assert [(row.line, row.wanted.name, row.wanted.email) for row in found.rows] == [
        (2, "Mira", "mira@example.org"),
        (3, "Tomas", "tomas@example.org"),
    ]


def test_the_address_alone_is_enough_and_blank_rows_are_nothing() -> None:
    sheet = read_csv("\nemail,,\n\nmira@example.org\n,,\n   \n")
    assert [(row.line, row.wanted) for row in sheet.rows] == [(4, Invitee(email="mira@example.org"))]
    assert sheet.errors == ()


def test_a_day_alone_is_the_whole_day() -> None:
    row = read_csv("email;opens;closes\nm@example.org;2026-12-01;2026-12-04").rows[0]
    assert (row.wanted.opens, row.wanted.closes) == (
        datetime(2026, 12, 1, tzinfo=UTC),
        datetime(2026, 12, 4, 23, 59, tzinfo=UTC),
    )


def test_a_cell_may_go_over_several_lines() -> None:
    sheet = read_csv('email,notes\na@example.org,"one\ntwo ""three"""\nb@example.org,\n')
    assert [(row.line, row.wanted.notes) for row in sheet.rows] == [(2, 'one\ntwo "three"'), (4, "")]


WRONG = [
    ("wrong,,", "email: Enter an e-mail address with an @"),
    (",Mira,", "email: Enter an e-mail address."),
    ("m@example.org,,lots", "extra_percent: Extra time is a whole number"),
    ("m@example.org,,²", "extra_percent: Extra time is a whole number"),
    ("m@example.org,,-5", "extra_percent: Extra time is a whole number"),
    ("m@example.org,,,tomorrow", "closes: Write it like 2026-12-04 18:00"),
    ("m@example.org,,,2026-13-04", "closes: Write it like"),
    ("m@example.org,,,0001-01-01T00:00+05:00", "closes: Write it like"),
    ("m@example.org,,,9999-12-31", "closes: Write it like"),
    ("m@example.org,a,5,2026-12-04,more", "This row has 5 cells, the first line names 4"),
    ('m@example.org,"Mira', "A quotation mark is opened and not closed"),
    ("x" * 10_001, "This row has more than 10,000 characters"),
    ("first@example.org,,", "email: This address stands in line 2 already"),
    ("FIRST@example.org ,,", "email: This address stands in line 2 already"),
]


@pytest.mark.parametrize(("row", "said"), WRONG)
def test_a_wrong_row_is_named_and_the_others_are_kept(row: str, said: str) -> None:
    sheet = read_csv(f"email,name,extra_percent,closes\nfirst@example.org\n{row}\nlast@example.org\n")
    assert [each.wanted.email for each in sheet.rows] == ["first@example.org", "last@example.org"]
    assert [(error.line, error.text) for error in sheet.errors] == [(3, row)]
    assert said in sheet.errors[0].problem


def test_all_that_is_wrong_with_a_row_is_said_at_once() -> None:
    error = read_csv("email,extra_percent,opens,closes\nwrong,many,now,later").errors[0]
    assert [word in error.problem for word in ("email:", "extra_percent:", "opens:", "closes:")] == [True] * 4


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "There is nothing in it"),
        ("\n \n", "There is nothing in it"),
        ("mira@example.org,Mira\n", "The first line must name the columns"),
        ("name\nMira\n", "one of them is email"),
        ('email,"name\nx@example.org', "one of them is email"),
        ("email,phone\n", "“phone”"),
        ("email,Email\n", "twice: email"),
    ],
)
def test_a_list_whose_columns_cannot_be_made_out_is_refused_whole(text: str, said: str) -> None:
    assert said in refusal(text)


def test_too_many_rows_or_bytes_are_refused_whole() -> None:
    rows = [f"p{number}@example.org" for number in range(MOST_ROWS)]
    assert len(read_csv("\n".join(["email", *rows])).rows) == MOST_ROWS
    assert "At most 1,000 people" in refusal("\n".join(["email", *rows, "one-more@example.org"]))
    assert "more than 1,000,000 bytes" in refusal("email\n" + "é" * (MOST_BYTES // 2))


def test_files_are_utf_8_with_or_without_a_mark() -> None:
    assert decode("email\nm@example.org".encode("utf-8-sig")) == "email\nm@example.org"
    for spoiled in ("email,name\nm@example.org,José".encode("latin-1"), "email".encode("utf-16")):
        with pytest.raises(Invalid, match="Save it as “CSV UTF-8”"):
            decode(spoiled)
    with pytest.raises(Invalid, match="more than 1,000,000 bytes"):
        decode(b"x" * (MOST_BYTES + 1))


def test_rows_to_mend_are_as_they_were_typed() -> None:
    sheet = read_csv('Email;Name\n"wrong";"=cmd|\'/c calc\'!A1"\nm@example.org;Mira\nworse;<b>\n')
    assert to_mend(sheet.header, sheet.errors) == 'Email;Name\n"wrong";"=cmd|\'/c calc\'!A1"\nworse;<b>'
    assert to_mend(sheet.header, ()) == ""


ANYTHING = st.text(alphabet=st.one_of(st.sampled_from('",;\t\n\r a@.é=\0\u2028\x0b'), st.characters()), max_size=200)
ROWS = st.lists(ANYTHING, max_size=8)
CELLS = st.lists(ANYTHING.filter(lambda text: "\0" not in text and "\r" not in text), min_size=3, max_size=3)


@given(ANYTHING)
def test_nothing_makes_it_crash(text: str) -> None:
    try:
        read_csv(text)
    except Invalid as refused:
        assert list(refused.errors) == ["csv"]


@given(ROWS)
def test_every_row_is_kept_or_named(rows: list[str]) -> None:
    """No letter of any row is lost between those that are kept and those that are named."""
    text = "\n".join(["email,name", *rows])
    sheet = read_csv(text)
    lines = text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n")[1:]
    told = {each.line: each.text for each in (*sheet.rows, *sheet.errors)}
    assert len(told) == len(sheet.rows) + len(sheet.errors)
    covered = {line + n for line, row in told.items() for n in range(row.count("\n") + 1)}
    for line, row in told.items():
        assert lines[line - 2 : line - 1 + row.count("\n")] == row.split("\n")
    left_out = [row for number, row in enumerate(lines, 2) if number not in covered]
    assert not any(letter for row in left_out for letter in row if not letter.isspace() and letter not in '",')


@given(ROWS)
def test_rows_to_mend_that_are_not_mended_are_named_again(rows: list[str]) -> None:
    sheet = read_csv("\n".join(["email,name", *rows]))
    again = read_csv(to_mend(sheet.header, sheet.errors) or sheet.header)
    repeated = [error for error in sheet.errors if "stands in line" in error.problem]
    if not repeated:
        assert again.rows == ()
        assert "\n".join(error.text for error in again.errors) == "\n".join(error.text for error in sheet.errors)


@given(st.lists(CELLS, max_size=5))
def test_what_a_spreadsheet_writes_is_read_as_it_was_meant(people: list[list[str]]) -> None:
    buffer = StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(["email", "name", "source", "notes"])
    for number, cells in enumerate(people):
        writer.writerow([f"p{number}@example.org", *cells])
    sheet = read_csv(buffer.getvalue())
    assert sheet.errors == ()
    for number, (row, cells) in enumerate(zip(sheet.rows, people, strict=True)):
        assert row.wanted.email == f"p{number}@example.org"
        assert (row.wanted.name.rstrip(), row.wanted.notes.rstrip()) == (cells[0].rstrip(), cells[2].rstrip())


def test_an_import_invites_the_good_rows_and_gives_the_others_back(session: Session, moment: datetime) -> None:
    here = rounds.make_round(session, moment)
    rounds.invited(session, here, "Flint 03", moment, email="known@example.org")
    text = (
        "email,closes,extra_percent\nnew@example.org\nwrong\nknown@example.org\nlate@example.org,2026-11-01\n"
        "much@example.org,,900\nalso@example.org,2026-12-04,50\n"
    )
    sheet = read_csv(text)
    found = invite_sheet(session, here.owner, here.job, here.blueprint, sheet, moment)
    assert found.invited == 2
    assert [(error.line, error.problem.split(":")[0]) for error in found.errors] == [
        (3, "email"),
        (4, "email"),
        (5, "closes"),
        (6, "extra_percent"),
    ]
    assert found.rest.splitlines()[0] == sheet.header
    assert len(found.rest.splitlines()) == 5
    emails = {row.email for row in session.exec(select(Candidate))}
    assert emails == {"known@example.org", "new@example.org", "also@example.org"}


def test_a_list_as_long_as_allowed_is_invited_in_one_go(session: Session, moment: datetime) -> None:
    here = rounds.make_round(session, moment)
    sheet = read_csv("\n".join(["email", *(f"p{number}@example.org" for number in range(MOST_ROWS))]))
    assert invite_sheet(session, here.owner, here.job, here.blueprint, sheet, moment + timedelta(days=1)).invited == MOST_ROWS
    assert len({row.code for row in session.exec(select(Candidate))}) == MOST_ROWS


def test_the_columns_are_all_read() -> None:
    assert isinstance(read_csv(",".join(COLUMNS)), Sheet)
