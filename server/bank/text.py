"""One plain form for texts and questions: what is searched and what is searched for are folded the same way."""

import unicodedata

MOST_WORDS = 8


def fold(text: str) -> str:
    """Small letters without accents; hyphens and other signs become spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = (letter for letter in plain if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() or letter in "+#" else " " for letter in kept).split())


def words_of(question: str) -> list[str]:
    return fold(question).split()[:MOST_WORDS]
