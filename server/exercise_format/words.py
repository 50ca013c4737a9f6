"""The one list of every word of the exercise format: tags, options, front matter keys, values and linter codes.

The reader, the linter and docs/exercise-format.md all follow it; a test keeps the page equal to it.
"""

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning"]

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


@dataclass(frozen=True, slots=True)
class Bound:
    """A limit that an exercise may set: the values that it can take, and what holds without it."""

    name: str
    least: int
    most: int
    usual: str
    help: str


@dataclass(frozen=True, slots=True)
class Code:
    """A linter code: what is found, and whether it keeps an exercise from being published."""

    name: str
    severity: Severity
    help: str


_CHECK_OPTIONS = (("name", "points", "message"), ("needs", "seconds"))
QUESTION_OPTIONS = ("name", "type", "points")

TAGS = (
    Tag("answer", "code", ("name",), ("gives", "objects"), "The person writes here. What lies between `### BEGIN SOLUTION` and "
        "`### END SOLUTION` is the reference; the rest is the stub. Without these lines the cell is a faulty starter."),
    Tag("setup", "code", (), ("for", "gives", "name"), "Given code, locked; runs in the candidate's kernel and in the judge. "
        "With `for: checks` it runs in the judge only and is never copied; with `for: notebook`, because it needs what answers "
        "make, in the candidate's kernel only."),
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
    Word("for", "What the cell belongs to: answers, questions; of a setup `checks` or `notebook`, where alone it runs."),
    Word("free", "`2-3, 5-6`: pairs of positions in the right order whose order does not matter."),
    Word("gives", "Names that the cell makes and the checks may use; an answer's own name when left out."),
    Word("into", "What the edit puts in place of its text. `\\n` is a line break."),
    Word("keep", "`true`: the answer is kept in the person's dossier."),
    Word("level", "Place of a hint, from 1."),
    Word("lines", "The faulty lines, from 1, counted in the cell as shown."),
    Word("mark", "3 or 5: the mark that a model answer would get."),
    Word("marks", "`self`, `grader` or both: who marks with this rubric."),
    Word("message", "What is wrong when the check fails, in one sentence for the learner."),
    Word("name", "Name of the thing; checks, answers and questions share one list of names."),
    Word("needs", "Checks (of a check) or a question (of a question) that must be right first; else it is blocked."),
    Word(
        "objects",
        "Names of `gives` that are objects, or give objects back when they are called (a fitted model): checks may "
        "ask these for attributes, items and lengths. Classes of the solution are such names by themselves.",
    ),
    Word("of", "Name of the setup or answer cell whose lines the question shows."),
    Word("planted", "`true`: the starter holds this fault; all planted edits of the repair give the starter."),
    Word("points", "Points, more than 0; a check that another one `needs` may have 0."),
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
    Key("limits", False, "What the code may take, where it differs from the usual: names and values of the limits below."),
    Key("environment", False, "Name of the environment that the code runs in, if it is not `base`."),
    Key("bans", False, "Syntax words or dotted names that an answer may not use, such as `for` or `numpy.linalg.inv`."),
    Key("use", False, "practice, assessment or both."),
    Key("exposure", False, "public or private."),
    Key("follow_ups", False, "1 to 3 changes of the task that an interviewer may ask for."),
    Key("hidden_policy", False, "What a learner sees of a failed hidden check: name, message or why (the default)."),
)

