"""The nine types of question, as read from a notebook; texts are raw Markdown, answers are still names or expressions."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    right: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Row:
    text: str
    choice: str
    reason: str


@dataclass(frozen=True, slots=True)
class KnownWrong:
    """A wrong answer that people give, and the sentence that helps them: a value, an expression or a line number."""

    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Item:
    """An item of an order (key is its position, from 1) or of a forecast (key names the variant's values)."""

    key: str
    text: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    cell: str
    name: str
    points: float
    prompt: str
    needs: str = ""

    @property
    def type(self) -> str:
        return TYPE_OF[type(self)]

    @property
    def answer_cell(self) -> str:
        """Id of the cell in the candidate's notebook that holds the answer text."""
        return f"{self.cell}-answer"

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Question):
    options: tuple[Option, ...]
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MultipleChoice(Choice):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiSelect(Choice):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Match(Question):
    choices: tuple[str, ...]
    rows: tuple[Row, ...]
    shuffle: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Number(Question):
    answer: str
    rtol: float = 0.0
    atol: float = 0.0
    unit: str = ""
    follow: str = ""
    builds_on: tuple["Number | Expression", ...] = ()  # the questions above whose answers `follow` uses
    known_wrong: tuple[KnownWrong, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression(Question):
    answer: str
    domain: tuple[tuple[str, float, float], ...]
    rtol: float = 1e-8
    follow: str = ""
    builds_on: tuple["Number | Expression", ...] = ()
    known_wrong: tuple[KnownWrong, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order(Question):
    items: tuple[Item, ...]
    free: frozenset[tuple[int, int]] = frozenset()  # pairs of positions from 1, smaller first

    def required_pairs(self) -> tuple[tuple[int, int], ...]:
        """Pairs of item indices from 0 whose order counts."""
        count = len(self.items)
        pairs = ((i, j) for i in range(count) for j in range(i + 1, count))
        return tuple((i, j) for i, j in pairs if (i + 1, j + 1) not in self.free)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw(Question):
    of: str
    code: str  # the code as shown, options stripped; line numbers count from 1 in it
    lines: frozenset[int]
    known_wrong: tuple[KnownWrong, ...] = ()

    def countable_lines(self) -> frozenset[int]:
        return frozenset(number for number, line in enumerate(self.code.split("\n"), 1) if line.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast(Question):
    ask: str  # probability or quantiles
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Short(Question):
    words: tuple[int, int] = field(default=(30, 200))
    keep: bool = False


TYPE_OF: dict[type[Question], str] = {
    MultipleChoice: "multiple-choice",
    MultiSelect: "multi-select",
    Match: "match",
    Number: "number",
    Expression: "expression",
    Order: "order",
    Flaw: "flaw",
    Forecast: "forecast",
    Short: "short",
}
