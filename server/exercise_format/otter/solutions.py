"""otter-assign's comments in a solution: what the student's copy has in place of it."""

import re

SKIPPED = ("# SOLUTION NO PROMPT", "# BEGIN PROMPT", "# END PROMPT", "# SEED")
BEGIN = re.compile(r"(\s*)# BEGIN SOLUTION( NO PROMPT)?")
BEGIN_IGNORE = re.compile(r"\s*#\s*BEGIN\s*IGNORE", re.IGNORECASE)
ASSIGNED = re.compile(r"(\s*[\w.\[\]'\", ]+?\s*=)(?!=).*#\s?SOLUTION\b")
LINE = re.compile(r"(\s*).*#\s?SOLUTION\b")
PROMPT = re.compile(
    r'^[ \t]*"""[ \t]*# BEGIN PROMPT[ \t]*\n.*?^[ \t]*"""[ \t]*;?[ \t]*# END PROMPT[^\n]*$', re.DOTALL | re.MULTILINE
)


def without_ignored(source: str) -> str:
    kept, inside = list[str](), False
    for line in source.split("\n"):
        if line.rstrip().endswith("# END IGNORE"):
            inside = False
        elif BEGIN_IGNORE.match(line):
            inside = True
        elif not inside and not line.rstrip().endswith("# IGNORE"):
            kept.append(line)
    return "\n".join(kept)


def reference(source: str) -> str:
    """The solution without the prompt that only the student's copy has."""
    return PROMPT.sub("", without_ignored(source))


def stub(source: str) -> str:
    kept, inside = list[str](), False
    for line in without_ignored(source).split("\n"):
        end, begin = line.rstrip().endswith("# END SOLUTION"), BEGIN.match(line)
        if end:
            inside = False
        elif inside or line.rstrip().rstrip(";").endswith(SKIPPED):
            continue
        elif begin:
            inside = True
            kept += [] if begin[2] else [f"{begin[1]}..."]
        else:
            kept.append(_blanked(line))
    return "\n".join(kept)


def _blanked(line: str) -> str:
    assigned = ASSIGNED.match(line)
    if assigned:
        return f"{assigned[1]} ..."
    found = LINE.match(line)
    return f"{found[1]}..." if found else line
