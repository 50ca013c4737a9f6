"""Submissions, trusted grading and results."""
