"""Who did what, for those who must be able to look it up."""
