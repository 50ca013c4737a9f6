"""The one list of every word of the exercise format: tags, options, front matter keys, values and linter codes.

The reader, the linter and docs/exercise-format.md all follow it; a test keeps the page equal to it.
"""

from dataclasses import dataclass

FORMAT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Word:
    name: str
    help: str


@dataclass(frozen=True, slots=True)
class Tag:
    """A role of a cell; `required` and `optional` name its options."""

    name: str
    cell: str  # code or markdown
    required: tuple[str, ...]
    optional: tuple[str, ...]
    help: str

    @property
    def options(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class QuestionType:
    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...]
    help: str

    @property
    def options(self) -> tuple[str, ...]:
        return self.required + self.optional


@dataclass(frozen=True, slots=True)
class Key:
    """A key of the front matter."""

    name: str
    required: bool
    help: str


_CHECK_OPTIONS = (("name", "points", "message"), ("needs", "seconds"))
QUESTION_OPTIONS = ("name", "type", "points")

TAGS = (
    Tag("answer", "code", ("name",), ("gives",), "The person writes here. What lies between `### BEGIN SOLUTION` and "
        "`### END SOLUTION` is the reference; the rest is the stub. Without these lines the cell is a faulty starter."),
    Tag("setup", "code", (), ("for", "name"), "Given code, locked; runs in the candidate's kernel and in the judge. "
        "With `for: checks` it runs in the judge only and is never copied."),
    Tag("check", "code", *_CHECK_OPTIONS, "Visible check: assert statements that the judge runs."),
    Tag("hidden-check", "code", *_CHECK_OPTIONS, "A check whose code and inputs no candidate sees."),
    Tag("hint", "markdown", (), ("for", "level"), "Shown one by one, lowest level first."),
    Tag("explanation", "markdown", (), ("sources",), "Shown after solving or giving up."),
    Tag("solution", "code", (), ("name", "for"), "An alternative that must pass; in the form fix, the repair."),
    Tag("mistake", "code", ("name", "fails", "says"), ("edit", "into", "base", "for", "planted", "answers"),
        "A known-wrong answer: a whole body, one edit of the solution, or answers to questions."),
    Tag("question", "markdown", QUESTION_OPTIONS, ("needs", "answer", "rtol", "atol", "unit", "follow", "domain", "shuffle",
        "choices", "free", "of", "lines", "ask", "words", "keep"), "A question; its grammar depends on the type."),
    Tag("rubric", "markdown", ("for",), ("marks",), "A table with the columns line, 1, 3 and 5, for a person's mark."),
    Tag("model", "markdown", ("for", "mark"), (), "A model answer, shown after the person marked their own."),
    Tag("variant", "code", ("seeds",), (), "Defines `variant(seed)`, which gives the values of one variant."),
)  # fmt: skip

OPTIONS = (
    Word("answer", "The right answer: a value of the variant, a literal or an expression."),
    Word("answers", "`question=expression; ...`: what a mistake answers; questions left out are answered right."),
    Word("ask", "`probability` or `quantiles`: what a forecast asks for."),
    Word("atol", "Absolute tolerance of a number."),
    Word("base", "`answer`: the edit starts from the stub or starter, not from the solution."),
    Word("choices", "The choices of a match, separated by commas, or by `|` when a choice holds a comma."),
    Word("domain", "`x in (-3, 3), n in (1, 9)`: the names of an expression and where they are tried."),
    Word("edit", "Text of the solution that the mistake replaces; it must occur exactly once. `\\n` is a line break."),
    Word("fails", "The checks and questions that this mistake fails, no more and no fewer, separated by commas."),
    Word("follow", "An expression over earlier answers and values of the variant that earns the points too."),
    Word("for", "What the cell belongs to: answers, questions, or `checks` for a setup that only the judge runs."),
    Word("free", "`2-3, 5-6`: pairs of positions in the right order whose order does not matter."),
    Word("gives", "Names that the answer makes and the checks may use; the answer's own name when left out."),
    Word("into", "What the edit puts in place of its text. `\\n` is a line break."),
    Word("keep", "`true`: the answer is kept in the person's dossier."),
    Word("level", "Place of a hint, from 1."),
    Word("lines", "The faulty lines, from 1, counted in the cell as shown."),
    Word("mark", "3 or 5: the mark that a model answer would get."),
    Word("marks", "`self`, `grader` or both: who marks with this rubric."),
    Word("message", "What is wrong when the check fails, in one sentence for the learner."),
    Word("name", "Name of the thing; checks, answers and questions share one list of names."),
    Word("needs", "Checks (of a check) or a question (of a question) that must be right first; else it is blocked."),
    Word("of", "Name of the setup or answer cell whose lines the question shows."),
    Word("planted", "`true`: the starter holds this fault; all planted edits of the repair give the starter."),
    Word("points", "Points, more than 0."),
    Word("rtol", "Relative tolerance; 0.005 for numbers and 1e-8 for expressions when left out."),
    Word("says", "Text that the learner must read when this mistake is made."),
    Word("seconds", "Time limit of a check, up to 60; 10 when left out."),
    Word("seeds", "How many variants there are, at least 50; the gate tries them all."),
    Word("shuffle", "`false`: options are shown in the author's order."),
    Word("sources", "Where an explanation comes from."),
    Word("type", "Type of a question."),
    Word("unit", "Unit shown behind the field of a number."),
    Word("words", "`60-150`: fewest and most words of a short answer."),
)

