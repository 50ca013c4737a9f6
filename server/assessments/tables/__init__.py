"""Rows of all folders here, which read each other's; each is looked up through its team."""
