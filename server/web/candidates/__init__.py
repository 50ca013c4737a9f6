"""Pages for people who work on exercises."""