QUESTION_TYPES = (
    QuestionType("multiple-choice", (), ("needs", "shuffle"), "A task list with one `[x]` among 4 or 5 options."),
    QuestionType("multi-select", (), ("needs", "shuffle"), "A task list with 2 to 5 `[x]` among 5 to 8; wrong ticks cost."),
    QuestionType("match", ("choices",), ("needs", "shuffle"), "Rows `- text => choice`."),
    QuestionType("number", ("answer",), ("needs", "rtol", "atol", "unit", "follow"), "One number, compared with a tolerance."),
    QuestionType("expression", ("answer", "domain"), ("needs", "rtol", "follow"), "A formula, compared at 20 random points."),
    QuestionType("order", (), ("needs", "free"), "A numbered list in the right order, shown shuffled."),
    QuestionType("flaw", ("of", "lines"), ("needs",), "Line numbers of shown code, scored by F1."),
    QuestionType("forecast", ("ask",), ("needs",), "A probability or three quantiles per item, scored from prior to truth."),
    QuestionType("short", ("words",), ("needs", "keep"), "Some sentences, marked by a person on a rubric."),
)

FRONT_MATTER = (
    Key("format", True, "Version of this format: 1."),
    Key("slug", True, "Name in addresses and of the file: 4 to 60 of a-z, 0-9 and `-`; never used again for something else."),
    Key("version", True, "A whole number from 1, raised with any change that can alter a score."),
    Key("title", True, "At most 60 characters; it does not give the fault away."),
    Key("summary", True, "One sentence of at most 140 characters."),
    Key("kind", True, "What is assessed: one of the kinds below, and the folder of the file."),
    Key("form", True, "How most points are graded: one of the forms below."),
    Key("topics", True, "1 to 3 of the topics below, the main one first."),
    Key("roles", True, "1 to 6 of the roles below."),
    Key("level", True, "1 foundation, 2 working, 3 advanced."),
    Key("minutes", True, "Time for a person of that level, 5 to 180."),
    Key("objectives", True, "1 to 4 verb phrases."),
    Key("prerequisites", True, "0 to 5 phrases or slugs."),
    Key("needs", True, "Libraries used, out of the list below; may be empty."),
    Key("licence", True, "Licence of the texts, CC-BY-4.0 in this bank."),
    Key("authors", True, "Names."),
    Key("reviewed", True, "Date of the last review."),
    Key("review_due", True, "Date of the next review, at most 12 months after the last."),
    Key("axes", False, "Weights of ml, software and communication, with the sum 1."),
    Key("out_of_scope", False, "Phrases: what a good answer need not do."),
    Key("data", False, "`generated`, or a list of files with name, sha256, source and licence; at most 1 MB each."),
    Key("limits", False, "cpu_seconds (10), memory_mb (1024), output_kb (64)."),
    Key("bans", False, "Syntax words or dotted names that an answer may not use, such as `for` or `numpy.linalg.inv`."),
    Key("use", False, "practice, assessment or both."),
    Key("exposure", False, "public or private."),
    Key("follow_ups", False, "1 to 3 changes of the task that an interviewer may ask for."),
    Key("hidden_policy", False, "What a learner sees of a failed hidden check: name, message or why (the default)."),
)

