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
MOST_BRACKETS, MOST_HEADINGS, MOST_QUOTES = 1_000, 1_000, 5_000
LONGEST_FORMULA, WIDE_FORMULA = 2_000, 30
# The converter writes "y ln s" without the thin spaces that TeX sets around the name of a function.
NAMED_FUNCTION = re.compile(
    r"(?<!<msub>)(?<!<msup>)(<mi>(?:ln|log|exp|sin|cos|tan|tanh|det)</mi>)(?=<m)(?!<mo[^>]*>(?:&#x00028;|[(\[]))"
)
THIN_SPACE = r'<mspace width="0.167em"></mspace>\1<mspace width="0.167em"></mspace>'
FENCE = re.compile(
    r"^(?P<indent> *)(?P<fence>```+|~~~+) *(?P<language>[\w+-]*)[^\n]*\n(?P<code>.*?)^ *(?P=fence) *$", re.M | re.S
)
ALONE = re.compile(r"^(?P<indent> *)\$\$(?P<formula>(?:[^$\n]|\n(?! *\n))+?)\$\$ *$", re.M)
PICTURE_WITHOUT_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")
DISPLAY = r"(?<!\\)\$\$(.+?)\$\$"
INLINE = r"(?<![\\$\w])\$(?![\s$])((?:\\.|[^$\\])+?)(?<![\s\\])\$(?![\d$])"


def render(text: str) -> Markup:
    return _render(text[:LONGEST_TEXT])


def render_inline(text: str) -> Markup:
    """For an option, a row or a message: a single paragraph without its tags; several stay paragraphs."""
    block = str(render(text))
    single = block.startswith("<p>") and block.endswith("</p>") and block.count("<p>") == 1
    return Markup(block.removeprefix("<p>").removesuffix("</p>") if single else block)


@lru_cache(maxsize=2_000)
def _render(text: str) -> Markup:
    if _is_tangled(text):
        return code_block(text, "text")
    made = Markdown(extensions=[TableExtension(use_align_attribute=True), "sane_lists", _Touchstone()], output_format="html")
    return clean(made.convert(text))


def _is_tangled(text: str) -> bool:
    headings = len(re.findall(r"^ *#|^ *[=-]+ *$", text, re.M))
    return text.count("[") > MOST_BRACKETS or headings > MOST_HEADINGS or text.count(">") > MOST_QUOTES


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
        text = FENCE.sub(self._code, "\n".join(lines) + "\n")
        return ALONE.sub(self._formula, text).split("\n")

    def _code(self, match: re.Match[str]) -> str:
        indent = len(match["indent"])
        lines = [line[min(indent, len(line) - len(line.lstrip(" "))) :] for line in match["code"].rstrip("\n").split("\n")]
        return self._keep(match, str(code_block("\n".join(lines), match["language"] or "text")))

    def _formula(self, match: re.Match[str]) -> str:
        return self._keep(match, f"<p>{formula(match['formula'], display=True)}</p>")

    def _keep(self, match: re.Match[str], block: str) -> str:
        return f"\n\n{match['indent']}{self.md.htmlStash.store(block)}\n\n"


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