LIMITS = (
    Bound("cell_seconds", 1, 600, "60, take-homes 300", "Time of one cell."),
    Bound("session_minutes", 5, 1440, "240", "Life of a kernel."),
    Bound("cpu_seconds", 10, 36_000, "3600", "Computing time of all that a kernel runs."),
    Bound("memory_mb", 64, 16_384, "1024", "Memory of all that a kernel runs, above the warm interpreter."),
    Bound("processes", 8, 512, "64", "Processes and threads together."),
    Bound("open_files", 32, 1024, "256", "Open files of one process."),
    Bound("file_mb", 1, 4096, "64", "The largest single file."),
    Bound("disk_mb", 8, 4096, "64", "All files together; they are kept in memory."),
    Bound("output_kb", 16, 4096, "1024", "Text that one cell may print."),
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

CODES = (
    Code("not-a-notebook", "error", "The file cannot be read as a notebook of format 4.5."),
    Code("cell-shape", "error", "A cell is no proper cell, or is too large."),
    Code("cell-id", "error", "A cell has no usable id, or shares one."),
    Code("outputs", "error", "A cell holds outputs or an execution count."),
    Code("front-matter", "error", "The first cell holds no readable front matter."),
    Code("front-matter-key", "error", "A key of the front matter is unknown."),
    Code("front-matter-missing", "error", "A required key of the front matter is missing."),
    Code("front-matter-value", "error", "A value of the front matter is not allowed."),
    Code("slug-name", "error", "The slug differs from the name of the file."),
    Code("kind-folder", "error", "The kind differs from the folder of the file."),
    Code("tag-unknown", "error", "A tag is unknown."),
    Code("tag-several", "error", "A cell has several roles."),
    Code("tag-missing", "error", "A code or raw cell has no role."),
    Code("tag-cell", "error", "A role stands on the wrong type of cell."),
    Code("option-unknown", "error", "A cell has an option that its role does not know."),
    Code("option-missing", "error", "A required option is missing or empty."),
    Code("option-repeated", "error", "An option stands twice in a cell."),
    Code("option-shape", "error", "A line looks like an option and is none."),
    Code("option-place", "error", "An option line stands below other lines."),
    Code("option-value", "error", "The value of an option is not allowed."),
    Code("question-type", "error", "The type of a question is unknown."),
    Code("question-shape", "error", "The text of a question does not fit its type."),
    Code("solution-markers", "error", "Solution markers are unpaired or misspelt."),
    Code("rubric-shape", "error", "A rubric is no table with the columns line, 1, 3, 5."),
    Code("mistake-shape", "error", "A mistake has no way, or several ways, of being made."),
    Code("for-missing", "error", "A solution or mistake does not say which of several answers it is for."),
    Code("variant-several", "error", "There is more than one variant cell."),
    Code("name-twice", "error", "Two things have the same name."),
    Code("dangling-name", "error", "A name points to nothing."),
    Code("needs-order", "error", "Something needs what stands below it."),
    Code("points", "error", "Points are missing, or nothing earns points."),
    Code("syntax", "error", "A code cell does not parse."),
    Code("stub-syntax", "error", "What stays of an answer without its solution does not parse."),
    Code("stub-solved", "error", "The stub is the whole solution."),
    Code("solution-missing", "error", "An answer has neither a marked solution nor a solution cell."),
    Code("gives-missing", "error", "The solution does not define a name that the checks may use."),
    Code("cannot-cross", "error", "A check asks for something that no name of the notebook can give across the wall."),
    Code("form-content", "error", "The notebook lacks what its form is graded by."),
    Code("no-assert", "error", "A check asserts nothing and awards nothing."),
    Code("forbidden-call", "error", "Code sleeps, reads a clock, uses the network, starts programs or looks at printed text."),
    Code("runs-data", "error", "Code of the judge runs code that data can bring: pickle, eval and their like."),
    Code("global-random", "error", "Code uses the global random state."),
    Code("needs-import", "error", "A library is imported that `needs` does not name."),
    Code("checks-import", "error", "The checks library is imported in a wrong way or place, or lacks what is imported."),
    Code("variant-shape", "error", "The variant cell does not define `variant(seed)`, or imports more than it may."),
    Code("hidden-text", "error", "The text of a failed hidden check could show a value of the candidate's."),
    Code("reported-share", "error", "More than a tenth of the points rest on what only the submission can report."),
    Code("edit-match", "error", "The text of an edit does not occur exactly once."),
    Code("planted-faults", "error", "The starter is not the repair with all planted faults."),
    Code("mistake-count", "error", "There are too few known mistakes for the form."),
    Code("unproven-check", "error", "No known mistake fails this check."),
    Code("choice-count", "error", "A question has too few or too many options."),
    Code("choice-right", "error", "A question has the wrong number of right options."),
    Code("choice-reason", "error", "An option, row or line has no reason."),
    Code("choice-all", "error", "An option is “all of the above” or the like."),
    Code("choice-negative", "error", "A negative word in a question is not emphasised."),
    Code("choice-absolute", "warning", "Absolute words stand in wrong options only."),
    Code("choice-length", "error", "The right option is much the longest."),
    Code("match-shape", "error", "A match has too few choices or rows, or one choice for all rows."),
    Code("order-pairs", "error", "An order requires fewer than 5 pairs."),
    Code("number-tolerance", "error", "A number has a tolerance that is too small or too large for its key."),
    Code("expression-names", "error", "An expression uses unknown names or cannot be read."),
    Code("flaw-lines", "error", "A faulty line is empty, or no line is faulty."),
    Code("forecast-values", "error", "A forecast has no variant that gives its prior and truth."),
    Code("rubric-missing", "error", "A short question has no rubric."),
    Code("rubric-lines", "error", "A rubric has fewer than 3 or more than 7 lines."),
    Code("rubric-words", "error", "An anchor judges instead of saying what the answer does."),
    Code("model-missing", "warning", "A question that the person marks has no model answers for 3 and 5."),
    Code("text-missing", "error", "The notebook has no task text."),
    Code("hint-count", "error", "There are fewer than 2 hints."),
    Code("hint-length", "warning", "A hint has more than 60 words."),
    Code("explanation-missing", "error", "There is no explanation."),
    Code("explanation-length", "warning", "The explanations have fewer than 80 words."),
    Code("statement-length", "warning", "The task text is longer than its kind should need."),
    Code("placeholder", "error", "A placeholder stands in a notebook without a variant, or where it is not filled in."),
    Code("leak", "error", "A line of the solution stands in the candidate's copy."),
    Code("data-file", "error", "A data file is missing, too large, not listed or not the listed one."),
)

TAG_OPTIONS = {tag.name: tag.options for tag in TAGS}
