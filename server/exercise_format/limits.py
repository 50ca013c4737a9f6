"""Sizes beyond which a notebook is refused before it is looked at; far above any real exercise."""

NOTEBOOK_BYTES = 10_000_000
CELLS = 400
CELL_CHARACTERS = 200_000
FRONT_MATTER_CHARACTERS = 20_000
FRONT_MATTER_DEPTH = 8
OPTION_CHARACTERS = 2_000
FILE_BYTES = 1_000_000
