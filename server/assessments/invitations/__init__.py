"""Candidates invited to a take-home: one by one or from a list, by mail, in a window of time, under a code."""
