"""Code as HTML: a span for each line, and for each kind of token the classes that the editor uses, too."""

from functools import lru_cache

from markupsafe import Markup, escape
from pygments.lexer import Lexer
from pygments.lexers import get_lexer_by_name
from pygments.token import Comment, Keyword, Name, Number, Operator, String, Token, _TokenType

# Lexers are lists of patterns, some of which take time by the square of the text, or worse. Each of these was tried.
LANGUAGES = frozenset({"python", "python3", "py", "pycon", "bash", "sh", "json", "sql"})
LONGEST_CODE = 10_000  # characters; what is longer, or in another language, is shown without colours
LONGEST_KEPT = 4_000  # characters of a source whose HTML is remembered

_CLASSES: tuple[tuple[_TokenType, str], ...] = (
    (Comment, "tok-comment"),
    (Keyword, "tok-keyword"),
    (Operator.Word, "tok-keyword"),
    (String, "tok-string"),
    (Number, "tok-number"),
    (Name.Function, "tok-definition"),
    (Name.Class, "tok-definition"),
    (Name.Decorator, "tok-meta"),
)


def highlight(source: str, language: str = "python") -> Markup:
    """The lines alone, for a page that makes the block around them."""
    return Markup(_lines(source, language))


def code_block(source: str, language: str = "python", numbered: bool = False) -> Markup:
    """A whole block; it takes the focus, because wide code scrolls."""
    kind = "code numbered" if numbered else "code"
    return Markup(f'<pre class="{kind}" tabindex="0"><code>{_lines(source, language)}</code></pre>')


def highlighted_lines(source: str, language: str = "python") -> tuple[str, ...]:
    """The HTML of each line by itself; empty lines at the end are left out."""
    return _remembered(source, language) if len(source) <= LONGEST_KEPT else _made(source, language)


def _lines(source: str, language: str) -> str:
    return "".join(f'<span class="line">{line}</span>' for line in highlighted_lines(source, language))


def _made(source: str, language: str) -> tuple[str, ...]:
    lexer = _lexer(language) if len(source) <= LONGEST_CODE else None
    tokens = lexer.get_tokens(source) if lexer else [(Token.Text, source)]
    lines = [""]
    for token, text in tokens:
        name = _class_of(token)
        for number, piece in enumerate(text.split("\n")):
            if number:
                lines.append("")
            if piece:
                lines[-1] += f'<span class="{name}">{escape(piece)}</span>' if name else str(escape(piece))
    while len(lines) > 1 and not lines[-1]:
        lines.pop()
    return tuple(lines)


_remembered = lru_cache(maxsize=2_000)(_made)


def _class_of(token: _TokenType) -> str:
    return next((name for kind, name in _CLASSES if token is kind or kind in token.split()), "")


@lru_cache(maxsize=32)
def _lexer(language: str) -> Lexer | None:
    """None for plain text and for languages that are not in the list."""
    return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language in LANGUAGES else None
