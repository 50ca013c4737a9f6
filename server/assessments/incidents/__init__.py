"""An exercise turns out to be broken: out of use, graded again, and whoever was decided about is told."""
