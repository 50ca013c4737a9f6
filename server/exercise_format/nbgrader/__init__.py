"""Reads notebooks of nbgrader."""
