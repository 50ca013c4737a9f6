"""An exercise, read from a notebook: frozen data and small pure questions about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from server.exercise_format.author_code.syntax import defined_classes
from server.exercise_format.question import Question, Short


@dataclass(frozen=True, slots=True)
class DataFile:
    name: str
    sha256: str
    source: str
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    slug: str
    version: int
    title: str
    summary: str
    kind: str
    form: str
    topics: tuple[str, ...]
    roles: tuple[str, ...]
    level: int
    minutes: int
    objectives: tuple[str, ...]
    prerequisites: tuple[str, ...]
    needs: tuple[str, ...]
    licence: str
    authors: tuple[str, ...]
    reviewed: date
    review_due: date
    axes: Mapping[str, float] = field(default_factory=dict)
    out_of_scope: tuple[str, ...] = ()
    data: tuple[DataFile, ...] = ()  # empty: generated
    limits: Mapping[str, int] = field(default_factory=dict)  # those that differ from the usual ones
    environment: str = "base"
    bans: tuple[str, ...] = ()
    use: str = "practice"
    exposure: str = "public"
    follow_ups: tuple[str, ...] = ()
    hidden_policy: str = "why"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it stands in the author's notebook; `body` is the source without its option lines."""

    id: str
    type: str  # code or markdown
    role: str  # a tag, or text
    options: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Answer:
    cell: str
    name: str
    gives: tuple[str, ...]
    stub: str  # what the candidate gets
    marked_solution: str | None  # the whole cell with the marked solution in place; None when a solution cell holds it
    objects: tuple[str, ...] = ()  # those of `gives` that are objects, or give objects back when they are called


@dataclass(frozen=True, slots=True)
class Setup:
    cell: str
    name: str
    source: str
    judge_only: bool
    notebook_only: bool = False  # it needs what answers make, so it cannot run in the judge
    gives: tuple[str, ...] = ()  # names that it makes out of answers, for the checks


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    cell: str
    name: str
    points: float
    message: str
    hidden: bool
    source: str
    needs: tuple[str, ...] = ()
    seconds: float = 10.0

    @property
    def title(self) -> str:
        return self.name.replace("-", " ").replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Hint:
    cell: str
    level: int
    text: str
    about: str = ""  # the answer or question it helps with


@dataclass(frozen=True, slots=True)
class Explanation:
    cell: str
    text: str
    sources: str = ""


@dataclass(frozen=True, slots=True)
class Solution:
    cell: str
    name: str
    answers: tuple[str, ...]  # the answers that it replaces; the body goes into the first one
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    cell: str
    name: str
    fails: tuple[str, ...]
    says: str
    answer: str = ""  # the answer cell that it replaces; empty when it only answers questions
    body: str = ""
    edit: str = ""
    into: str = ""
    from_stub: bool = False
    planted: bool = False
    answers: tuple[tuple[str, str], ...] = ()  # (question, expression or text)


@dataclass(frozen=True, slots=True)
class RubricLine:
    line: str
    anchors: Mapping[int, str]  # 1, 3, 5


@dataclass(frozen=True, slots=True)
class Rubric:
    cell: str
    questions: tuple[str, ...]
    lines: tuple[RubricLine, ...]
    marks: tuple[str, ...] = ("self",)


@dataclass(frozen=True, slots=True)
class Model:
    cell: str
    questions: tuple[str, ...]
    mark: int
    text: str


@dataclass(frozen=True, slots=True)
class Variant:
    cell: str
    source: str
    seeds: int

    def seed_for(self, seed: int) -> int:
        """The seed that an attempt hands to `variant`: only draws that the gate has tried are ever given out."""
        return seed % self.seeds


@dataclass(frozen=True, slots=True, kw_only=True)
class Exercise:
    front: FrontMatter
    cells: tuple[Cell, ...]  # in the author's order, without the front matter
    setups: tuple[Setup, ...] = ()
    answers: tuple[Answer, ...] = ()
    checks: tuple[Check, ...] = ()
    questions: tuple[Question, ...] = ()
    hints: tuple[Hint, ...] = ()  # by level
    explanations: tuple[Explanation, ...] = ()
    solutions: tuple[Solution, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    rubrics: tuple[Rubric, ...] = ()
    models: tuple[Model, ...] = ()
    variant: Variant | None = None
    public_files: Mapping[str, bytes] = field(default_factory=dict)
    private_files: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def slug(self) -> str:
        return self.front.slug

    def answer(self, name: str) -> Answer | None:
        return next((answer for answer in self.answers if answer.name == name), None)

    def check(self, name: str) -> Check | None:
        return next((check for check in self.checks if check.name == name), None)

    def question(self, name: str) -> Question | None:
        return next((question for question in self.questions if question.name == name), None)

    def rubric_of(self, question: str) -> Rubric | None:
        return next((rubric for rubric in self.rubrics if question in rubric.questions), None)

    def models_of(self, question: str) -> tuple[Model, ...]:
        found = [model for model in self.models if question in model.questions]
        return tuple(sorted(found, key=lambda model: model.mark))

    def remote_names(self) -> tuple[str, ...]:
        """Names that the candidate's notebook makes and the checks may use."""
        gives = [answer.gives for answer in self.answers] + [setup.gives for setup in self.setups]
        return tuple(dict.fromkeys(name for names in gives for name in names))

    def object_names(self) -> frozenset[str]:
        """Those of the remote names whose objects checks may ask for attributes, items and lengths: declared ones, and classes
        of the reference."""
        declared = {name for answer in self.answers for name in answer.objects}
        written = {name for answer in self.answers for name in defined_classes(self.solution_source(answer))}
        return frozenset(self.remote_names()) & (declared | written)

    def stub_of(self, answer: Answer) -> str:
        return answer.stub

    def solution_source(self, answer: Answer) -> str:
        """The reference solution of one answer: between its markers, or the first solution cell written for it."""
        if answer.marked_solution is not None:
            return answer.marked_solution
        written = (solution.source for solution in self.solutions if answer.name in solution.answers[:1])
        return next(written, answer.stub)

    def automatic_points(self) -> float:
        """Points that the machine gives: checks, and questions other than short ones."""
        asked = [question.points for question in self.questions if not isinstance(question, Short)]
        return sum(check.points for check in self.checks) + sum(asked)

    def marked_points(self) -> float:
        """Points that a person gives, on a rubric."""
        return sum(question.points for question in self.questions if isinstance(question, Short))
