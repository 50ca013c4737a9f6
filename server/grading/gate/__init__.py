"""Before publishing: an exercise is tried against everything that it promises."""
