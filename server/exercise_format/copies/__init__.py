"""Notebooks made out of an exercise: the candidate's, and those that the gate hands in."""
