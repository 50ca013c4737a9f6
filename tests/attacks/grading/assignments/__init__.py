"""Three exercises that the forging notebooks are tried on: arrays, tables, and an estimator with held-out labels."""
