"""People, their sessions and their one-time links."""
