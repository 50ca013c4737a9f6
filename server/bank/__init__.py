"""The exercises that are published here, found by filter and search."""
