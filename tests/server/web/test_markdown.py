"""Markdown: formulas and code look right, and nothing that a text holds runs, loads or takes over the page."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.web.code import code_block, highlight
from server.web.markdown import LONGEST_TEXT, render, render_inline
from server.web.markdown_allowed import ATTRIBUTES, TAGS

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<iframe src='https://evil.example'></iframe>",
    "<object data=x></object><embed src=x>",
    "<form action='https://evil.example'><input name=csrf_token><button>go</button></form>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>body{display:none}</style>",
    "<p style='position:fixed'>over everything</p>",
    "<p id=main name=csrf class='error-summary top'>clobbers</p>",
    "<a id=csrf_token name=location href=/x>clobbers</a>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:x)",
    "[x](//evil.example)",
    "[x](/\\evil.example)",
    "<javascript:alert(1)>",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zy8+)",
    "![x](file:///etc/passwd)",
    "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
    "<math href='javascript:alert(1)'><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<math><maction actiontype='statusline#https://evil.example'>x</maction></math>",
    "$\\href{javascript:alert(1)}{x}$",
    "$\\text{<script>alert(1)</script>}$",
    "$</math><script>alert(1)</script>$",
    "```<script>\n</code></pre><script>alert(1)</script>\n```",
    "`<script>alert(1)</script>`",
    "<details ontoggle=alert(1) open><summary>x</summary></details>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<a href=' javascript:alert(1)'>x</a><a href='\x01javascript:alert(1)'>x</a>",
    "<table background='https://evil.example'><tr><td onclick=alert(1)>x</td></tr></table>",
]


class Found(HTMLParser):
    """What a browser would make of the text: every tag with its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def refuse_danger(text: str) -> None:
    for tag, attributes in Found(text).tags:
        assert tag in TAGS, tag
        assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"class", "rel"}, (tag, attributes)
        link = attributes.get("href")
        assert link is None or re.match(r"https?://|mailto:|/(?![/\\])", link), link
        picture = attributes.get("src")
        assert picture is None or re.match(r"data:image/(png|jpeg|gif);base64,", picture), picture


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_dangerous_comes_through(attack: str) -> None:
    for text in (attack, f"- {attack}", f"| a |\n|---|\n| {attack} |", f"> {attack}", f"# {attack}"):
        refuse_danger(render(text))
    refuse_danger(render_inline(attack))


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.sampled_from(list("<>/\"'=&;:()[]!`$\\*_#|-+ \n\tascriptonlf0")), max_size=80))
def test_no_mixture_of_signs_comes_through_or_breaks_the_page(text: str) -> None:
    refuse_danger(render(text))


def test_classes_of_the_page_cannot_be_borrowed() -> None:
    assert "error-summary" not in render("<p class='error-summary'>x</p>")
    assert "button" not in render("<span class='button primary'>x</span>")


def test_formulas_become_mathml() -> None:
    inline, display = render(r"The mean $\bar x$ is"), render("So\n\n$$\n\\frac{1}{n}\n$$\n\nholds.")
    assert '<math display="inline">' in inline and "$" not in inline
    assert '<math display="block">' in display and "<mfrac>" in display


def test_a_wide_formula_scrolls_and_can_be_reached() -> None:
    wide = render("$$\\hat\\mu = c\\,\\bar x \\quad \\text{with a long explanation}$$")
    assert wide.startswith('<p><span class="formula" tabindex="0"><math display="block">')
    assert render("$$x$$") == '<p><span class="formula"><math display="block"><mrow><mi>x</mi></mrow></math></span></p>'


def test_names_of_functions_stand_apart() -> None:
    assert '</mspace><mi>ln</mi><mspace width="0.167em">' in render(r"$y \ln s$")
    assert "mspace" not in render(r"$\log_2 x$") + render(r"$\exp(x)$") + render(r"$x_{\ln}$")


def test_argmin_is_written_in_words() -> None:
    assert "\\" not in render(r"$\arg\min_\theta L$")


def test_prices_and_code_are_no_formulas() -> None:
    assert "<math" not in render("It costs $5 and $6 each, or `$x$`.")
    assert "<math" not in render("```\n$x$ and $$y$$\n```")
    assert "<math" not in render(r"An escaped \$x\$ stays.")


def test_underscores_and_stars_in_formulas_are_left_alone() -> None:
    made = render(r"$a_i * b_i$ and $c_i * d_i$")
    assert "<em>" not in made
    assert made.count("<msub>") == 4


@pytest.mark.parametrize("formula", [r"\frac{", r"\begin{matrix}", "}" * 50, r"\left(", "x" * 3_000, r"\sqrt[" * 100, "^" * 30])
def test_a_formula_that_cannot_be_read_stays_text(formula: str) -> None:
    refuse_danger(render(f"before ${formula}$ after"))
    assert "after" in render(f"before ${formula}$ after")


def test_headings_move_below_the_pages_own() -> None:
    assert render("# One\n\n## Two") == "<h2>One</h2>\n<h3>Two</h3>"


def test_fenced_code_is_highlighted_and_takes_the_focus() -> None:
    made = render("```python\ndef f():\n    return 1  # one\n```")
    assert '<pre class="code" tabindex="0"><code>' in made
    assert '<span class="tok-keyword">def</span> <span class="tok-definition">f</span>' in made
    assert '<span class="tok-comment"># one</span>' in made


