"""The log of a team, read in words and exported; server/audit keeps it."""
