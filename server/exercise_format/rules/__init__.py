"""Rules of the linter: each file holds functions that take an exercise and yield what is wrong with it."""
