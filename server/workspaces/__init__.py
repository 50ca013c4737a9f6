"""One person's working copy of an exercise, with its kernel."""
