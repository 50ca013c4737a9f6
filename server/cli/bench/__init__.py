"""`touchstone bench`: what is measured, on sites of its own, and told as JSON."""
