"""Runs code we do not trust. Knows no exercise, no person and no web framework."""
