"""From a notebook's bytes to an exercise, cell by cell, with all that is wrong on the way."""
