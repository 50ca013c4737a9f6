"""Notebooks that try to get points without the right answer, by family; each is tried on every assignment."""