def test_lists_read_as_in_jupyter() -> None:
    made = render("Before:\n- one\n  - inner\n- two\n\n  ```python\n  x = 1\n  ```\n1. first\n2. second")
    assert made.count("<ul>") == 2
    assert made.count("<ol>") == 1
    assert "<p>Before:</p>" in made
    assert "</code></pre>\n</li>\n</ul>" in made


def test_tables_keep_their_alignment() -> None:
    made = render("| a | b |\n|---|--:|\n| x | 1 |")
    assert '<td align="right">1</td>' in made


def test_an_option_is_written_without_a_paragraph() -> None:
    assert render_inline("a **b**") == "a <strong>b</strong>"
    assert render_inline("a\n\nb") == "<p>a</p>\n<p>b</p>"


def test_a_picture_may_come_along_in_the_text() -> None:
    assert 'src="data:image/png;base64,iVBO"' in render("![a chart](data:image/png;base64,iVBO)")


def test_code_is_text_in_lines() -> None:
    assert highlight("a < b\n\n") == '<span class="line">a &lt; b</span>'
    assert highlight("'''a\nb'''").count('<span class="line">') == 2
    assert code_block("x", numbered=True).startswith('<pre class="code numbered" tabindex="0">')
    assert highlight("<b>", "no-such-language") == '<span class="line">&lt;b&gt;</span>'
    assert highlight("") == '<span class="line"></span>'


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("~~~\nx\n~~~", ["x"]),
        ("```\none\n```\nbetween\n~~~\ntwo\n~~~", ["one", "two"]),
        ("~~~\n```\nx\n```\n~~~", ["```x```"]),
        ("````\n```\nx\n````", ["```x"]),
        ("~~~~\n~~~\nx\n~~~~", ["~~~x"]),
        ("```\nx\n````\ny\n```", ["x````y"]),
        ("- an item\n\n  ~~~\n  x\n  ~~~", ["x"]),
        ("```\n*x*\n~~~", []),
        ("~~~\nx\n~~~\n\n~~~python\nnever closed", ["x"]),
        ("```never closed\n\n~~~\nx\n~~~", ["x"]),
    ],
)
def test_a_fence_ends_at_the_next_one_of_the_same_length_and_is_text_without_one(text: str, blocks: list[str]) -> None:
    made = render(f"*before*\n\n{text}\n\n*after*")
    assert [re.sub("<[^>]*>", "", block) for block in re.findall("<pre.*?</pre>", made)] == blocks
    assert made.startswith("<p><em>before</em></p>") and made.endswith("<p><em>after</em></p>")


@pytest.mark.parametrize("language", ["cpp", "no-such-language"])
def test_code_in_a_language_without_colours_is_still_code(language: str) -> None:
    assert render(f"```{language}\nreturn 1\n```") == code_block("return 1", "text")


def test_very_long_code_is_shown_without_colours() -> None:
    assert "tok-keyword" in highlight("def f(): ...\n" * 500)
    assert "tok-" not in highlight("def f(): ...\n" * 1_000)


def filled(opening: str, count: int, filling: str = "x") -> str:
    """Few signs that open something, and much text behind them in which its end is looked for."""
    return (opening * count + filling * LONGEST_TEXT)[:LONGEST_TEXT]


HOSTILE = {
    "brackets": "[" * 50_000,
    "links": "[a](" * 20_000,
    "pictures": "![" * 20_000,
    "headings": "# a\n" * 20_000,
    "lines under headings": "a\n=\n" * 20_000,
    "one deep quote": ">" * 50_000,
    "deep lists": "".join("  " * depth + "- a\n" for depth in range(400)),
    "lists in one line": "- " * 3_000 + "a",
    "too long": "x" * 500_000,
    "open fences": filled("~~~a\n", 25_000),
    "open fences of ticks": filled("```a\n", 25_000),
    "closing fences": filled("~~~\n", 25_000),
    "tags": filled("<a ", 50_000),
    "a link and brackets": filled("[a](", 1, "("),
    "addresses": filled("<http://a", 50_000),
    "mail addresses": filled("<a@b", 50_000),
    "deep quotes": filled("> ", 50_000),
    "deeper and deeper quotes": "".join("> " * depth + "a\n" for depth in range(310)),
    "as many quotes as may be": "> " * 4_990 + "a",
    "some brackets": filled("[", 999),
    "some links": filled("[a](", 999),
    "some pictures": filled("![a](", 999, "a "),
    "some tags": filled("<div ", 999, "a "),
    "some addresses": filled("<http://a", 999, "a\n"),
    "some comments": filled("<!--", 999),
    "some sections": filled("<![", 999),
    "code of a slow language": "```html\n" + "&" * 99_000 + "\n```",
    "code of a slower language": "```cpp\n" + "\n" * 9_900 + "a\n```",
    "open strings": '```python\n' + 'f"{' * 30_000 + "\n```",
    "many open strings": ('```python\n' + 'f"{' * 3_000 + "\n```\n") * 10,
}  # fmt: skip


@pytest.mark.timeout(20)
@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_made_to_keep_the_server_busy_is_shown_as_typed_or_cut(name: str) -> None:
    """The time limit is the measure: each of these took minutes, or broke, without a guard."""
    refuse_danger(render(HOSTILE[name]))


def test_a_long_text_with_links_and_tags_as_people_write_them_is_no_attack() -> None:
    paragraph = "A [link](https://example.org/a), x[1] < y[2], <b>bold</b>, `code[0]` and *more* of it. " * 2 + "\n\n"
    made = render(paragraph * 50)
    assert made.count('<a href="https://example.org/a"') == made.count("<strong>") + made.count("<b>") == 100
