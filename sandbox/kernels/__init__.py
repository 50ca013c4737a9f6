"""Kernels that a person works in: borrowed from a pool, run cell by cell, and read without trust in what they send."""
