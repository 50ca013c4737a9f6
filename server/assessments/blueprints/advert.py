"""A job advert, read line by line: what it must have, what would be nice, and what is wrong with it. Rules only, each explained.

Nothing is guessed about people; what the rules do not know is left alone, and a person decides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 20_000  # characters
MANY_SKILLS, MANY_FAMILIES, SEVERAL = 10, 4, 8


class Want(StrEnum):
    must = "must have"
    nice = "nice to have"


@dataclass(frozen=True, slots=True)
class Skill:
    """Something that an advert names. `family`: the trade it belongs to."""

    name: str
    family: str
    pattern: str  # of a regular expression, whole words, large and small letters alike


@dataclass(frozen=True, slots=True)
class Wanted:
    skill: str
    want: Want
    line: int  # from 1


@dataclass(frozen=True, slots=True)
class Remark:
    """`code` names the rule; `text` says what was found, why it matters and what to do."""

    code: str
    text: str
    line: int = 0  # 0: the advert as a whole


@dataclass(frozen=True, slots=True)
class Reading:
    wanted: tuple[Wanted, ...]
    remarks: tuple[Remark, ...]

    def of(self, want: Want) -> list[str]:
        return [each.skill for each in self.wanted if each.want is want]


FAMILIES: Mapping[str, Mapping[str, str]] = {
    "modelling": {
        "machine learning": r"machine learning|\bml\b",
        "deep learning": r"deep learning|neural net\w*",
        "statistics": r"statistic\w*|probability",
        "computer vision": r"computer vision|image recognition",
        "language": r"\bnlp\b|natural language|\bllms?\b|large language models?",
        "time series": r"time[ -]series|forecasting",
        "recommendation": r"recommend\w+ systems?|ranking",
        "experiments": r"a/b[ -]test\w*|experiment design|causal inference",
        "frameworks": r"pytorch|tensorflow|jax\b|scikit-learn|sklearn",
        "research": r"publications?|papers|state[ -]of[ -]the[ -]art",
    },
    "software": {
        "Python": r"python",
        "C++ or Rust": r"c\+\+|\brust\b",
        "Java or Scala": r"\bjava\b|scala\b",
        "tests": r"unit tests?|testing|\btdd\b",
        "algorithms": r"algorithms?|data structures",
        "APIs": r"rest(ful)? apis?|\bapis?\b|micro-?services?",
        "front end": r"javascript|typescript|react\b|front[ -]?end",
    },
    "data": {
        "SQL": r"\bsql\b|postgres\w*|mysql",
        "pipelines": r"data pipelines?|\betl\b|airflow|\bdbt\b",
        "large data": r"spark\b|hadoop|kafka|big data|distributed systems?",
        "warehouses": r"snowflake|bigquery|redshift|data warehous\w+",
        "data quality": r"data quality|data governance",
    },
    "operations": {
        "containers": r"docker|kubernetes|\bk8s\b",
        "cloud": r"\baws\b|\bgcp\b|azure|cloud",
        "deployment": r"ml[ -]?ops|deploy\w*|ci/cd|terraform",
        "monitoring": r"monitoring|observability|on[ -]call",
    },
    "product": {
        "product sense": r"product sense|road ?maps?|prioriti[sz]\w+",
        "communication": r"communicat\w+|present\w* to|stakeholders?",
        "leadership": r"mentor\w*|lead(ing)? (a )?teams?|leadership",
        "dashboards": r"dashboards?|tableau|power ?bi|looker",
    },
}
SKILLS = tuple(Skill(name, family, pattern) for family, named in FAMILIES.items() for name, pattern in named.items())
NICE = re.compile(r"nice[ -]to[ -]have|bonus|a plus\b|preferred|preferably|ideally|advantage|desirable|optional", re.IGNORECASE)
MUST = re.compile(r"must[ -]have|\bmust\b|required|requirements?|you have|you bring|essential|need to|minimum", re.IGNORECASE)
HEADING = re.compile(r"^\s*(#+\s*|\*\*)?[^.!?]{1,60}(:|\*\*)?\s*$")
ITEM = re.compile(r"^\s*([-*•–]|\d+[.)])\s+")
SENTENCE_ENDS = re.compile(r"(?<=[.!?;])\s+(?=[A-Z])")
YEARS = re.compile(r"(\d{1,2})\s*\+?\s*(?:years?|yrs)", re.IGNORECASE)
DEGREE = re.compile(
    r"\b(ph\.?d|doctorate|master'?s|msc|bachelor'?s|bsc|university degree|top[ -](tier )?universit\w+)\b", re.IGNORECASE
)
OR_THE_LIKE = re.compile(r"\bor\b|equivalent", re.IGNORECASE)
SHOUTING = re.compile(r"\b(rock ?stars?|ninjas?|gurus?|wizards?|unicorns?|10x)\b", re.IGNORECASE)
BLANKET = re.compile(r"\bdata scientists?\b", re.IGNORECASE)
FIELD = re.compile(r"(machine|deep|reinforcement|representation) learning", re.IGNORECASE)
LEARNING = re.compile(r"\b(learn\w*|grow\w*|mentor\w*|train(ing)?|curio\w+|eager)\b", re.IGNORECASE)


def read_advert(text: str) -> Reading:
    """Raises ValueError when there is nothing to read, or too much."""
    if not text.strip() or len(text) > LONGEST:
        raise ValueError(f"Paste the advert, of at most {LONGEST:,} characters.")
    wanted = tuple(_wanted(text))
    return Reading(wanted, tuple(_remarks(text, wanted)))


def _wanted(text: str) -> Iterator[Wanted]:
    """Each skill once: a must wins over a wish, the first line that says so counts."""
    found: dict[str, Wanted] = {}
    for number, line, want in _lines(text):
        for skill in SKILLS:
            if re.search(skill.pattern, line, re.IGNORECASE):
                known = found.get(skill.name)
                if known is None or (known.want is Want.nice and want is Want.must):
                    found[skill.name] = Wanted(skill.name, want, number)
    yield from sorted(found.values(), key=lambda each: each.line)


def _lines(text: str) -> Iterator[tuple[int, str, Want]]:
    """A heading speaks for the lines below it; a sentence that says so itself speaks for itself."""
    under = Want.must
    for number, line in _sentences(text):
        own = Want.nice if NICE.search(line) else Want.must if MUST.search(line) else None
        if own is not None and HEADING.match(line) and not ITEM.match(line):
            under = own
        yield number, line, own or under


def _sentences(text: str) -> Iterator[tuple[int, str]]:
    """Each with the number of its line."""
    for number, line in enumerate(text.splitlines(), 1):
        for sentence in SENTENCE_ENDS.split(line):
            if sentence.strip():
                yield number, sentence


def _remarks(text: str, wanted: tuple[Wanted, ...]) -> Iterator[Remark]:
    musts = [each.skill for each in wanted if each.want is Want.must]
    families = sorted({skill.family for skill in SKILLS if skill.name in musts})
    if not musts:
        yield Remark(
            "no-must-have",
            "Nothing is marked as needed. Say which two or three things somebody must bring: only these can become floors.",
        )
    if len(musts) >= MANY_SKILLS:
        yield Remark(
            "kitchen-sink",
            f"{len(musts)} things are musts. Hardly anybody has them all, and good people who lack one do not write. Keep what "
            "the first half-year needs; move the rest to nice-to-have, or leave it to learning.",
        )
    if len(families) >= MANY_FAMILIES and len(musts) >= SEVERAL:
        yield Remark(
            "several-jobs",
            f"The musts come from {len(families)} trades ({', '.join(families)}). That is more than one job: say which one this "
            "is, and who does the others.",
        )
    for number, line, want in _lines(text):
        yield from _line_remarks(number, line, want)
    if not LEARNING.search(FIELD.sub("", text)):
        yield Remark(
            "no-learning",
            "Nothing is said about learning. What can somebody learn with you, and what do they not have to know yet?",
        )


def _line_remarks(number: int, line: str, want: Want) -> Iterator[Remark]:
    if BLANKET.search(line) and number <= 3:
        yield Remark(
            "blanket-title",
            "Data scientist is a name for several kinds of work. Say which: analytics, engineering, research, data or product.",
            number,
        )
    years = max(map(int, YEARS.findall(line)), default=0)
    if years >= 3:
        yield Remark("years", f"{years} years measure time, not skill. Ask for what they should have done instead.", number)
    if DEGREE.search(line) and want is Want.must and not OR_THE_LIKE.search(line):
        yield Remark(
            "degree",
            "A degree as a must leaves out people who learned it elsewhere. Reviewers do not see degrees; ask for the skill.",
            number,
        )
    shouting = SHOUTING.search(line)
    if shouting is not None:
        yield Remark("shouting", f"{shouting[0]!r} says nothing about the work and puts many people off.", number)
