"""The role that holds the checks and runs them, and never a candidate's code."""
