"""Two versions of a text as lines that stayed, were removed and were added."""

from collections.abc import Sequence
from difflib import SequenceMatcher

from markupsafe import Markup

from server.web.code import highlighted_lines

MOST_COMPARED = 3_000  # lines; comparing more could take seconds, so all of them count as exchanged


def diff_block(before: str, after: str, language: str = "python") -> Markup:
    """A block of code; a word that is heard and not seen stands before each line that changed."""
    old, new = (text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") for text in (before, after))
    old_lines, new_lines = (highlighted_lines(text, language) if text else () for text in (old, new))
    shown = []
    for what, i1, i2, j1, j2 in _changes(old.split("\n") if old else [], new.split("\n") if new else []):
        if what == "equal":
            shown += [_line("", "", line) for line in new_lines[j1:j2]]
        else:
            shown += [_line(" del", "removed: ", line) for line in old_lines[i1:i2]]
            shown += [_line(" add", "added: ", line) for line in new_lines[j1:j2]]
    return Markup(f'<pre class="code numbered" tabindex="0"><code>{"".join(shown)}</code></pre>')


def _changes(old: Sequence[str], new: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    if len(old) + len(new) > MOST_COMPARED:
        return [("replace", 0, len(old), 0, len(new))]
    return SequenceMatcher(None, old, new).get_opcodes()


def _line(kind: str, said: str, line: str) -> str:
    heard = f'<span class="unseen">{said}</span>' if said else ""
    return f'<span class="line{kind}">{heard}{line}</span>'
