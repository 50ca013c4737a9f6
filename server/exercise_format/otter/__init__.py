"""Reads notebooks of otter-assign."""