KINDS = (
    Word("culture", "Background and culture fit"),
    Word("coding", "Whiteboard coding"),
    Word("debugging", "Debugging of machine-learning code"),
    Word("maths", "Maths puzzles"),
    Word("takehome", "Take-home projects"),
    Word("applied", "Applied machine learning"),
    Word("projects", "Previous projects"),
    Word("theory", "Machine-learning theory"),
)

FORMS = (
    Word("code", "A function or class; the sum of the check points."),
    Word("fix", "Repaired code; one check per fault and regression checks."),
    Word("flaw", "Line numbers, and a fix or a number."),
    Word("tests", "A test function: 0 if it rejects the right implementation, else the share of wrong ones rejected."),
    Word("sql", "One query, run on seeded databases."),
    Word("metric", "Predictions by row id, scored between the baseline and the reference."),
    Word("num", "One to five numbers."),
    Word("steps", "Numbers or expressions in order, with errors carried forward."),
    Word("mc", "One option and one reason."),
    Word("ms", "Ticks."),
    Word("order", "A permutation."),
    Word("forecast", "Probabilities or quantiles."),
    Word("short", "30 to 200 words on a rubric of 3 to 5 lines."),
    Word("rubric", "A long text on a rubric of 4 to 7 lines."),
)

TOPICS = (
    Word("python", "programming"),
    Word("algorithms", "programming"),
    Word("arrays", "programming"),
    Word("dataframes", "programming"),
    Word("sql", "programming"),
    Word("testing", "programming"),
    Word("efficiency", "programming"),
    Word("probability", "mathematics"),
    Word("statistics", "mathematics"),
    Word("linear-algebra", "mathematics"),
    Word("calculus", "mathematics"),
    Word("optimisation", "mathematics"),
    Word("bayesian", "mathematics"),
    Word("linear-models", "classical ML"),
    Word("trees", "classical ML"),
    Word("neighbours-kernels", "classical ML"),
    Word("clustering", "classical ML"),
    Word("dimensionality", "classical ML"),
    Word("anomaly", "classical ML"),
    Word("neural-nets", "deep learning"),
    Word("vision", "deep learning"),
    Word("language", "deep learning"),
    Word("reinforcement", "deep learning"),
    Word("preprocessing", "data and evaluation"),
    Word("leakage", "data and evaluation"),
    Word("metrics", "data and evaluation"),
    Word("calibration", "data and evaluation"),
    Word("interpretability", "data and evaluation"),
    Word("data-quality", "data and evaluation"),
    Word("time-series", "prediction in time and choice"),
    Word("ranking", "prediction in time and choice"),
    Word("experiments", "prediction in time and choice"),
    Word("causal", "prediction in time and choice"),
    Word("data-pipelines", "production"),
    Word("serving", "production"),
    Word("monitoring", "production"),
    Word("system-design", "production"),
    Word("framing", "people and product"),
    Word("planning", "people and product"),
    Word("communication", "people and product"),
    Word("teamwork", "people and product"),
    Word("fairness", "people and product"),
)

ROLES = (
    Word("ml_product_manager", "ML product manager"),
    Word("devops_engineer", "DevOps engineer"),
    Word("data_engineer", "Data engineer"),
    Word("ml_engineer", "ML engineer"),
    Word("ml_researcher", "ML researcher"),
    Word("data_scientist", "Data scientist"),
)

LIBRARIES = ("numpy", "pandas", "scipy", "scikit-learn", "matplotlib", "sqlite", "duckdb", "torch")
USES = ("practice", "assessment", "both")
EXPOSURES = ("public", "private")
HIDDEN_POLICIES = ("name", "message", "why")

TAG_OPTIONS = {tag.name: tag.options for tag in TAGS}
