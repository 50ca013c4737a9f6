"""Grade again: proposed, tried, compared, applied or withdrawn."""
