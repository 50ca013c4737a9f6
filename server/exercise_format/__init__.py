"""Pure: what an exercise is, read from a notebook."""
