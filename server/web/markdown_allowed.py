"""The allow-list for HTML that people or exercises wrote."""

import re


def _words(text: str) -> set[str]:
    return set(text.split())


TEXT_TAGS = _words(
    """a abbr b blockquote br caption code dd del details div dl dt em h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp
    small span strong sub summary sup table tbody td tfoot th thead tr u ul var"""
)
MATH_TAGS = _words(
    """math semantics mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle merror mpadded mphantom mover munder munderover
    msub msup msubsup mmultiscripts mprescripts none mtable mtr mtd menclose"""
)
TAGS = TEXT_TAGS | MATH_TAGS
CONTENT_DROPPED = _words("script style template iframe object embed noscript title textarea select annotation")

_MATH_ATTRIBUTES = _words(
    """mathvariant stretchy fence form separator lspace rspace minsize maxsize symmetric largeop movablelimits accent
    accentunder linethickness columnalign rowalign columnspacing rowspacing columnlines rowlines width height depth
    displaystyle scriptlevel notation columnspan rowspan"""
)
ATTRIBUTES: dict[str, set[str]] = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "pre": {"tabindex"},
    "span": {"tabindex"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "scope", "align"},
    "math": {"display"} | _MATH_ATTRIBUTES,
    **dict.fromkeys(MATH_TAGS - {"math"}, _MATH_ATTRIBUTES),
}

_TOKENS = {"tok-keyword", "tok-string", "tok-number", "tok-definition", "tok-meta", "tok-comment"}
CLASSES: dict[str, set[str]] = {"pre": {"code", "numbered"}, "span": _TOKENS | {"line", "mark-line", "formula"}}

_LINK = re.compile(r"https?://|mailto:|/(?!/)", re.I)
_PICTURE = re.compile(r"data:image/(png|jpeg|gif);base64,[A-Za-z0-9+/=\s]+", re.I)


def keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    """Links go to the web or to a path of ours; pictures come along in the text or not at all."""
    if attribute == "href":
        return value if _LINK.match(value) and "\\" not in value else None
    if attribute == "src":
        return value if _PICTURE.fullmatch(value) else None
    if attribute == "tabindex":
        return value if value == "0" else None
    return value
