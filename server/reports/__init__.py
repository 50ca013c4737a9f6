"""The report that belongs to a candidate: written, signed, verified."""
