"""Names by which an imported exercise and the notebooks handed in for it find each other."""

MARK = "-mark"


def marked_cell(answer_cell: str) -> str:
    """The question that holds a person's mark for the code of an answer cell."""
    return f"{answer_cell}{MARK}"
