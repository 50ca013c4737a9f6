"""Markdown with formulas and code, as safe HTML.

How a text becomes HTML:
1. Fenced code is highlighted and formulas become MathML; both are set aside, out of Markdown's reach.
2. Markdown does the rest. Headings move down one level: the page has its own h1.
   What would keep Markdown busy for seconds is shown as it was typed instead.
3. An allow-list cleans everything, whatever made it: no id, name, style, form, base, image from elsewhere or script.
Nothing here opens a file or fetches an address.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache
from xml.etree.ElementTree import Element

import latex2mathml.converter
import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import InlineProcessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markupsafe import Markup

from server.web.code import code_block, highlight
from server.web.markdown_allowed import ATTRIBUTES, CLASSES, CONTENT_DROPPED, TAGS, keep_attribute
from server.web.markdown_lists import Lists

__all__ = ["code_block", "highlight", "render", "render_inline"]

LONGEST_TEXT = 100_000
# Beyond these Python-Markdown takes time by the square of them; no text that is meant to be read has so many.
MOST = {"[": 1_000, "<": 1_000, "(": 3_000, ">": 5_000, "`": 3_000, "*": 3_000, "_": 5_000}
MOST_HEADINGS = 1_000
# Behind each open bracket all that follows is searched for its end, several times over: characters that are looked at so.
MOST_SEARCHED = 5_000_000
TAG, LINK = re.compile(r"<(?=[a-zA-Z/!?])"), re.compile(r"\[")
LONGEST_KEPT = 4_000  # characters of a text whose HTML is remembered: people's long ones would fill the memory
LONGEST_FORMULA, WIDE_FORMULA = 2_000, 30
# The converter writes "y ln s" without the thin spaces that TeX sets around the name of a function.
NAMED_FUNCTION = re.compile(
    r"(?<!<msub>)(?<!<msup>)(<mi>(?:ln|log|exp|sin|cos|tan|tanh|det)</mi>)(?=<m)(?!<mo[^>]*>(?:&#x00028;|[(\[]))"
)
THIN_SPACE = r'<mspace width="0.167em"></mspace>\1<mspace width="0.167em"></mspace>'
FENCE = re.compile(r"(?P<indent> *)(?P<fence>```+|~~~+) *(?P<language>[\w+-]*)")
ALONE = re.compile(r"^(?P<indent> *)\$\$(?P<formula>(?:[^$\n]|\n(?! *\n))+?)\$\$ *$", re.M)
PICTURE_WITHOUT_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
DISPLAY = r"(?<!\\)\$\$(.+?)\$\$"
INLINE = r"(?<![\\$\w])\$(?![\s$])((?:\\.|[^$\\])+?)(?<![\s\\])\$(?![\d$])"


def render(text: str) -> Markup:
    text = text[:LONGEST_TEXT]
    return _remembered(text) if len(text) <= LONGEST_KEPT else _made(text)


def render_inline(text: str) -> Markup:
    """For an option, a row or a message: a single paragraph without its tags; several stay paragraphs."""
    block = str(render(text))
    single = block.startswith("<p>") and block.endswith("</p>") and block.count("<p>") == 1
    return Markup(block.removeprefix("<p>").removesuffix("</p>") if single else block)


def _made(text: str) -> Markup:
    if _is_tangled(text):
        return code_block(text, "text")
    made = Markdown(extensions=[TableExtension(use_align_attribute=True), "sane_lists", _Touchstone()], output_format="html")
    try:
        return clean(made.convert(text))
    except RecursionError:  # lists within lists, some hundred deep
        return code_block(text, "text")


_remembered = lru_cache(maxsize=2_000)(_made)


def _is_tangled(text: str) -> bool:
    headings = len(re.findall(r"^ *#|^ *[=-]+ *$", text, re.M))
    if headings > MOST_HEADINGS or any(text.count(sign) > most for sign, most in MOST.items()):
        return True
    return _searched(TAG, text) + sum(_searched(LINK, block) for block in text.split("\n\n")) > MOST_SEARCHED


def _searched(opening: re.Pattern[str], text: str) -> int:
    """How many characters are looked at when the end of each opening sign is searched to the end of the text."""
    return sum(len(text) - found.start() for found in opening.finditer(text))


def clean(dirty: str) -> Markup:
    """Only what is on the allow-list."""
    safe = nh3.clean(
        dirty,
        tags=TAGS,
        clean_content_tags=CONTENT_DROPPED,
        attributes=ATTRIBUTES,
        attribute_filter=keep_attribute,
        allowed_classes=CLASSES,
        url_schemes={"http", "https", "mailto", "data"},
        link_rel="noopener noreferrer",
    )
    return Markup(PICTURE_WITHOUT_SOURCE.sub("", safe).strip())


@lru_cache(maxsize=5_000)
def formula(source: str, display: bool) -> str:
    """MathML; a formula that cannot be read stays visible as it was typed."""
    if len(source) <= LONGEST_FORMULA:
        try:
            known = source.strip().replace(r"\arg", r"\operatorname{arg}")
            made = latex2mathml.converter.convert(known, display="block" if display else "inline")
            return _frame(source, NAMED_FUNCTION.sub(THIN_SPACE, made)) if display else NAMED_FUNCTION.sub(THIN_SPACE, made)
        except Exception:  # the converter raises whatever its parts raise on bad input; the text is shown instead
            pass
    sign = "$$" if display else "$"
    return f"<code>{html.escape(sign + source + sign)}</code>"


def _frame(source: str, mathml: str) -> str:
    """A formula on its own line scrolls when it is too wide; what scrolls must be reachable by keyboard."""
    focus = ' tabindex="0"' if len(source) > WIDE_FORMULA else ""
    return f'<span class="formula"{focus}>{mathml}</span>'


class _Touchstone(Extension):
    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_SetAside(md), "set-aside", 25)
        md.preprocessors.register(Lists(md), "lists", 24)
        # After back-ticks (190), so that code is no formula; before escapes (180), so that formulas keep their backslashes.
        md.inlinePatterns.register(_Formula(DISPLAY, md, display=True), "display-formula", 187)
        md.inlinePatterns.register(_Formula(INLINE, md, display=False), "formula", 186)
        md.treeprocessors.register(_LowerHeadings(md), "lower-headings", 5)


class _SetAside(Preprocessor):
    """Fenced code and formulas on lines of their own, also inside lists."""

    def run(self, lines: list[str]) -> list[str]:
        return ALONE.sub(self._formula, "\n".join(self._without_code(lines)) + "\n").split("\n")

    def _without_code(self, lines: list[str]) -> Iterator[str]:
        """Line by line, because a pattern over the whole text looks for the end of every open fence again and again."""
        ends = _lines_by_text(lines)
        number = 0
        while number < len(lines):
            fence = FENCE.match(lines[number])
            end = _next_after(ends.get(fence["fence"], []), number) if fence else None
            if fence is None or end is None:
                yield lines[number]
                number += 1
            else:
                yield self._code(fence, lines[number + 1 : end])
                number = end + 1

    def _code(self, fence: re.Match[str], lines: list[str]) -> str:
        indent = len(fence["indent"])
        shifted = [line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in lines]
        return self._keep(fence, str(code_block("\n".join(shifted).rstrip("\n"), fence["language"] or "text")))

    def _formula(self, match: re.Match[str]) -> str:
        return self._keep(match, f"<p>{formula(match['formula'], display=True)}</p>")

    def _keep(self, match: re.Match[str], block: str) -> str:
        return f"\n\n{match['indent']}{self.md.htmlStash.store(block)}\n\n"


def _lines_by_text(lines: Sequence[str]) -> dict[str, list[int]]:
    """Which lines hold a fence and nothing else."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        bare = line.strip(" ")
        if bare.startswith(("```", "~~~")):
            found.setdefault(bare, []).append(number)
    return found


def _next_after(numbers: list[int], number: int) -> int | None:
    place = bisect_right(numbers, number)
    return numbers[place] if place < len(numbers) else None


class _Formula(InlineProcessor):
    def __init__(self, pattern: str, md: Markdown, display: bool) -> None:
        super().__init__(pattern, md)
        self.display = display

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[str, int, int]:  # type: ignore[override]
        return self.md.htmlStash.store(formula(m.group(1), self.display)), m.start(0), m.end(0)


class _LowerHeadings(Treeprocessor):
    def run(self, root: Element) -> None:
        for element in root.iter():
            if re.fullmatch(r"h[1-6]", element.tag):
                element.tag = f"h{min(int(element.tag[1]) + 1, 6)}"
