"""`touchstone exercises`: checked, begun, and taken over from other systems."""
