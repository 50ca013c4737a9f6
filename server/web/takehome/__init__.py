"""Pages of a candidate: the invitation, the sitting, and what comes after it."""
