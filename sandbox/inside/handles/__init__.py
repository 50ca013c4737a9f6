"""What the judge holds of the notebook's objects, how it asks them, and what can go wrong."""
